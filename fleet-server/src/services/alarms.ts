import { randomUUID } from 'node:crypto'
import { wardError } from '@wardlight/core/errors'
import type { AlarmView, MissionView, RobotView, User } from '@wardlight/core/fleet'
import { desc, isNull } from 'drizzle-orm'
import type { FastifyBaseLogger } from 'fastify'
import {
  alarmsAfter,
  causesOfMission,
  causesOfRobot,
  isOver,
  type AlarmCause,
} from '../domain/care/alarms.ts'
import type { LiveBoard } from '../live/live-board.ts'
import type { Database } from '../store/database.ts'
import { alarms } from '../store/schema.ts'
import { SerialQueue } from './serial-queue.ts'

const HISTORY_SHOWN = 200

/**
 * What people have to see. An alarm is shown at once and stored after: it must not wait for a disk, and what a crash
 * takes is raised again by the robot's next word.
 */
export class Alarms {
  readonly #database: Database
  readonly #board: LiveBoard
  readonly #now: () => Date
  readonly #log: FastifyBaseLogger
  readonly #queue = new SerialQueue()
  /** Open ones, by what they come from: `robot/ID`, `mission/ID`, `hl7/…`. */
  readonly #open = new Map<string, readonly AlarmView[]>()

  constructor(options: { database: Database; board: LiveBoard; now: () => Date; log: FastifyBaseLogger }) {
    this.#database = options.database
    this.#board = options.board
    this.#now = options.now
    this.#log = options.log
  }

  /** Comes before robots and missions are shown: what was open before the restart is open still. */
  async load(): Promise<void> {
    const rows = await this.#database.queries.select().from(alarms).where(isNull(alarms.overAt))
    for (const { source, alarm } of rows) {
      this.#open.set(source, [...(this.#open.get(source) ?? []), alarm])
      this.#board.put('alarms', alarm)
    }
    this.#board.onPut = (collection, value) => {
      if (collection === 'robots') this.#heardRobot(value as RobotView)
      else if (collection === 'missions') this.#heardMission(value as MissionView)
    }
  }

  async settled(): Promise<void> {
    await this.#queue.settled()
  }

  /** The newest, those that are over too. */
  async history(): Promise<AlarmView[]> {
    await this.#queue.settled()
    const rows = await this.#database.queries
      .select()
      .from(alarms)
      .orderBy(desc(alarms.raisedAt))
      .limit(HISTORY_SHOWN)
    return rows.map(({ alarm }) => alarm)
  }

  /**
   * Somebody has seen it. Once more changes nothing: who was first is kept.
   *
   * @throws WARD_ERR_NOT_FOUND when it is not open
   */
  async acknowledge(alarmId: string, by: User): Promise<AlarmView> {
    for (const [source, open] of this.#open) {
      const alarm = open.find(({ id }) => id === alarmId)
      if (alarm === undefined) continue
      if (alarm.acknowledgedAt !== null) return alarm
      const seen = {
        ...alarm,
        acknowledgedBy: by.displayName,
        acknowledgedAt: this.#now().toISOString(),
      }
      await this.#keep(source, [seen])
      return seen
    }
    throw wardError('WARD_ERR_NOT_FOUND', {
      what: `There is no open alarm ${alarmId}`,
      where: 'alarmId',
      remedy: 'Load the alarms again: it may be over already.',
    })
  }

  #heardRobot(robot: RobotView): void {
    // Before its first word nobody knows whether what was the matter before a restart still is.
    if (robot.updatedAt === null && robot.service.state === 'inService') return
    this.heard(`robot/${robot.id}`, causesOfRobot(robot))
  }

  #heardMission(mission: MissionView): void {
    this.heard(`mission/${mission.id}`, causesOfMission(mission))
  }

  /** What is the matter now with what `source` names: no causes, nothing is. */
  heard(source: string, causes: readonly AlarmCause[]): void {
    const open = this.#open.get(source) ?? []
    if (open.length === 0 && causes.length === 0) return
    const changed = alarmsAfter(open, causes, this.#now().toISOString(), randomUUID)
    if (changed.length === 0) return
    this.#keep(source, changed).catch((error: unknown) => {
      this.#log.error({ err: error, source }, 'An alarm was shown and could not be stored')
    })
  }

  #keep(source: string, changed: readonly AlarmView[]): Promise<void> {
    const others = (this.#open.get(source) ?? []).filter(({ id }) => !changed.some((one) => one.id === id))
    const open = [...others, ...changed.filter((alarm) => !isOver(alarm))]
    if (open.length === 0) this.#open.delete(source)
    else this.#open.set(source, open)
    for (const alarm of changed) {
      if (isOver(alarm)) this.#board.remove('alarms', alarm.id)
      else this.#board.put('alarms', alarm, true)
    }
    const overAt = this.#now()
    return this.#queue.run(async () => {
      await this.#database.write(async (tx) => {
        for (const alarm of changed) {
          const row = {
            id: alarm.id,
            source,
            robotId: alarm.robotId,
            raisedAt: new Date(alarm.raisedAt),
            overAt: isOver(alarm) ? overAt : null,
            alarm,
          }
          await tx.insert(alarms).values(row).onConflictDoUpdate({ target: alarms.id, set: row })
        }
      })
    })
  }
}
