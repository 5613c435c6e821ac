import { downloadFile } from '../maps/download-file.ts'
import { FileActions } from '../maps/file-actions.ts'
import { EMPTY_MAP_BOOK, mapStates } from '../maps/map-book.ts'
import { DEFAULT_LAMP, planTreatment, type TreatmentPlan } from '@wardlight/core/disinfection'
import { DoseReportSchema, type MissionPhase } from '@wardlight/core/fleet'
import type { Order } from '@wardlight/core/vda5050'
import fc from 'fast-check'
import { Value } from 'typebox/value'
import { afterEach, describe, expect, it } from 'vitest'
import { createMemoryFolder, type MemoryFolder } from '../testing/memory-folder.ts'
import { ENTRY, ROOM, SILENT_LOG, uvOrder } from '../testing/robot-bench.ts'
import { createLives, type Lives } from '../testing/robot-lives.ts'
import { InstantActions } from '../uplink/instant-actions.ts'
import { Refusals } from '../uplink/refusals.ts'
import { stateOf } from '../uplink/robot-state.ts'
import { decodeJournal, encodeRecord, FIRST_SUM, lastFields } from './journal-codec.ts'
import { recall, type RobotMemory } from './robot-memory.ts'

/** So much light a kill may cost: a second between two checkpoints, and the step in which it came. */
const MOST_LOST_S = 1.1
const SELF = { robotId: 'wardlight.uv-01', levelIds: new Set(['L1']) }

let cachedPlan: TreatmentPlan | null = null
/** Against so little that the mission is short. */
function shortPlan(): TreatmentPlan {
  cachedPlan ??= planTreatment({
    room: ROOM,
    surfaceSizeM: 1,
    lamp: DEFAULT_LAMP,
    organismId: 'mrsa',
    targetLog: 0.05,
    robot: { radiusM: 0.3, speedMps: 0.6 },
    entry: ENTRY,
  })
  return cachedPlan
}

function shortOrder(overrides: Parameters<typeof uvOrder>[0] = {}): Order {
  const order = uvOrder({ rearmTimeoutS: 300, ...overrides })
  order.nodes[1]!.actions[1]!.actionParameters![1]!.value = structuredClone(shortPlan()) as never
  return order
}

let lives: Lives
afterEach(() => lives.end())

async function taken(options: Parameters<typeof createLives>[0] = {}, order = shortOrder()) {
  lives = createLives(options)
  await lives.pass(1.5)
  expect(lives.life.orders.take(order)).toBeNull()
  await lives.step()
  return lives
}

async function armed(options: Parameters<typeof createLives>[0] = {}, order = shortOrder()) {
  await taken(options, order)
  await unhindered()
  expect(lives.arm()).toBe(true)
  return lives
}

async function lit(seconds: number, order = shortOrder()) {
  await armed({}, order)
  await lives.until(() => lives.hardware.isLit, 60)
  await lives.pass(seconds)
}

const unhindered = () => lives.until(() => lives.isReady, 120)

/** Arms whenever it may be armed, until there is a report. */
async function finish() {
  for (let arming = 0; arming < 5 && lives.report === null; arming += 1) {
    await lives.until(() => lives.isReady || lives.report !== null, 120)
    if (lives.report === null) expect(lives.arm()).toBe(true)
    await lives.until(
      () => lives.report !== null || lives.phase === 'interrupted' || lives.phase === 'awaitingArming',
      600,
    )
  }
  return lives.report!
}

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)
const reportedLitS = () => sum(lives.report!.stops.map(({ deliveredDwellS }) => deliveredDwellS))

function memoryOn(disk: MemoryFolder): RobotMemory {
  const memory = recall(lastFields(decodeJournal(disk.content!).records), SELF)
  if (memory === null || typeof memory === 'string') throw new Error(memory ?? 'nothing is kept')
  return memory
}

/** The state as the fleet would be told it. */
function toldState() {
  const { orders, supervisor, keeper } = lives.life
  return stateOf({
    header: { headerId: 0, timestamp: '', version: '', manufacturer: '', serialNumber: '' },
    levelId: 'L1',
    maps: mapStates(EMPTY_MAP_BOOK, orders.mapIds),
    order: orders.context,
    undelivered: orders.undelivered.map(({ state }) => state),
    isWaitingForBase: false,
    instantActionStates: [],
    supervisor: supervisor.state,
    nowMs: 0,
    pose: null,
    speedMps: 0,
    turnRadPerS: 0,
    battery: null,
    errors: keeper.errors,
    notes: [],
    zoneSets: [],
    zoneRequests: [],
    zoneActionStates: [],
    screenUrl: null,
    tubes: lives.life.lampLife.tubes,
    drivenM: lives.life.odometer.drivenM,
  })
}

describe('a robot whose program is killed and started again', () => {
  it('at any instant of a mission: it is dark, stands and is disarmed; armed anew it ends proven, and no dose counts twice', async () => {
    await armed()
    await lives.until(() => lives.report !== null, 120)
    const { timeline, elapsedS } = lives.report!
    lives.end()
    const steady = Array.from({ length: Math.floor(elapsedS / 5) }, (_, index) => 5 * index)
    // And around every change.
    const changes = timeline.flatMap(({ at }) => [at - 0.05, at, at + 0.05, at + 0.5])
    const killedIn = new Map<MissionPhase, number>()
    for (const atS of [...steady, ...changes]) {
      await taken()
      for (let ms = 50; ms < 1000 * atS && lives.report === null; ms += 50) {
        if (lives.isReady) lives.arm()
        await lives.step()
      }
      if (lives.report === null) {
        const phase = lives.phase!
        killedIn.set(phase, (killedIn.get(phase) ?? 0) + 1)
        await expectSafeReentry(phase)
      }
      lives.end()
    }
    for (const { phase } of timeline.slice(0, -1)) expect(killedIn.get(phase)).toBeGreaterThan(1)
  }, 240_000)

  async function expectSafeReentry(phase: MissionPhase): Promise<void> {
    const before = lives.status().deliveredMjPerCm2
    const litBeforeS = lives.hardware.litS
    await lives.restart()
    expect(lives.hardware.isLit).toBe(false)
    expect(lives.life.supervisor.state.armingStep).toBe('locked')
    expect(lives.arm()).toBe(false)
    await lives.pass(0.3)
    const { x, y } = lives.hardware.pose
    await lives.pass(1)
    expect(lives.hardware.pose).toMatchObject({ x, y })
    expect(lives.status().interlocks.at(-1)).toMatchObject({ kind: 'controller.restarted' })
    if (phase === 'traveling') {
      expect(lives.phase).toBe('traveling')
      lives.life.orders.resume()
    } else expect(lives.phase).toBe('interrupted')
    const after = lives.status().deliveredMjPerCm2
    expect(after.every((dose, index) => dose <= before[index]!)).toBe(true)
    // No light before a person has armed it; where all of it was delivered, none at all.
    await lives.until(() => lives.isReady || lives.report !== null, 120)
    expect(lives.hardware.litS).toBe(litBeforeS)
    const report = await finish()
    expect(report.verdict).toBe('proven')
    expect(Value.Errors(DoseReportSchema, report)).toEqual([])
    const { softwareVersion, tubes, doorGuards } = report.instruments!
    expect(softwareVersion).toMatch(/^\d+\.\d+\.\d+/)
    expect(doorGuards.map(({ doorId }) => doorId)).toEqual(report.room.doors.map(({ id }) => id))
    for (const { hours } of tubes) expect(3600 * hours).toBeGreaterThanOrEqual(report.lampOnS - 10)
    expect(reportedLitS()).toBeLessThanOrEqual(lives.hardware.litS)
    expect(report.lampOnS).toBeLessThanOrEqual(lives.hardware.litS)
    expect(lives.failures).toEqual([])
  }

  it('at every 50 ms of a mission the disk knows all but a second of the light, and never more than there was', async () => {
    await armed()
    let steps = 0
    while (lives.report === null) {
      const { progress, mission } = memoryOn(lives.disk)
      const now = lives.life.orders.mission!.checkpoint().progress
      expect(mission!.missionId).toBe('mission-1')
      expect(progress!.phase).toBe(now.phase)
      progress!.doseMjPerCm2.forEach((dose, index) => {
        expect(dose).toBeLessThanOrEqual(now.doseMjPerCm2[index]!)
      })
      expect(progress!.lampOnS).toBeGreaterThanOrEqual(now.lampOnS - MOST_LOST_S)
      expect(progress!.lampOnS).toBeLessThanOrEqual(lives.hardware.litS)
      expect(progress!.interlocks).toEqual(now.interlocks)
      expect(progress!.arming).toEqual(now.arming)
      await lives.step()
      steps += 1
    }
    expect(steps).toBeGreaterThan(500)
    expect(memoryOn(lives.disk)).toMatchObject({ mission: null, progress: null })
  }, 60_000)

  it('whatever byte the disk was cut at, what is recalled was so before: no dose beyond what was delivered', async () => {
    await lit(6)
    const now = lives.life.orders.mission!.checkpoint().progress
    const { content } = lives.disk
    let missions = 0
    for (let length = 0; length <= content!.length; length += 97) {
      const memory = recall(lastFields(decodeJournal(content!.subarray(0, length)).records), SELF)
      if (typeof memory === 'string') throw new Error(memory)
      if (memory?.progress == null) continue
      missions += 1
      expect(memory.progress.lampOnS).toBeLessThanOrEqual(now.lampOnS)
      memory.progress.doseMjPerCm2.forEach((dose, index) => {
        expect(dose).toBeLessThanOrEqual(now.doseMjPerCm2[index]!)
      })
    }
    expect(missions).toBeGreaterThan(100)
  })

  it('several times in one mission, each time with the last writes lost or not, it counts every dose at most once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            afterS: fc.integer({ min: 0, max: 25 }),
            downS: fc.integer({ min: 0, max: 5 }),
            lostBytes: fc.constantFrom(0, 0, 1, 500, 20_000),
          }),
          { minLength: 1, maxLength: 4 },
        ),
        async (kills) => {
          await taken()
          const lostS: number[] = []
          for (const { afterS, downS, lostBytes } of kills) {
            for (let step = 0; step < 20 * afterS && lives.report === null; step += 1) {
              if (lives.phase === 'traveling') lives.life.orders.resume()
              if (lives.isReady) lives.arm()
              await lives.step()
            }
            if (lives.report !== null) break
            const before = lives.life.orders.mission!.checkpoint().progress
            const { content } = lives.life.folder
            const left = content!.subarray(0, content!.length - lostBytes)
            // A disk that lost all of the mission leaves a robot that knows of none.
            if (recall(lastFields(decodeJournal(left).records), SELF) === null) break
            await lives.restart(downS, createMemoryFolder(left))
            if (lives.life.orders.mission === null) break
            const after = lives.life.orders.mission.checkpoint().progress
            expect(after.lampOnS).toBeLessThanOrEqual(before.lampOnS)
            if (lostBytes === 0) expect(before.lampOnS - after.lampOnS).toBeLessThanOrEqual(MOST_LOST_S)
            lostS.push(before.lampOnS - after.lampOnS)
          }
          if (lives.life.orders.mission !== null) {
            await lives.pass(1)
            if (lives.phase === 'traveling') lives.life.orders.resume()
            const report = await finish()
            expect(report.verdict).toBe('proven')
            expect(report.lampOnS).toBeLessThanOrEqual(lives.hardware.litS + 1e-6)
            // All of the light is in the report but what the kills cost, the lamp's afterglow, and its ignitions.
            const ignitionsS = 0.3 * (report.stops.length + kills.length + 1)
            expect(report.lampOnS).toBeGreaterThan(lives.hardware.litS - sum(lostS) - ignitionsS)
          }
          expect(lives.failures).toEqual([])
          lives.end()
        },
      ),
      { numRuns: 10 },
    )
  }, 240_000)

  it('goes on from the delivered dose: light that is on the disk is not given again', async () => {
    await lit(3)
    await lives.restart(30)
    const kept = lives.life.orders.mission!.checkpoint().progress
    expect(kept.lampOnS).toBeGreaterThan(3 - MOST_LOST_S)
    const report = await finish()
    const plannedS = 1.04 * shortPlan().dwellS
    expect(lives.hardware.litS).toBeLessThan(plannedS + MOST_LOST_S + 0.4 * (report.stops.length + 1))
    expect(report.arming.filter(({ step }) => step === 'started')).toHaveLength(2)
    // The half minute in which nobody was there belongs to the mission.
    expect(report.elapsedS).toBeCloseTo((lives.clock.monotonicMs() - 1500) / 1000, 0)
    expect(report.timeline.map(({ phase }) => phase)).toEqual([
      'traveling',
      'surveying',
      'awaitingArming',
      'exitDelay',
      'dosing',
      'interrupted',
      'surveying',
      'interrupted',
      'exitDelay',
      'dosing',
      'verifying',
      'finished',
    ])
  })

  it('cannot be armed before it has looked at the room anew, and sees then what was brought in meanwhile', async () => {
    await lit(3)
    lives.life.kill()
    lives.hardware.things = [
      [
        { x: 2, y: 1.9 },
        { x: 2.9, y: 1.9 },
        { x: 2.9, y: 2.6 },
        { x: 2, y: 2.6 },
      ],
    ]
    await lives.restart()
    await lives.pass(1)
    expect(lives.arm()).toBe(false)
    expect(lives.status().blockers[0]).toContain('restarted')
    const report = await finish()
    expect(report.room.obstacles.map(({ id }) => id)).toEqual(['bed-1', 'found-1'])
    expect(report.lampOnS).toBeLessThanOrEqual(lives.hardware.litS)
  })

  it('with somebody in the room it waits for them to leave', async () => {
    await lit(3)
    lives.hardware.setPersonSensed(true)
    await lives.restart()
    await lives.pass(20)
    expect(lives.phase).toBe('interrupted')
    expect(lives.arm()).toBe(false)
    lives.hardware.setPersonSensed(false)
    await unhindered()
    expect(lives.arm()).toBe(true)
  })

  it('not armed again it ends by itself, and reports what was delivered', async () => {
    await lit(3)
    await lives.restart()
    await lives.until(() => lives.report !== null, 310)
    expect(lives.report!.verdict).toBe('incomplete')
    expect(lives.report!.lampOnS).toBeGreaterThan(3 - MOST_LOST_S)
    expect(lives.life.orders.isIdle).toBe(true)
  })

  it('never armed before, it waits for that as long as any mission', async () => {
    await taken()
    await unhindered()
    await lives.restart()
    await lives.until(() => lives.phase === 'awaitingArming', 20)
    await lives.pass(400)
    expect(lives.report).toBeNull()
    expect((await finish()).verdict).toBe('proven')
  })

  it('carried away meanwhile it does not light, nor drive back: it ends with what was delivered', async () => {
    await lit(3)
    lives.life.kill()
    lives.hardware.pose = { x: -3, y: 2, theta: 0 }
    const drives = lives.hardware.drives
    await lives.restart()
    await lives.pass(60)
    expect(lives.status().blockers[0]).toContain('not in the room')
    expect(lives.arm()).toBe(false)
    await lives.until(() => lives.report !== null, 310)
    expect(lives.report!.verdict).toBe('incomplete')
    expect(lives.hardware.pose).toMatchObject({ x: -3, y: 2 })
    // The one with which it stood still.
    expect(lives.hardware.drives).toBe(drives + 1)
  })

  it('brought back in time, or its localisation found again, it goes on', async () => {
    await lit(3)
    lives.life.kill()
    const { pose } = lives.hardware
    lives.hardware.pose = { x: -3, y: 2, theta: 0 }
    lives.hardware.deviationM = 1
    await lives.restart()
    await lives.pass(60)
    lives.hardware.pose = pose
    await lives.pass(60)
    expect(lives.arm()).toBe(false)
    lives.hardware.deviationM = 0.03
    expect((await finish()).verdict).toBe('proven')
  })

  it('on its way it stands where it is until somebody resumes it', async () => {
    await taken()
    await lives.pass(1)
    expect(lives.phase).toBe('traveling')
    await lives.restart(0.5)
    await lives.pass(0.3)
    const { x } = lives.hardware.pose
    await lives.pass(30)
    expect(lives.hardware.pose.x).toBe(x)
    expect(toldState()).toMatchObject({ orderId: 'order-1', paused: true })
    expect(lives.status().blockers).toContain('the robot is paused: resume it first')
    lives.life.orders.resume()
    expect((await finish()).verdict).toBe('proven')
  })

  it('with an order that is only a way, the order is over: it drives no more, and takes the next', async () => {
    lives = createLives()
    await lives.pass(1.5)
    const way = shortOrder({ orderId: 'home' })
    way.nodes[1]!.actions = []
    expect(lives.life.orders.take(way)).toBeNull()
    await lives.pass(1)
    await lives.restart()
    await lives.pass(0.3)
    const { pose } = lives.hardware
    await lives.pass(10)
    expect(lives.hardware.pose).toEqual(pose)
    expect(lives.life.orders.isIdle).toBe(true)
    expect(toldState()).toMatchObject({ orderId: 'home', nodeStates: [] })
    expect(lives.life.orders.take(way)).toBeNull()
    expect(lives.life.orders.isIdle).toBe(true)
    const next = shortOrder()
    next.nodes[0]!.nodePosition = { ...lives.hardware.pose, mapId: 'L1' }
    expect(lives.life.orders.take(next)).toBeNull()
    expect((await finish()).verdict).toBe('proven')
  })

  it('what a person has stopped stays stopped', async () => {
    await lit(2)
    lives.life.orders.pause()
    lives.life.supervisor.command({ type: 'requestEmergencyStop', by: 'nurse' })
    await lives.step()
    await lives.restart()
    expect(toldState()).toMatchObject({ paused: true, safetyState: { activeEmergencyStop: 'REMOTE' } })
    await lives.until(() => lives.status().blockers.join() === 'the robot is paused: resume it first', 30)
    expect(lives.arm()).toBe(false)
    lives.life.orders.resume()
    expect(toldState()).toMatchObject({ paused: false, safetyState: { activeEmergencyStop: 'NONE' } })
    expect((await finish()).verdict).toBe('proven')
  })

  it('cancelled after a restart it says what was delivered', async () => {
    await lit(3)
    await lives.restart()
    lives.life.orders.cancel()
    expect(lives.report).toMatchObject({ verdict: 'incomplete' })
    expect(lives.report!.lampOnS).toBeGreaterThan(3 - MOST_LOST_S)
    expect(lives.life.orders.isIdle).toBe(true)
  })

  it('stopped orderly it goes on in the same way, with nothing lost', async () => {
    await lit(2.7)
    const before = lives.life.orders.mission!.checkpoint().progress
    await lives.life.stop()
    expect(lives.hardware.isLit).toBe(false)
    await lives.restart()
    expect(lives.life.orders.mission!.checkpoint().progress.lampOnS).toBe(before.lampOnS)
    expect((await finish()).verdict).toBe('proven')
  })
})

describe('a mission that was over when the program was killed', () => {
  it('does not run again, and its report is told until a broker has it, whatever order comes', async () => {
    await armed()
    await lives.until(() => lives.report !== null, 120)
    await lives.step()
    const text = JSON.stringify(lives.report)
    const litS = lives.hardware.litS
    const doseState = { actionId: 'dose-1', actionStatus: 'FINISHED', actionResult: text }

    await lives.restart(5)
    await lives.pass(5)
    expect(lives.life.orders.isIdle).toBe(true)
    expect(toldState().actionStates).toContainEqual(expect.objectContaining(doseState))
    // The fleet says its order again: it is known.
    expect(lives.life.orders.take(shortOrder())).toBeNull()
    expect(lives.life.orders.isIdle).toBe(true)

    const next = shortOrder({ orderId: 'order-2' })
    next.nodes[0]!.nodePosition = { ...lives.hardware.pose, mapId: 'L1' }
    next.nodes[1]!.actions = []
    expect(lives.life.orders.take(next)).toBeNull()
    await lives.step()
    await lives.restart()
    expect(toldState()).toMatchObject({ orderId: 'order-2' })
    expect(toldState().actionStates).toEqual([expect.objectContaining(doseState)])
    expect(lives.life.orders.take(shortOrder())).toMatchObject({ errorType: 'OUTDATED_ORDER_UPDATE' })

    lives.life.orders.delivered(new Set(['dose-1']))
    await lives.step()
    expect(toldState().actionStates).toEqual([])
    await lives.restart()
    expect(toldState().actionStates).toEqual([])
    expect(lives.hardware.litS).toBe(litS)
  })

  it('reports wait in the order in which they were made, and too many keep the robot from a new mission', async () => {
    await taken()
    const order = (count: number) => {
      const next = shortOrder({ orderId: `order-${count}` })
      next.nodes = [
        { ...next.nodes[1]!, sequenceId: 0, nodePosition: { ...lives.hardware.pose, mapId: 'L1' } },
      ]
      next.edges = []
      next.nodes[0]!.actions = next.nodes[0]!.actions.map((action) => ({
        ...action,
        actionId: `${action.actionId}-${count}`,
      }))
      return next
    }
    lives.life.orders.cancel()
    for (let count = 2; count <= 8; count += 1) {
      expect(lives.life.orders.take(order(count))).toBeNull()
      await lives.step()
      lives.life.orders.cancel()
      await lives.step()
    }
    await lives.restart()
    await lives.pass(1)
    expect(lives.life.orders.undelivered.map(({ orderId }) => orderId)).toEqual(
      Array.from({ length: 8 }, (_, index) => `order-${index + 1}`),
    )
    expect(lives.life.orders.take(order(9))).toMatchObject({ errorType: 'EVIDENCE_NOT_KEPT' })
    lives.life.orders.delivered(new Set(lives.life.orders.undelivered.map(({ state }) => state.actionId)))
    await lives.pass(1)
    expect(lives.life.orders.take(order(9))).toBeNull()
  })
})

describe('what the robot says', () => {
  it('is on the disk before it is told', async () => {
    lives = createLives()
    await lives.pass(1.5)
    lives.disk.isHeld = true
    const { changes } = lives.life
    lives.life.orders.take(shortOrder())
    expect(lives.life.keeper.isKept).toBe(false)
    await lives.pass(1)
    expect(lives.life.keeper.isKept).toBe(false)
    expect(lives.life.changes).toBe(changes)
    lives.disk.release()
    await lives.step()
    expect(lives.life.keeper.isKept).toBe(true)
    expect(lives.life.changes).toBeGreaterThan(changes)
    expect(memoryOn(lives.disk).mission).not.toBeNull()
  })
})

describe('the hours of a lamp', () => {
  it('outlive the program: a kill costs a second of them and one write at most', async () => {
    await lit(20)
    const { hours } = lives.life.lampLife.tubes[0]!
    await lives.restart(10)
    const kept = lives.life.lampLife.tubes[0]!.hours
    expect(kept).toBeLessThanOrEqual(hours)
    expect(3600 * (hours - kept)).toBeLessThanOrEqual(1.2)
    expect(toldState().information).toContainEqual(
      expect.objectContaining({ infoType: 'wardlight.lampHours' }),
    )
  })

  it('of a tube beyond its rated life: no light is ordered from it, and it says why', async () => {
    await lit(3)
    const fields = lastFields(decodeJournal(lives.disk.content!).records)
    fields.set('burnedS', { 3: 3600 * 9001 })
    fields.set('levelId', 'L2')
    const json = new Map([...fields].map(([name, value]) => [name, JSON.stringify(value)]))
    await lives.restart(0, createMemoryFolder(encodeRecord(FIRST_SUM, json).bytes))
    lives.hardware.pose = { x: -2, y: 1, theta: 0 }
    await lives.pass(2)
    expect(lives.life.orders.take(shortOrder({ orderId: 'order-2' }))).toMatchObject({
      errorType: 'LAMP_WORN',
      errorDescription: expect.stringContaining('tube 3'),
    })
    expect(lives.life.orders.mission).toBeNull()
  })
})

describe('a memory that is of no use', () => {
  async function left(change: (fields: Map<string, unknown>) => void) {
    await lit(3)
    const fields = lastFields(decodeJournal(lives.disk.content!).records)
    change(fields)
    const json = new Map([...fields].map(([name, value]) => [name, JSON.stringify(value)]))
    const folder = createMemoryFolder(encodeRecord(FIRST_SUM, json).bytes)
    const { content } = folder
    await lives.restart(0, folder)
    return { folder, content }
  }

  it.each<[string, (fields: Map<string, unknown>) => void, string]>([
    ['of a later version', (fields) => fields.set('version', 2), 'version 2'],
    ['of no version', (fields) => fields.delete('version'), 'version'],
    ['of another robot', (fields) => fields.set('robotId', 'wardlight.uv-02'), 'wardlight.uv-02'],
    ['of another level', (fields) => fields.set('levelId', 'L2'), 'level L2'],
    [
      'with a negative dose',
      (fields) => ((fields.get('progress') as { doseMjPerCm2: number[] }).doseMjPerCm2[0] = -1),
      'schema',
    ],
    [
      'with a dose too few',
      (fields) => (fields.get('progress') as { doseMjPerCm2: number[] }).doseMjPerCm2.pop(),
      'other surfaces',
    ],
    [
      'of surfaces that are called otherwise',
      (fields) => ((fields.get('survey') as { surfaceIds: string[] }).surfaceIds[3] = 'wall-9.0.0'),
      'other surfaces',
    ],
    [
      'of a room without any extent',
      (fields) =>
        ((fields.get('survey') as { room: { polygon: unknown[] } }).room.polygon = Array.from(
          { length: 3 },
          () => ({
            x: 0,
            y: 0,
          }),
        )),
      'memory',
    ],
    ['without the order of its mission', (fields) => fields.set('order', null), 'lacks the order'],
    ['without its progress', (fields) => fields.set('progress', null), 'how far'],
  ])('%s is put aside; the robot begins anew, dark, and says so', async (_, change, reason) => {
    const { folder, content } = await left(change)
    expect(folder.aside).toEqual(content)
    expect(lives.life.orders.mission).toBeNull()
    expect(toldState().errors).toContainEqual(
      expect.objectContaining({
        errorType: 'MEMORY_LOST',
        errorDescription: expect.stringContaining(reason),
      }),
    )
    await lives.pass(20)
    expect(lives.hardware.isLit).toBe(false)
    // A new mission runs, is kept, and ends what there was to say.
    lives.hardware.pose = { x: -2, y: 1, theta: 0 }
    await lives.step()
    expect(lives.life.orders.take(shortOrder({ orderId: 'order-2' }))).toBeNull()
    await lives.step()
    expect(toldState().errors.map(({ errorType }) => errorType)).not.toContain('MEMORY_LOST')
    expect(memoryOn(folder).mission!.missionId).toBe('mission-1')
  })

  it('of another level, of no use for anything else, still tells how old the tubes are, and how far it drove', async () => {
    await left((fields) => fields.set('levelId', 'L2').set('drivenM', 1234.5))
    expect(lives.life.odometer.drivenM).toBeGreaterThanOrEqual(1234.5)
    const [first] = lives.life.lampLife.tubes
    expect(3600 * first!.hours).toBeGreaterThan(2)
    await lives.restart(5)
    expect(lives.life.lampLife.tubes[0]).toEqual(first)
  })

  it('of another robot tells nothing of the tubes either', async () => {
    await left((fields) => fields.set('robotId', 'wardlight.uv-02'))
    expect(lives.life.lampLife.tubes[0]!.hours).toBe(0)
    expect(lives.life.odometer.drivenM).toBe(0)
  })

  it('damaged in its middle, what stood before the damage is used, and the damage is told', async () => {
    await lit(4)
    const bytes = Uint8Array.from(lives.disk.content!)
    const ends = [...bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at)
    bytes[ends.at(-3)! + 100]! ^= 4
    const before = lives.life.orders.mission!.checkpoint().progress
    await lives.restart(0, createMemoryFolder(bytes))
    expect(toldState().errors).toContainEqual(expect.objectContaining({ errorType: 'MEMORY_LOST' }))
    expect(lives.life.orders.mission!.checkpoint().progress.lampOnS).toBeLessThan(before.lampOnS)
    expect((await finish()).verdict).toBe('proven')
    expect(lives.report!.lampOnS).toBeLessThan(lives.hardware.litS)
  })
})

describe('a robot that cannot write', () => {
  it('takes no mission, and says why; ways it drives', async () => {
    lives = createLives()
    lives.disk.failure = 'ENOSPC'
    await lives.pass(1.5)
    const way = shortOrder({ orderId: 'way' })
    way.nodes[1]!.actions = []
    expect(lives.life.orders.take(way)).toBeNull()
    await lives.until(() => lives.life.orders.isIdle, 30)
    expect(lives.life.orders.take(here(shortOrder()))).toMatchObject({
      errorType: 'EVIDENCE_NOT_KEPT',
      errorDescription: 'the robot cannot keep evidence: the disk is full',
      errorReferences: [{ referenceKey: 'orderId', referenceValue: 'order-1' }],
    })
    expect(toldState().errors).toContainEqual(
      expect.objectContaining({ errorType: 'EVIDENCE_NOT_KEPT', errorLevel: 'URGENT' }),
    )
    lives.disk.failure = null
    await lives.pass(6)
    expect(toldState().errors.map(({ errorType }) => errorType)).not.toContain('EVIDENCE_NOT_KEPT')
    expect(lives.life.orders.take(here(shortOrder()))).toBeNull()
  })

  it('is not armed', async () => {
    await taken()
    await unhindered()
    lives.disk.failure = 'EROFS'
    const { supervisor, orders, zones } = lives.life
    const actions = new InstantActions({
      orders,
      supervisor,
      zones,
      announcer: null,
      files: new FileActions({ maps: null, zones, download: downloadFile, log: SILENT_LOG }),
      refusals: new Refusals(),
      sendFactsheet: () => {},
      onEnd: () => {},
    })
    const take = (actionType: string, actionId: string) =>
      actions.take({
        actionType,
        actionId,
        blockingType: 'NONE',
        actionParameters: [
          { key: 'missionId', value: 'mission-1' },
          { key: 'confirmedBy', value: 'nurse' },
          { key: 'startedBy', value: 'nurse' },
          { key: 'items', value: ['roomEmpty'] },
        ],
      })
    // Something has to be written before anybody can know.
    supervisor.command({ type: 'pause' })
    orders.pause()
    orders.resume()
    await lives.step()
    take('confirmChecklist', 'a')
    take('startTreatment', 'b')
    for (const { actionStatus, actionResult } of actions.states) {
      expect(actionStatus).toBe('FAILED')
      expect(actionResult).toBe('the robot cannot keep evidence: the folder cannot be written to')
    }
    expect(supervisor.state.armingStep).toBe('locked')
    expect(lives.status().blockers).toContain(
      'the robot cannot keep evidence: the folder cannot be written to',
    )
  })

  it('that is lit already stays under its interlocks, ends its mission, and reports', async () => {
    await lit(2)
    lives.disk.failure = 'ENOSPC'
    await lives.pass(2)
    expect(lives.hardware.isLit).toBe(true)
    lives.hardware.setPersonSensed(true)
    expect(lives.hardware.isLit).toBe(false)
    await lives.until(() => lives.report !== null, 310)
    expect(lives.report!.verdict).toBe('incomplete')
    expect(lives.life.keeper.isKept).toBe(true)
    expect(toldState().actionStates[1]!.actionResult).toBe(JSON.stringify(lives.report))
    expect(lives.failures).toEqual([])
  })

  it('killed then, it goes on from what was written before', async () => {
    await lit(2)
    const kept = memoryOn(lives.disk).progress!
    lives.disk.failure = 'ENOSPC'
    await lives.pass(3)
    await lives.restart()
    expect(lives.life.orders.mission!.checkpoint().progress.lampOnS).toBe(kept.lampOnS)
    expect((await finish()).verdict).toBe('proven')
  })
})

/** The order from where the robot stands. */
function here(order: Order): Order {
  order.nodes[0]!.nodePosition = { ...lives.hardware.pose, mapId: 'L1' }
  return order
}
