import type {
  ContaminationView,
  LiveChange,
  LiveCollection,
  LiveState,
  ScheduleEntryView,
  OutbreakView,
  ScheduleView,
} from '@wardlight/core/fleet'

/** Of whose rooms somebody sees and does things. Robots and alarms are everybody's: whoever is near one must know it. */
export interface WardScope {
  /** The same for all who see the same rooms. */
  readonly key: string
  /** Rooms of no ward, such as corridors, are everybody's. */
  readonly mayTouch: (roomId: string) => boolean
}

/** What a room is called for those who work elsewhere. */
export const FOREIGN_ROOM = 'a room of another ward'

export const EVERY_WARD: WardScope = { key: '*', mayTouch: () => true }

/**
 * @param wards that somebody works on; `null`: all of them
 * @param wardOf of a room; `null`: of none
 */
export function wardScope(
  wards: readonly string[] | null,
  wardOf: (roomId: string) => string | null,
): WardScope {
  if (wards === null) return EVERY_WARD
  const own = new Set(wards)
  return {
    key: JSON.stringify([...own].toSorted()),
    mayTouch(roomId) {
      const ward = wardOf(roomId)
      return ward === null || own.has(ward)
    },
  }
}

/** Where the things of a collection are, if they are in a room. */
const ROOM_OF: {
  readonly [C in LiveCollection]: ((view: LiveState[C][string]) => string) | null
} = {
  rooms: ({ id }) => id,
  requests: ({ roomId }) => roomId,
  missions: ({ roomId }) => roomId,
  schedule: ({ roomId }) => roomId,
  robots: null,
  alarms: null,
}

function mayTouch<C extends LiveCollection>(
  scope: WardScope,
  collection: C,
  view: LiveState[C][string],
): boolean {
  const roomOf = ROOM_OF[collection]
  return roomOf === null || scope.mayTouch(roomOf(view))
}

export function liveStateIn(scope: WardScope, state: LiveState): LiveState {
  const within = <C extends LiveCollection>(collection: C) =>
    Object.fromEntries(
      Object.entries(state[collection]).filter(([, view]) =>
        mayTouch(scope, collection, view as LiveState[C][string]),
      ),
    ) as LiveState[C]
  return {
    rooms: within('rooms'),
    requests: within('requests'),
    missions: within('missions'),
    schedule: Object.fromEntries(
      Object.entries(within('schedule')).map(([id, entry]) => [id, entryIn(scope, entry)]),
    ),
    robots: state.robots,
    alarms: state.alarms,
  }
}

/** @param now what is shown at this moment; that something is gone tells nobody what it was */
export function liveChangesIn(
  scope: WardScope,
  changes: readonly LiveChange[],
  now: <C extends LiveCollection>(collection: C, id: string) => LiveState[C][string] | undefined,
): LiveChange[] {
  return changes.flatMap((change) => {
    const { collection, id } = change
    const view = now(collection, id)
    if (view === undefined) return [change]
    if (!mayTouch(scope, collection, view)) return []
    if (change.collection !== 'schedule') return [change]
    return [entryChangeIn(change, entryIn(scope, view as ScheduleEntryView))]
  })
}

/** A change of an entry, as far as somebody is told of the entry. */
function entryChangeIn(
  change: Extract<LiveChange, { collection: 'schedule' }>,
  told: ScheduleEntryView,
): LiveChange {
  if ('value' in change) return change.value === null ? change : { ...change, value: told }
  const set = Object.fromEntries(
    Object.keys(change.set).map((field) => [field, told[field as keyof ScheduleEntryView]]),
  )
  return { ...change, set }
}

/** Its reason says where the robot comes from. */
export function entryIn(scope: WardScope, entry: ScheduleEntryView): ScheduleEntryView {
  const { comesFrom, reason } = entry
  if (comesFrom === null || scope.mayTouch(comesFrom.roomId)) return entry
  return {
    ...entry,
    reason: reason.replace(comesAs(comesFrom.name), comesAs(FOREIGN_ROOM)),
    comesFrom: null,
  }
}

/** As `explain.ts` says it. */
export function comesAs(room: string): string {
  return `it comes from ${room}`
}

/** Those of a list that are in rooms of the scope; what is in no room is everybody's. */
export function inScope<Item extends { readonly roomId: string | null }>(
  scope: WardScope,
  items: readonly Item[],
): Item[] {
  return items.filter(({ roomId }) => roomId === null || scope.mayTouch(roomId))
}

export function contaminationIn(scope: WardScope, { robots, rooms }: ContaminationView): ContaminationView {
  return {
    robots: robots.map((robot) => ({
      ...robot,
      refusedRoomIds: robot.refusedRoomIds.filter((roomId) => scope.mayTouch(roomId)),
    })),
    rooms: inScope(scope, rooms),
  }
}

export function scheduleIn(scope: WardScope, view: ScheduleView): ScheduleView {
  return {
    ...view,
    plans: view.plans.filter(({ roomIds }) => roomIds.some((roomId) => scope.mayTouch(roomId))),
    entries: inScope(scope, view.entries).map((entry) => entryIn(scope, entry)),
    runs: inScope(scope, view.runs),
  }
}

/** Robots are everybody's; where they took something up is not. */
export function outbreakIn(scope: WardScope, view: OutbreakView): OutbreakView {
  return { ...view, touches: inScope(scope, view.touches), rooms: inScope(scope, view.rooms) }
}
