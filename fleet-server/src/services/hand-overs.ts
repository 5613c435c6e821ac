import { randomUUID } from 'node:crypto'
import { wardError } from '@wardlight/core/errors'
import type { HandOverSummary, HandOverView, NewHandOver, User } from '@wardlight/core/fleet'
import { desc, eq, lt } from 'drizzle-orm'
import { handOverItems } from '../domain/hand-over.ts'
import type { LiveBoard } from '../live/live-board.ts'
import type { Database } from '../store/database.ts'
import { handOvers, type HandOverRow, type MissionRow } from '../store/schema.ts'
import type { Contaminations } from './contaminations.ts'
import type { FloorIndex } from './floor-index.ts'
import type { Ledger } from './ledger.ts'
import { missedSurfaces } from './mission-reports.ts'
import { SerialQueue } from './serial-queue.ts'

const SHOWN = 50
/** How long the words of a shift are kept (proposed): until nobody asks any more what was said. */
const KEPT_MS = 90 * 86_400_000

/** What one shift hands to the next one, ward by ward. */
export class HandOvers {
  readonly #database: Database
  readonly #board: LiveBoard
  readonly #ledger: Ledger
  readonly #floor: FloorIndex
  readonly #contaminations: Contaminations
  readonly #queue = new SerialQueue()

  constructor(options: {
    database: Database
    board: LiveBoard
    ledger: Ledger
    floor: FloorIndex
    contaminations: Contaminations
  }) {
    this.#database = options.database
    this.#board = options.board
    this.#ledger = options.ledger
    this.#floor = options.floor
    this.#contaminations = options.contaminations
  }

  /** Ids; none where no room is of that ward. */
  roomsOf(ward: string): string[] {
    return this.#floor.rooms().flatMap(({ room }) => (room.ward === ward ? [room.id] : []))
  }

  /** @throws WARD_ERR_NOT_FOUND for a ward that no room belongs to */
  summary(ward: string): HandOverSummary {
    if (this.roomsOf(ward).length === 0) throw noSuchWard(ward)
    const board = this.#board
    return {
      ward,
      at: this.#ledger.now().toISOString(),
      items: handOverItems(ward, {
        rooms: board.all('rooms'),
        requests: board.all('requests'),
        missions: board.all('missions'),
        robots: board.all('robots'),
        alarms: board.all('alarms'),
        contamination: this.#contaminations.view(),
        missedSurfaces: new Map(
          this.#ledger
            .missions()
            .filter(({ releasedAt }) => releasedAt === null)
            .map((mission) => [mission.id, missedOf(mission)]),
        ),
      }),
    }
  }

  /** The newest first. @throws as `summary` */
  async list(ward: string): Promise<HandOverView[]> {
    if (this.roomsOf(ward).length === 0) throw noSuchWard(ward)
    const rows = await this.#database.queries
      .select()
      .from(handOvers)
      .where(eq(handOvers.ward, ward))
      .orderBy(desc(handOvers.givenAt), desc(handOvers.id))
      .limit(SHOWN)
    return rows.map(handOverView)
  }

  /** @throws as `summary` */
  give({ ward, notes }: NewHandOver, user: User): Promise<HandOverView> {
    return this.#queue.run(async () => {
      const summary = this.summary(ward)
      const row: HandOverRow = {
        id: randomUUID(),
        ward,
        summary,
        notes: notes.trim(),
        givenBy: user.displayName,
        givenById: user.id,
        givenAt: new Date(summary.at),
        takenBy: null,
        takenById: null,
        takenAt: null,
      }
      await this.#database.write(async (tx) => {
        await tx.insert(handOvers).values(row)
        await tx
          .delete(handOvers)
          .where(lt(handOvers.givenAt, new Date(this.#ledger.now().getTime() - KEPT_MS)))
      })
      return handOverView(row)
    })
  }

  /**
   * Whoever has taken it already changes nothing by saying so again.
   *
   * @throws WARD_ERR_NOT_FOUND, WARD_ERR_CONFLICT for who gave it, and where somebody else has taken it
   */
  take(handOverId: string, user: User): Promise<HandOverView> {
    return this.#queue.run(async () => {
      const row = await this.#row(handOverId)
      if (row.takenById === user.id) return handOverView(row)
      if (row.givenById === user.id || row.takenById !== null) {
        throw wardError('WARD_ERR_CONFLICT', {
          what:
            row.takenById === null
              ? 'Nobody takes over what they have given themselves'
              : `${row.takenBy} has taken it over already`,
          where: 'handOverId',
          remedy:
            row.takenById === null
              ? 'Whoever comes on duty takes it over, signed in as themselves.'
              : 'Speak with them, or have the ward handed over to you.',
        })
      }
      const taken = { takenBy: user.displayName, takenById: user.id, takenAt: this.#ledger.now() }
      await this.#database.write((tx) => tx.update(handOvers).set(taken).where(eq(handOvers.id, row.id)))
      return handOverView({ ...row, ...taken })
    })
  }

  /** Rooms of its ward. @throws WARD_ERR_NOT_FOUND */
  async roomsOfHandOver(handOverId: string): Promise<string[]> {
    return this.roomsOf((await this.#row(handOverId)).ward)
  }

  async #row(handOverId: string): Promise<HandOverRow> {
    const [row] = await this.#database.queries.select().from(handOvers).where(eq(handOvers.id, handOverId))
    if (row !== undefined) return row
    throw wardError('WARD_ERR_NOT_FOUND', {
      what: `There is no hand-over ${JSON.stringify(handOverId)}`,
      where: 'handOverId',
      remedy: 'Choose one of the list; what is older than 90 days is forgotten.',
    })
  }
}

/** What cannot be read lists nothing: its room is suspended, and says so itself. */
function missedOf(mission: MissionRow): number {
  if (mission.reportText === null || mission.reportProblem !== null) return 0
  return missedSurfaces(mission)
}

function handOverView(row: HandOverRow): HandOverView {
  const { id, summary, notes, givenBy, givenById, givenAt, takenBy, takenAt } = row
  return {
    id,
    summary,
    notes,
    givenBy,
    givenById,
    givenAt: givenAt.toISOString(),
    takenBy,
    takenAt: takenAt?.toISOString() ?? null,
  }
}

function noSuchWard(ward: string): Error {
  return wardError('WARD_ERR_NOT_FOUND', {
    what: `No room belongs to a ward ${JSON.stringify(ward)}`,
    where: 'ward',
    remedy: 'Give a ward as the rooms name theirs.',
  })
}
