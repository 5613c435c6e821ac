import { existsSync } from 'node:fs'
import path from 'node:path'
import { readFloorPlan } from '@wardlight/core/floor'
import { deriveGraph, RouteFinder } from '@wardlight/fleet-server'
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
