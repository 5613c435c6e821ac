import { isWardError } from '@wardlight/core/errors'
import { armingChecklist, type MissionView, type RequestView, type RobotView } from '@wardlight/core/fleet'
import type { FoundRoom } from '@wardlight/core/floor'
import type { World } from '@wardlight/sim'
import { isToBeArmed } from './pause-for-people.ts'
import type { NightRoom } from './night-result.ts'
import { emptyResult } from './night-rooms.ts'
import type { NurseClient } from './nurse-client.ts'

/** Who pressed the button, or start, does not press it again before this, simulated: twice is out of order. */
const PRESS_AGAIN_MS = 60_000
/** A room that is still not begun after so many checklists is stopped: a robot that is lost, say. */
const MOST_CHECKLISTS = 5
/** … and so is one that nobody could arm for so long since its robot was sent, simulated. */
const MOST_UNARMED_MS = 60 * 60_000
/** A room that no robot can come to for so long, though none is at work, is given up, simulated. */
const GIVE_UP_MS = 30 * 60_000
/** Housing and wheels are wiped for so long, simulated: the time that wipes have to act, and the way. Proposed. */
const WIPED_MS = 10 * 60_000

interface Options {
  readonly client: NurseClient
  readonly world: World
  /** Planned. */
  readonly requests: readonly RequestView[]
  /** How often each room is armed again after an interlock. */
  readonly rearm: number
  /** Simulated, since the evening. */
  readonly nowMs: () => number
  readonly say: (words: string) => void
}

/** The nurse of a night, through the public API: approves as the schedule says, arms whoever waits, signs what is proven. */
export class NightNurse {
  readonly #options: Options
  readonly #waiting: Map<string, RequestView>
  /** Asked for once more. */
  readonly #again = new Map<string, RequestView>()
  /** By room. */
  readonly #missions = new Map<string, MissionView>()
  readonly #orderedMs = new Map<string, number>()
  readonly #finishedMs = new Map<string, number>()
  readonly #refusals = new Map<string, string>()
  readonly #pressedMs = new Map<string, number>()
  readonly #rearmed = new Map<string, number>()
  readonly #checklists = new Map<string, number>()
  readonly #released = new Set<string>()
  /** Since when who is wiped. */
  readonly #wiping = new Map<string, number>()
  readonly #ends = new Map<string, { readonly missed: number; readonly reason: string | null }>()
  #lastNewsMs = 0

  constructor(options: Options) {
    this.#options = options
    this.#waiting = new Map(options.requests.map((request) => [request.id, request]))
  }

  get isDone(): boolean {
    const isRunning = [...this.#missions.values()].some(({ verdict }) => verdict === null)
    const isPlanned = [...this.#again.values()].some(({ status }) => status === 'planning')
    if (isRunning || isPlanned) return false
    return this.#waiting.size === 0 || this.#options.nowMs() - this.#lastNewsMs > GIVE_UP_MS
  }

  /** Until the last report. */
  get elapsedMs(): number {
    return Math.max(0, ...this.#finishedMs.values())
  }

  /** Looks around once, and does what is to be done now. */
  async look(): Promise<void> {
    const { client, nowMs, say } = this.#options
    for (const before of this.#missions.values()) {
      if (before.verdict !== null) continue
      const mission = await client.mission(before.id)
      this.#missions.set(mission.roomId, mission)
      if (mission.verdict === null) await this.#arm(mission)
      else {
        this.#finishedMs.set(mission.roomId, nowMs())
        this.#ends.set(mission.roomId, await this.#endOf(mission))
        this.#lastNewsMs = nowMs()
        if (await this.#foundNoWay(mission)) await this.#askAgain(mission)
        say(`${mission.roomId}: ${mission.verdict} by ${mission.robotId}, ${this.#waiting.size} rooms wait`)
      }
    }
    await this.#resume()
    await this.#followPlanning()
    await this.#wipe()
    await this.#approve()
    await this.#sign((mission) => this.#hasLeft(mission))
  }

  /** What is proven is signed, also where the robot stands in the room. */
  async endOfNight(): Promise<void> {
    await this.#sign(() => true)
  }

  resultOf(found: FoundRoom, request: RequestView): NightRoom {
    const { room } = found
    const empty = emptyResult(found)
    if (request.status !== 'planned') return { ...empty, verdict: 'impossible', reason: request.failure }
    const mission = this.#missions.get(room.id)
    if (mission === undefined) {
      const reason = this.#refusals.get(request.id) ?? null
      return { ...empty, verdict: 'notReached', reason }
    }
    const { verdict, robotId, interlocks } = mission
    const end = this.#ends.get(room.id)
    return {
      ...empty,
      robotId,
      verdict: verdict ?? 'notReached',
      reason: end?.reason ?? null,
      orderedAtS: seconds(this.#orderedMs.get(room.id)),
      finishedAtS: seconds(this.#finishedMs.get(room.id)),
      missedSurfaces: end?.missed ?? 0,
      interlocks: interlocks.map(({ kind }) => kind),
    }
  }

  /** Why a room is not proven on every surface, by its report, or by what the room's list says. */
  async #endOf({ id, roomId, verdict, interlocks }: MissionView) {
    const { client } = this.#options
    const report = await client.report(id).catch((error: unknown) => {
      if (isWardError(error)) return null
      throw error
    })
    const missed = report?.dose.missed.length ?? 0
    if (verdict === 'proven') {
      return { missed, reason: missed === 0 ? null : `${missed} surfaces are to be wiped by hand` }
    }
    const room = (await client.rooms()).find((view) => view.id === roomId)
    const kinds = [...new Set(interlocks.map(({ kind }) => kind))].join(', ')
    const interrupted = kinds === '' ? null : `interrupted: ${kinds}`
    return { missed, reason: room?.reason ?? interrupted }
  }

  /** Who stands paused, and says no more why, goes on. */
  async #resume(): Promise<void> {
    const { client, say } = this.#options
    for (const { id, isPaused, missionId, errors } of await client.robots()) {
      if (!isPaused || missionId === null || errors.some(({ type }) => type === 'LOCALIZATION_ERROR'))
        continue
      if (this.#hasJustPressed(`${id} resume`)) continue
      try {
        await client.resumeRobot(id)
        say(`${id} is to go on`)
      } catch (error) {
        if (!isWardError(error)) throw error
        say(`${id}: ${error.what}`)
      }
    }
  }

  /** Sends whoever is free, in the schedule's order. */
  async #approve(): Promise<void> {
    const { client, nowMs, say } = this.#options
    if (this.#waiting.size === 0) return
    const robots = await client.robots()
    let free = robots.filter(
      (robot) => robot.missionId === null && robot.connection === 'ONLINE' && !isStuck(robot),
    ).length
    if (free === 0) return
    const { entries } = await client.schedule()
    const order = new Map(entries.map(({ requestId }, index) => [requestId, index]))
    // Stable: those that the schedule does not know yet stay as they were asked for.
    const rank = ({ id }: RequestView) => order.get(id) ?? entries.length
    const inOrder = [...this.#waiting.values()].toSorted((a, b) => rank(a) - rank(b))
    for (const request of inOrder) {
      if (free === 0) return
      try {
        const mission = await client.approve(request.id)
        this.#waiting.delete(request.id)
        this.#missions.set(mission.roomId, mission)
        this.#orderedMs.set(mission.roomId, nowMs())
        this.#lastNewsMs = nowMs()
        free -= 1
        say(`${mission.roomId}: ${mission.robotId} goes`)
      } catch (error) {
        if (!isWardError(error)) throw error
        this.#refusals.set(request.id, error.what)
        // Where nobody can go to one room, hardly anybody can to the next.
        if (error.what.includes('WARD_ERR_NO_ROBOT')) return
      }
    }
  }

  /** Who is free and would bring something to a room that waits is wiped, and then may go there. */
  async #wipe(): Promise<void> {
    const { client, nowMs, say } = this.#options
    const robots = await client.robots()
    const free = new Set(robots.filter(({ missionId }) => missionId === null).map(({ id }) => id))
    for (const [robotId, sinceMs] of this.#wiping) {
      if (!free.has(robotId)) this.#wiping.delete(robotId)
      if (!free.has(robotId) || nowMs() - sinceMs < WIPED_MS) continue
      await client.decontaminated(robotId, 'Housing and wheels wiped')
      this.#wiping.delete(robotId)
      this.#lastNewsMs = nowMs()
      say(`${robotId} is wiped`)
    }
    const waiting = new Set([...this.#waiting.values()].map(({ roomId }) => roomId))
    if (waiting.size === 0) return
    for (const { robotId, refusedRoomIds } of (await client.contamination()).robots) {
      const isWanted = free.has(robotId) && refusedRoomIds.some((roomId) => waiting.has(roomId))
      if (isWanted && !this.#wiping.has(robotId)) this.#wiping.set(robotId, nowMs())
    }
  }

  async #foundNoWay({ robotId, verdict }: MissionView): Promise<boolean> {
    const robot = (await this.#options.client.robots()).find(({ id }) => id === robotId)
    return verdict === 'aborted' && robot !== undefined && isStuck(robot)
  }

  /** Another robot may find a way: each room is asked for a second time, and no third. */
  async #askAgain({ roomId, organismId, targetLog }: MissionView): Promise<void> {
    if (this.#again.has(roomId) || organismId === null || targetLog === null) return
    this.#again.set(roomId, await this.#options.client.request({ roomId, organismId, targetLog }))
  }

  async #followPlanning(): Promise<void> {
    for (const [roomId, { id, status }] of this.#again) {
      if (status !== 'planning') continue
      const now = await this.#options.client.requestById(id)
      this.#again.set(roomId, now)
      if (now.status === 'planned') this.#waiting.set(id, now)
    }
  }

  /** One step of arming at a time: checklist, button, start, each once the one before has reached the server. */
  async #arm(mission: MissionView): Promise<void> {
    const { client, world, rearm } = this.#options
    const { id, roomId, method, arming, phase, robotId } = mission
    const times = this.#rearmed.get(roomId) ?? 0
    const checklists = this.#checklists.get(roomId) ?? 0
    const isLate = this.#options.nowMs() - (this.#orderedMs.get(roomId) ?? 0) > MOST_UNARMED_MS
    if ((checklists >= MOST_CHECKLISTS || isLate) && arming === 'locked') return this.#giveUp(mission)
    if (!isToBeArmed(mission, times < rearm)) return
    try {
      if (arming === 'locked') {
        this.#checklists.set(roomId, checklists + 1)
        if (phase === 'interrupted') this.#rearmed.set(roomId, times + 1)
        await client.confirmChecklist(
          id,
          armingChecklist(method).map((item) => item.id),
        )
      } else if (arming === 'checklistConfirmed') {
        if (this.#hasJustPressed(`${roomId} button`)) return
        world.robots.get(robotId)!.pressArmButton()
      } else if (arming === 'buttonPressed' && !this.#hasJustPressed(`${roomId} start`)) {
        await client.start(id)
      }
    } catch (error) {
      // Something came between; people look again.
      if (!isWardError(error)) throw error
      this.#options.say(`${roomId}: ${error.what}`)
    }
  }

  /** Only what waits for people is stopped: what is at work ends by itself. */
  async #giveUp({ id, roomId, phase }: MissionView): Promise<void> {
    if (phase !== 'awaitingArming' && phase !== 'interrupted') return
    if (this.#hasJustPressed(`${roomId} stop`)) return
    this.#options.say(`${roomId}: the nurse stops it`)
    await this.#options.client.stop(id)
  }

  #hasJustPressed(what: string): boolean {
    const nowMs = this.#options.nowMs()
    if (nowMs - (this.#pressedMs.get(what) ?? -Infinity) < PRESS_AGAIN_MS) return true
    this.#pressedMs.set(what, nowMs)
    return false
  }

  async #sign(isDue: (mission: MissionView) => boolean): Promise<void> {
    for (const mission of this.#missions.values()) {
      if (mission.verdict !== 'proven' || this.#released.has(mission.id) || !isDue(mission)) continue
      this.#released.add(mission.id)
      await this.#options.client.release(mission.id)
    }
  }

  #hasLeft({ robotId, roomId }: MissionView): boolean {
    return this.#options.world.robots.get(robotId)!.roomId !== roomId
  }
}

/** A robot that found no way would most likely find none again; people look after it. */
function isStuck({ errors }: Pick<RobotView, 'errors'>): boolean {
  return errors.some(({ type }) => type === 'NODE_UNREACHABLE')
}

function seconds(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms / 1000)
}
