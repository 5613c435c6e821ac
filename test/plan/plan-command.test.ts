import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { planPlanarRoom, readPlanarProblem, worstShortfall } from '@wardlight/core/disinfection'
import { rectangle } from '@wardlight/core/geometry'
import { createRandom } from '@wardlight/core/random'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleHospital } from '../../scripts/src/paths.ts'
import { loadHighsSolver } from '../../scripts/src/plan/highs-solver.ts'
import { runPlanCommand, type PlanOptions } from '../../scripts/src/plan/plan-command.ts'
import type { PlanarReport } from '../../scripts/src/plan/planar-report.ts'
import type { roomPlanReport } from '../../scripts/src/plan/room-plan-report.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'wardlight-plan-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const bathroom = { map: sampleHospital, room: 'I1-bath', json: true }

async function roomReport(more: Partial<PlanOptions> = {}): Promise<ReturnType<typeof roomPlanReport>> {
  return JSON.parse(await runPlanCommand({ ...bathroom, ...more })) as ReturnType<typeof roomPlanReport>
}

/** Rooms of turned boxes, as a file of the planar form. */
function polygons(more: object = {}): { file: string; content: object } {
  const random = createRandom(7)
  const rooms = Array.from({ length: 3 }, (_, index) => ({
    id: `room-${index}`,
    obstacles: Array.from({ length: 6 }, () =>
      rectangle(
        { x: 6 * random.uniform(), y: 6 * random.uniform(), theta: 3 * random.uniform() },
        0.3 + 1.5 * random.uniform(),
        0.2 + random.uniform(),
      ).map(({ x, y }) => [x, y]),
    ),
    bounds: null,
  }))
  const content = {
    rooms,
    lamp: { powerW: 80, model: 'isotropic', heightM: 1 },
    panelHeightM: 2,
    doseJPerM2: 280,
    gridM: 1,
    clearanceM: 0.1,
    maxEdgeM: 1,
    marginM: 0.5,
    ...more,
  }
  const file = path.join(folder, 'rooms.json')
  writeFileSync(file, JSON.stringify(content))
  return { file, content }
}

async function planarReport(file: string, grid?: number): Promise<PlanarReport> {
  return JSON.parse(await runPlanCommand({ polygons: file, json: true, grid })) as PlanarReport
}

describe('wardlight plan --map', () => {
  it('gives stops, times and surfaces, and of those that it does not promise the reason and the remedy', async () => {
    const report = await roomReport({ organism: 'mrsa', log: 4 })
    expect(report).toMatchObject({ roomId: 'I1-bath', organism: 'mrsa', targetLog: 4, targetMjPerCm2: 12.79 })
    expect(report.stops.length).toBeGreaterThan(0)
    const dwellS = report.stops.reduce((sum, { dwellSeconds }) => sum + dwellSeconds, 0)
    expect(dwellS).toBeCloseTo(report.dwellSeconds, 6)
    expect(report.plannedSeconds).toBeCloseTo(report.dwellSeconds + report.travelSeconds, 6)
    const { total, promised, unreachable } = report.surfaces
    const missed = unreachable.flatMap(({ count, remedy, surfaces }) => {
      expect(remedy).not.toBe('')
      expect(surfaces).toHaveLength(count)
      return surfaces.map(({ id }) => id)
    })
    expect(new Set(missed).size).toBe(total - promised)
    expect(missed.length).toBeGreaterThan(0)
    expect(report.doseMjPerCm2.min).toBeGreaterThanOrEqual(report.targetMjPerCm2)
    expect(report.doseMjPerCm2.p50).toBeGreaterThan(report.doseMjPerCm2.p5)
  })

  it('says the same to people', async () => {
    const report = await roomReport()
    const text = await runPlanCommand({ ...bathroom, json: false })
    expect(text).toContain('SARS-CoV-2, 3 log: 25.03 mJ/cm²')
    expect(text).toContain(`${report.surfaces.promised} of ${report.surfaces.total} will get the target`)
    for (const { count, explanation } of report.surfaces.unreachable) {
      expect(text).toContain(`${count} × ${explanation}`)
    }
  })

  it('plans the light of a protocol, what hands touch most first', async () => {
    const report = await roomReport({ protocol: 'terminal-mrsa-vre' })
    expect(report).toMatchObject({ organism: 'vre', targetLog: 4, options: { highTouchFirst: true } })
    await expect(roomReport({ protocol: 'terminal-mrsa-vre', log: 3 })).rejects.toMatchObject({
      code: 'WARD_ERR_OPTION',
    })
    await expect(roomReport({ protocol: 'hope' })).rejects.toThrow('terminal-c-difficile')
  })

  it('predicts what surfaces throw back when asked, and says that it proves nothing', async () => {
    const [none, some] = [await roomReport(), await roomReport({ reflectance: 0.3 })]
    expect(some.surfaces.promised).toBeGreaterThan(none.surfaces.promised)
    expect(some.notes).toContainEqual(expect.stringContaining('30 % of the light. A prediction only'))
    expect(none.notes.join()).not.toContain('throw back')
    await expect(roomReport({ reflectance: 1 })).rejects.toThrow('The reflectance is 1')
  })

  it('plans within a time, with few stops, and for the floor', async () => {
    const usual = await roomReport()
    const short = await roomReport({ budget: usual.plannedSeconds / 120 })
    expect(short.plannedSeconds).toBeLessThanOrEqual(usual.plannedSeconds / 2 + 0.1)
    expect(short.surfaces.promised).toBeLessThan(usual.surfaces.promised)
    const few = await roomReport({ fewestStops: true })
    expect(few.stops.length).toBeLessThanOrEqual(usual.stops.length)
    const floor = await roomReport({ floor: true })
    expect(floor.surfaces.total).toBeGreaterThan(usual.surfaces.total)
    expect(usual.surfaces.highTouch.total).toBeGreaterThan(0)
  })

  it('predicts a cycle of hydrogen peroxide, and keeps its options from those of light', async () => {
    const { cycle } = JSON.parse(await runPlanCommand({ ...bathroom, method: 'hpv', temperature: 18 })) as {
      cycle: { h2o2G: number; refusals: string[]; conditioning: string[] }
    }
    expect(cycle.h2o2G).toBeCloseTo(14 * 1.9 * 2.2 * 2.7, 0)
    expect(cycle.conditioning).toEqual(['Heat the room from 18 °C to 20 °C.'])
    expect(cycle.refusals.join()).toContain('tape the door')
    const text = await runPlanCommand({ ...bathroom, json: false, method: 'ahp', taped: true })
    expect(text).toContain('aerosolised hydrogen peroxide')
    for (const wrong of [{ method: 'hpv' as const, log: 3 }, { taped: true }]) {
      await expect(runPlanCommand({ ...bathroom, ...wrong })).rejects.toMatchObject({
        code: 'WARD_ERR_OPTION',
      })
    }
  })

  it('plans for a dose without an organism', async () => {
    const report = await roomReport({ dose: 12 })
    expect(report).toMatchObject({ organism: null, targetLog: null, targetMjPerCm2: 12 })
    expect(report.doseMjPerCm2.min).toBeGreaterThanOrEqual(12)
  })

  it('takes size and lamp from the configuration of a robot', async () => {
    const robot = path.join(folder, 'robot.yaml')
    writeFileSync(
      robot,
      JSON.stringify({
        version: 1,
        manufacturer: 'wardlight',
        serialNumber: 'uv-9',
        levelId: 'L1',
        mqtt: { url: 'mqtt://localhost' },
        lamp: {
          name: 'half as bright',
          outputFraction: 0.5,
          tubes: [{ x: 0, y: 0, zBottomM: 0.3, zTopM: 1.5, radiantPowerW: 320 }],
        },
      }),
    )
    const weak = await roomReport({ robot, dose: 12 })
    const strong = await roomReport({ dose: 12 })
    expect(weak.dwellSeconds).toBeGreaterThan(1.2 * strong.dwellSeconds)
  })

  it('draws the room', async () => {
    const png = path.join(folder, 'room.png')
    await runPlanCommand({ ...bathroom, png })
    const picture = readFileSync(png)
    expect(picture.subarray(1, 4).toString()).toBe('PNG')
    expect(picture.readUInt32BE(16)).toBeGreaterThan(600)
    expect(picture.length).toBeGreaterThan(10_000)
  })

  it.each([
    ['nothing to plan', { map: undefined }, 'Give --map FILE with --room NAME'],
    ['two targets', { dose: 12, log: 3 }, 'Give a dose, or an organism'],
    ['two forms', { polygons: 'rooms.json' }, '--polygons stands beside --map, --room'],
    ['no such folder', { png: '/no/such/folder/room.png' }, 'Give --png a file in a folder that exists'],
    ['no such robot', { robot: '/no/such/robot.yaml' }, "Give the robot's configuration file."],
  ])('says what would be right: %s', async (_, more, message) => {
    await expect(runPlanCommand({ ...bathroom, ...more })).rejects.toThrow(message)
  })
})

describe('wardlight plan --polygons', () => {
  it('gives each room its figures, and the totals', async () => {
    const { file } = polygons()
    const { rooms, totals } = await planarReport(file)
    expect(rooms.map(({ id }) => id)).toEqual(['room-0', 'room-1', 'room-2'])
    for (const room of rooms) {
      expect(room.tour).toHaveLength(room.stops)
      expect(room.unreachable).toHaveLength(room.unreachableEdges)
      expect(room.tour.reduce((sum, { dwellSeconds }) => sum + dwellSeconds, 0)).toBeCloseTo(
        room.dwellSeconds,
        3,
      )
      const straightM = Math.hypot(
        room.tour[0]!.x - room.tour.at(-1)!.x,
        room.tour[0]!.y - room.tour.at(-1)!.y,
      )
      expect(room.pathMeters).toBeGreaterThanOrEqual(straightM)
      expect(room.computeSeconds).toBeGreaterThan(0)
    }
    expect(totals.dwellSeconds).toBeCloseTo(
      rooms.reduce((sum, { dwellSeconds }) => sum + dwellSeconds, 0),
      6,
    )
    const finer = await planarReport(file, 0.25)
    expect(finer.totals.unreachableEdges).toBeLessThanOrEqual(totals.unreachableEdges)
    expect(await runPlanCommand({ polygons: file, json: false })).toMatch(/^total +\d/m)
  })

  it('finds with HiGHS the optimum that the solver of our own finds, and covers every edge with it', async () => {
    const { file, content } = polygons({ gridM: 0.5 })
    const problem = readPlanarProblem(content, file)
    const highs = await loadHighsSolver()
    for (const room of problem.rooms) {
      let short = Infinity
      const watched: typeof highs = {
        solve(covering) {
          const dwells = highs.solve(covering)
          short = worstShortfall(dwells!, covering)
          return dwells
        },
      }
      const exact = planPlanarRoom(room, problem, watched)
      expect(short).toBeLessThanOrEqual(1 + 1e-9)
      expect(planPlanarRoom(room, problem).dwellS).toBeCloseTo(exact.dwellS, 3)
    }
  })

  it.each([
    ['no JSON', '{ "rooms": [', 'This is not JSON'],
    ['a field is missing', '{ "rooms": [] }', 'Give for'],
  ])('says what is wrong with a file: %s', async (_, text, message) => {
    const file = path.join(folder, 'wrong.json')
    writeFileSync(file, text)
    const failure = runPlanCommand({ polygons: file, json: true })
    await expect(failure).rejects.toThrow(message)
    await expect(failure).rejects.toThrow(file)
  })

  it('says when there is no file', async () => {
    await expect(runPlanCommand({ polygons: '/no/such/file.json', json: true })).rejects.toThrow(
      '/no/such/file.json: The file of polygons cannot be read. Check that it exists',
    )
  })
})
