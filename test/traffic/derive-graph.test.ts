import { existsSync } from 'node:fs'
import path from 'node:path'
import { readFloorPlan, type Zone } from '@wardlight/core/floor'
import { distanceToPolygon, rectangle } from '@wardlight/core/geometry'
import { compileGraph, deriveGraph, RouteFinder, Traffic, type Place } from '@wardlight/fleet-server'
import { describe, expect, it } from 'vitest'
import { nodePlanFiles } from '../../scripts/src/node-plan-files.ts'
import { sampleHospital } from '../../scripts/src/paths.ts'
import { sharedPeers } from '../support/repository.ts'

const clinic = path.join(sharedPeers, 'maps/rmf-clinic/clinic.building.yaml')

describe.each([
  { name: 'the sample hospital', file: sampleHospital, isThere: true },
  { name: 'the Open-RMF clinic', file: clinic, isThere: existsSync(clinic) },
])('docks of $name', ({ file, isThere }) => {
  it.skipIf(!isThere)(
    `let each robot out past all others that are docked${isThere ? '' : ` (no ${file})`}`,
    () => {
      const { graph, roomPlaces, dockPlaces } = deriveGraph(readFloorPlan(file, nodePlanFiles).plan, 0.3)
      const finder = new RouteFinder(graph)
      const docks = [...dockPlaces.values()]
      for (const dock of docks) {
        const others = new Set(
          docks.filter((other) => other !== dock).flatMap((other) => graph.standing[other]!),
        )
        for (const [roomId, room] of roomPlaces) {
          // What a docked robot holds is no way, as for real.
          const found = finder.find(
            dock,
            { radiusM: 0.3, speedMps: 0.6 },
            (place) => place === room,
            (link) => (graph.links[link]!.tokens.some((token) => others.has(token)) ? Infinity : 0),
          )
          expect(found, `${graph.places[dock]!.id} to ${roomId}`).not.toBeNull()
        }
      }
    },
  )
})

describe('the traffic graph of the sample hospital', () => {
  const { plan } = readFloorPlan(sampleHospital, nodePlanFiles)
  const { graph, roomPlaces, dockPlaces, problems } = deriveGraph(plan, 0.3)
  const finder = new RouteFinder(graph)
  const from = dockPlaces.get('dock-1-1')!

  it('leads from a dock to every room of both levels, by a lift to the other one', () => {
    expect(problems).toEqual([])
    const seconds = finder.secondsToAll(from, { radiusM: 0.3, speedMps: 0.7 })
    for (const { rooms } of plan.levels) {
      for (const { id } of rooms) expect(seconds[roomPlaces.get(id)!], id).toBeLessThan(300)
    }
    const up = finder.find(from, { radiusM: 0.3, speedMps: 0.7 }, (place) => place === roomPlaces.get('201'))!
    expect(up.route.some((link) => graph.places[graph.links[link]!.to]!.kind === 'lift')).toBe(true)
  })

  it('lets no robot through a door that is too narrow for it', () => {
    const seconds = finder.secondsToAll(from, { radiusM: 0.7, speedMps: 0.7 })
    expect([...roomPlaces.values()].some((place) => seconds[place] === Infinity)).toBe(true)
  })

  it('makes a lift one place, whatever the level it is seen from', () => {
    const cabins = graph.places.flatMap(({ kind, of }, index) =>
      kind === 'lift' && of === 'lift-west' ? [index] : [],
    )
    expect(cabins).toHaveLength(2)
    for (const cabin of cabins) expect(graph.standing[cabin]).toEqual(expect.arrayContaining(cabins))
  })
})

describe('ways through zones', () => {
  const { plan } = readFloorPlan(sampleHospital, nodePlanFiles)
  const mover = { radiusM: 0.3, speedMps: 0.7 }
  const withZone = (zone: Partial<Zone>) =>
    deriveGraph(
      {
        ...plan,
        levels: plan.levels.map((level) =>
          level.id === 'L1'
            ? {
                ...level,
                zones: [
                  {
                    id: 'z',
                    name: 'Z',
                    kind: 'keepOut',
                    polygon: rectangle({ x: 14, y: 7.2 }, 2, 4),
                    speedLimitMps: null,
                    ...zone,
                  },
                ],
              }
            : level,
        ),
      },
      0.3,
    )

  it('lead nowhere where no robot may be', () => {
    const { graph } = withZone({})
    for (const { from, to } of graph.links) {
      const [a, b] = [graph.places[from]!, graph.places[to]!]
      if (a.levelId !== 'L1' || b.levelId !== 'L1') continue
      expect(distanceToPolygon({ a, b }, rectangle({ x: 14, y: 7.2 }, 2, 4))).toBeGreaterThan(0.3)
    }
  })

  it('take as long as their speed limits make them', () => {
    const free = withZone({ kind: 'speedLimit', speedLimitMps: 10 })
    const slow = withZone({ kind: 'speedLimit', speedLimitMps: 0.1 })
    const seconds = ({ graph, dockPlaces }: typeof free) =>
      new RouteFinder(graph).secondsToAll(dockPlaces.get('dock-1-1')!, mover)
    const [quick, long] = [seconds(free), seconds(slow)]
    const later = [...quick.keys()].filter((place) => long[place]! > quick[place]! + 5)
    expect(later.length).toBeGreaterThan(0)
    for (const place of quick.keys()) expect(long[place]).toBeGreaterThanOrEqual(quick[place]!)
  })
})

describe('a part of a corridor that people have', () => {
  // Two ways from left to right, the lower one the shorter.
  const at = (x: number, y: number): Place => ({
    id: `${x},${y}`,
    x,
    y,
    levelId: 'L',
    kind: 'way',
    name: `${x},${y}`,
    of: null,
    roomId: null,
  })
  const places = [at(0, 0), at(3, 0), at(6, 0), at(9, 0), at(3, 4), at(6, 4)]
  const way = (from: number, to: number) => ({
    from,
    to,
    isOneWay: false,
    speedLimitMps: null,
    clearanceM: null,
    extraS: 0,
  })
  const graph = compileGraph(places, [way(0, 1), way(1, 2), way(2, 3), way(0, 4), way(4, 5), way(5, 3)], 0.3)
  const mover = { radiusM: 0.3, speedMps: 0.5 }

  function started(): Traffic {
    const traffic = new Traffic(graph, { lookaheadM: 2 })
    traffic.join('r', mover, 0, 0)
    traffic.send('r', 3, 0)
    return traffic
  }
  const pathOf = (traffic: Traffic) => {
    const { base, horizon, place } = traffic.robot('r')
    return [place, ...[...base, ...horizon].map((link) => graph.links[link]!.to)]
  }

  it('is gone around where that is quicker than to wait', () => {
    const traffic = started()
    traffic.block([2], 600_000, 'people have it')
    traffic.decide(0)
    expect(pathOf(traffic)).toEqual([0, 4, 5, 3])
  })

  it('is waited for where it is soon over, and said', () => {
    const traffic = started()
    traffic.block([2], 4000, 'people have it')
    traffic.decide(0)
    expect(pathOf(traffic)).toEqual([0, 1, 2, 3])
    traffic.drive('r', 1000)
    traffic.decide(1000)
    expect(traffic.robot('r').waiting).toContain('people have it')
    traffic.decide(4000)
    expect(traffic.robot('r').base).toHaveLength(1)
  })

  it('makes who was on the way look for another one, and is free at once when it is given back', () => {
    const traffic = started()
    traffic.decide(0)
    expect(pathOf(traffic)).toEqual([0, 1, 2, 3])
    traffic.block([2], 600_000, 'people have it')
    traffic.lookAgain()
    traffic.drive('r', 1000)
    traffic.decide(1000)
    expect(pathOf(traffic)).toEqual([1, 0, 4, 5, 3])
    const other = started()
    other.block([2], 600_000, 'people have it')
    other.unblock('people have it')
    other.decide(0)
    expect(pathOf(other)).toEqual([0, 1, 2, 3])
  })

  it('is left by who is in it, further in or not, and entered by nobody', () => {
    const traffic = new Traffic(graph, { lookaheadM: 100 })
    traffic.block([1, 2], 600_000, 'people have it')
    traffic.join('r', mover, 1, 0)
    traffic.send('r', 3, 0)
    traffic.decide(0)
    expect(pathOf(traffic)).toEqual([1, 2, 3])
    const outside = new Traffic(graph, { lookaheadM: 100 })
    outside.block([1, 2], 600_000, 'people have it')
    outside.join('r', mover, 0, 0)
    outside.send('r', 1, 0)
    outside.decide(0)
    expect(outside.robot('r').base).toEqual([])
  })

  it('is the same after a restart, whoever else has a part of it', () => {
    const traffic = started()
    traffic.block([2], 600_000, 'people have it')
    traffic.block([2], 700_000, 'others have it, too')
    const again = Traffic.restore(graph, traffic.snapshot(), { lookaheadM: 2 })
    again.unblock('people have it')
    again.decide(0)
    expect(pathOf(again)).toEqual([0, 4, 5, 3])
    again.unblock('others have it, too')
    expect(again.snapshot().blocks).toEqual([])
  })
})
