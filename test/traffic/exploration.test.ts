import { compileGraph, Traffic, type Place, type TrafficGraph, type Way } from '@wardlight/fleet-server'
import { describe, expect, it } from 'vitest'
import { explore, hold, summaryOf } from '../../robot-agent/src/testing/explore.ts'

/*
 * Every state × every event of the real traffic on small floors: two or three robots that drive, are sent, fail, go on,
 * are carried away and set down wherever they fit, and give back what they had claimed before a door that did not open. A state is what would be kept over a restart, with times only as the
 * order in which robots were sent. Of each state it is asked whether it is sound, and whether all come to where they are
 * sent when from now on nothing fails any more.
 */

type Snapshot = ReturnType<Traffic['snapshot']>
type Event =
  | { readonly type: 'drive' | 'fail' | 'recover' | 'carryAway' | 'giveBack'; readonly id: string }
  | { readonly type: 'send' | 'setDown'; readonly id: string; readonly place: number }

const mover = { radiusM: 0.3, speedMps: 0.5 }

/** Letters are places 1.4 m apart: `.` way, `d` dock, `r` room, `+` door; those beside one another are joined. */
function drawn(rows: readonly string[]): TrafficGraph {
  const kinds: Record<string, Place['kind']> = { '.': 'way', d: 'dock', r: 'room', '+': 'door' }
  const places: Place[] = []
  const at = new Map<string, number>()
  for (const [row, line] of rows.entries()) {
    for (const [column, letter] of line.split('').entries()) {
      const kind = kinds[letter]
      if (kind === undefined) continue
      const id = `${letter}${column}${row}`
      at.set(`${column} ${row}`, places.length)
      places.push({ id, levelId: 'L1', x: column * 1.4, y: row * 1.4, kind, name: id, of: id, roomId: null })
    }
  }
  const ways: Way[] = []
  const join = (from: number | undefined, to: number | undefined) => {
    if (from === undefined || to === undefined) return
    // Docks and rooms are joined to the corridor alone.
    if ([from, to].every((place) => places[place]!.kind !== 'way' && places[place]!.kind !== 'door')) return
    ways.push({ from, to, isOneWay: false, speedLimitMps: null, clearanceM: null, extraS: 0 })
  }
  for (const key of at.keys()) {
    const [column, row] = key.split(' ').map(Number) as [number, number]
    join(at.get(key), at.get(`${column + 1} ${row}`))
    join(at.get(key), at.get(`${column} ${row + 1}`))
  }
  return compileGraph(places, ways, mover.radiusM)
}

function walk(
  graph: TrafficGraph,
  starts: readonly string[],
  goals: readonly string[],
  setDown: readonly string[],
) {
  const index = (id: string) => graph.indexOf.get(id)!
  const ids = starts.map((_, number) => `robot-${number + 1}`)
  const begin = new Traffic(graph)
  for (const [number, id] of ids.entries()) begin.join(id, mover, index(starts[number]!), 0)
  const events: Event[] = ids.flatMap((id) => [
    { type: 'drive', id },
    { type: 'fail', id },
    { type: 'recover', id },
    { type: 'carryAway', id },
    { type: 'giveBack', id },
    ...goals.map((goal) => ({ type: 'send' as const, id, place: index(goal) })),
    ...setDown.map((place) => ({ type: 'setDown' as const, id, place: index(place) })),
  ])
  const arrivedFrom = new Set<string>()
  return explore<Snapshot, Event>({
    start: begin.snapshot(),
    events,
    step: (state, event) => {
      const traffic = Traffic.restore(graph, state)
      const nowMs = 1 + Math.max(0, ...state.robots.map(({ goal }) => goal?.sinceMs ?? 0))
      if (!happens(traffic, event, nowMs)) return null
      traffic.decide(nowMs)
      const after = withoutTime(traffic.snapshot())
      hold('nobody holds what another one holds, and no horizon closes a circle', isSound(traffic))
      const key = JSON.stringify(after)
      if (!arrivedFrom.has(key)) hold('all come to where they are sent', doAllArrive(graph, after))
      arrivedFrom.add(key)
      return after
    },
    keyOf: (state) => JSON.stringify(state),
    nameOf: (event) =>
      'place' in event
        ? `${event.type} ${event.id} ${graph.places[event.place]!.id}`
        : `${event.type} ${event.id}`,
  })
}

/** @returns false where it cannot happen now */
function happens(traffic: Traffic, event: Event, nowMs: number): boolean {
  const { id } = event
  const { place, base, waiting } = traffic.robot(id)
  const isAway = place < 0
  const isStranded = !isAway && waiting === 'has failed'
  switch (event.type) {
    case 'drive':
      return !isAway && !isStranded && base.length > 0 && traffic.drive(id, nowMs)
    case 'fail':
      if (isAway || isStranded) return false
      traffic.fail(id, 'has failed')
      return true
    case 'recover':
      if (!isStranded) return false
      traffic.recover(id, nowMs)
      return true
    case 'giveBack':
      // A lift did not come: what it was not told of yet is given back.
      if (isAway || isStranded || base.length < 2) return false
      traffic.giveBack(id, 1)
      return true
    case 'carryAway':
      // Only who does not move is carried away.
      if (!isStranded) return false
      traffic.leave(id)
      return true
    case 'send': {
      const others = traffic.ids.filter((other) => other !== id)
      if (isAway || traffic.robot(id).goal === event.place) return false
      if (others.some((other) => traffic.robot(other).goal === event.place)) return false
      traffic.send(id, event.place, nowMs)
      return true
    }
    case 'setDown':
      return isAway && traffic.join(id, mover, event.place, nowMs)
  }
}

/** Times as ranks, and nothing that only counts. */
function withoutTime(state: Snapshot): Snapshot {
  const times = [
    ...new Set(state.robots.flatMap(({ goal }) => (goal === null ? [] : [goal.sinceMs]))),
  ].toSorted((a, b) => a - b)
  return {
    ...state,
    robots: state.robots.map((robot) => ({
      ...robot,
      goal: robot.goal === null ? null : { ...robot.goal, sinceMs: times.indexOf(robot.goal.sinceMs) },
      waiting: null,
      movedMs: 0,
      changes: 0,
    })),
  }
}

function isSound(traffic: Traffic): boolean {
  try {
    traffic.reservations.check()
    return true
  } catch {
    return false
  }
}

/** From now on nothing fails: each robot in turn drives a link where it may. */
function doAllArrive(graph: TrafficGraph, state: Snapshot): boolean {
  const traffic = Traffic.restore(graph, state)
  const onFloor = traffic.ids.filter((id) => traffic.robot(id).place >= 0)
  let nowMs = 1000
  for (const id of onFloor) traffic.recover(id, nowMs)
  for (let round = 0; round < 60; round += 1) {
    nowMs += 11_000
    traffic.decide(nowMs)
    const robots = onFloor.map((id) => traffic.robot(id))
    if (robots.every(({ goal, isAtGoal }) => goal === null || isAtGoal)) return true
    for (const { id, base } of robots) if (base.length > 0) traffic.drive(id, nowMs)
  }
  return false
}

describe('no state that traffic can come to is stuck', () => {
  it.each([
    ['two robots in a dead end', ['..r', 'd. ', ' d '], ['d01', 'd12'], ['r20', '.10'], ['.10']],
    ['two robots in a loop', ['d..r', ' .. ', '  d '], ['d00', 'd22'], ['r30', 'd00'], ['.21']],
  ])(
    '%s',
    (name, rows, starts, goals, setDown) => {
      const result = walk(drawn(rows), starts, goals, setDown)
      process.stdout.write(`${summaryOf(name, result)}\n`)
      expect(result.counterexample).toBeNull()
    },
    300_000,
  )
})
