import type { HygieneClass, RoomHygiene } from './hygiene.ts'

/**
 * What a robot or a room carries: the id of an organism, `unknown:ROOM` for what nobody has named in a dirty or isolated
 * room, and `soil` for the ordinary soil of a room that is not known as clean.
 */
export type Agent = string

export const SOIL: Agent = 'soil'

/** The unnamed of one room is not that of another. */
export function unknownOf(roomId: string): Agent {
  return `unknown:${roomId}`
}

/** What happened, in past tense; appended, never changed. */
export type ContaminationEvent =
  | { readonly type: 'robot.entered'; readonly robotId: string; readonly roomId: string }
  | {
      readonly type: 'robot.decontaminated'
      readonly robotId: string
      readonly by: string
      readonly how: string
    }
  | {
      readonly type: 'room.isolated'
      readonly roomId: string
      readonly organismIds: readonly string[]
      readonly by: string
    }
  | { readonly type: 'room.isolationLifted'; readonly roomId: string; readonly by: string }
  /** Somebody or something has been in it since it was disinfected. */
  | { readonly type: 'room.soiled'; readonly roomId: string; readonly by: string }
  /** Released by signature after a proven dose against these organisms. */
  | {
      readonly type: 'room.disinfected'
      readonly roomId: string
      readonly organismIds: readonly string[]
      readonly by: string
    }

export interface DatedEvent {
  /** Ascending; where the event stands in the store. */
  readonly sequence: number
  readonly atMs: number
  readonly event: ContaminationEvent
}

/** Why something carries an agent. */
export interface Carried {
  readonly agent: Agent
  /** Event that brought it; `null`: the plan says so. */
  readonly sequence: number | null
  readonly atMs: number | null
  /** For people: "from room I1", "isolation by Nora Nurse". */
  readonly why: string
}

export type Burden = ReadonlyMap<Agent, Carried>

const NOTHING: Burden = new Map()

interface RoomRecord {
  readonly burden: Burden
  /** Isolated by a person, beside what the plan says. */
  readonly isolatedFor: readonly string[] | null
}

/** Who carries what. A value: every event gives a new one. */
export interface Contamination {
  readonly hygiene: ReadonlyMap<string, RoomHygiene>
  readonly robots: ReadonlyMap<string, Burden>
  readonly rooms: ReadonlyMap<string, RoomRecord>
}

export function initialContamination(rooms: readonly RoomHygiene[]): Contamination {
  return {
    hygiene: new Map(rooms.map((room) => [room.roomId, room])),
    robots: new Map(),
    rooms: new Map(
      rooms.map((room) => [room.roomId, { burden: burdenOf(bornWith(room)), isolatedFor: null }]),
    ),
  }
}

export function robotBurden({ robots }: Contamination, robotId: string): Burden {
  return robots.get(robotId) ?? NOTHING
}

export function roomBurden({ rooms }: Contamination, roomId: string): Burden {
  return rooms.get(roomId)?.burden ?? NOTHING
}

/** The plan's class, or isolation where a person has said so. */
export function roomClass({ hygiene, rooms }: Contamination, roomId: string): HygieneClass {
  if (rooms.get(roomId)?.isolatedFor !== null && rooms.has(roomId)) return 'isolation'
  return hygiene.get(roomId)?.class ?? 'ordinary'
}

/** What the people have isolated the room for, beside the plan; `null`: they have not. */
export function isolatedFor({ rooms }: Contamination, roomId: string): readonly string[] | null {
  return rooms.get(roomId)?.isolatedFor ?? null
}

/** Pure. Events about what the plan does not know change nothing: a plan may have been redrawn. */
export function afterEvent(state: Contamination, { event, sequence, atMs }: DatedEvent): Contamination {
  const carried = (agent: Agent, why: string): Carried => ({ agent, sequence, atMs, why })
  if (event.type === 'robot.decontaminated') return withRobot(state, event.robotId, NOTHING)
  const room = state.rooms.get(event.roomId)
  const hygiene = state.hygiene.get(event.roomId)
  if (room === undefined || hygiene === undefined) return state
  switch (event.type) {
    case 'robot.entered': {
      if (isPassageNow(state, event.roomId)) return state
      const robot = robotBurden(state, event.robotId)
      const taken = [...room.burden.keys()].map((agent) => carried(agent, `in ${event.roomId}`))
      const left = [...robot.values()].map(({ agent }) => carried(agent, `brought by ${event.robotId}`))
      return withRoom(withRobot(state, event.robotId, joined(robot, taken)), event.roomId, {
        ...room,
        burden: joined(room.burden, left),
      })
    }
    case 'room.isolated': {
      const agents = event.organismIds.length > 0 ? event.organismIds : [unknownOf(event.roomId)]
      return withRoom(state, event.roomId, {
        burden: joined(
          room.burden,
          agents.map((agent) => carried(agent, `isolated by ${event.by}`)),
        ),
        isolatedFor: event.organismIds,
      })
    }
    case 'room.isolationLifted':
      // What is in the room stays there until it is disinfected.
      return withRoom(state, event.roomId, { ...room, isolatedFor: null })
    case 'room.soiled': {
      const again = [...bornWith(hygiene), ...agentsOf(room.isolatedFor, event.roomId)]
      return withRoom(state, event.roomId, {
        ...room,
        burden: joined(
          room.burden,
          again.map((agent) => carried(agent, `not clean since ${event.by}`)),
        ),
      })
    }
    case 'room.disinfected': {
      const gone = new Set([...event.organismIds, SOIL, unknownOf(event.roomId)])
      return withRoom(state, event.roomId, {
        ...room,
        burden: new Map([...room.burden].filter(([agent]) => !gone.has(agent))),
      })
    }
  }
}

/** Whether the event says anything new; what does not is not stored. */
export function changesAnything(state: Contamination, event: ContaminationEvent): boolean {
  if (event.type !== 'robot.entered') return true
  const after = afterEvent(state, { event, sequence: 0, atMs: 0 })
  return (
    robotBurden(after, event.robotId).size > robotBurden(state, event.robotId).size ||
    roomBurden(after, event.roomId).size > roomBurden(state, event.roomId).size
  )
}

/** Whether robots may pass through whatever they carry, and leave nothing. */
export function isPassageNow(state: Contamination, roomId: string): boolean {
  return state.hygiene.get(roomId)?.isPassage === true && isolatedFor(state, roomId) === null
}

/** What a room carries until it has been disinfected for the first time. */
function bornWith({ roomId, class: own, organismIds }: RoomHygiene): readonly Agent[] {
  switch (own) {
    case 'clean':
      return []
    case 'ordinary':
      return [SOIL]
    case 'dirty':
      return [SOIL, unknownOf(roomId)]
    case 'isolation':
      return [SOIL, ...(organismIds.length > 0 ? organismIds : [unknownOf(roomId)])]
  }
}

function agentsOf(organismIds: readonly string[] | null, roomId: string): readonly Agent[] {
  if (organismIds === null) return []
  return organismIds.length > 0 ? organismIds : [unknownOf(roomId)]
}

function burdenOf(agents: readonly Agent[]): Burden {
  return new Map(
    agents.map((agent) => [agent, { agent, sequence: null, atMs: null, why: 'by the floor plan' }]),
  )
}

/** The first reason for an agent stays. */
function joined(burden: Burden, more: readonly Carried[]): Burden {
  const fresh = more.filter(({ agent }) => !burden.has(agent))
  return fresh.length === 0
    ? burden
    : new Map([...burden, ...fresh.map((each) => [each.agent, each] as const)])
}

function withRobot(state: Contamination, robotId: string, burden: Burden): Contamination {
  if (robotBurden(state, robotId) === burden) return state
  return { ...state, robots: new Map(state.robots).set(robotId, burden) }
}

function withRoom(state: Contamination, roomId: string, record: RoomRecord): Contamination {
  return { ...state, rooms: new Map(state.rooms).set(roomId, record) }
}
