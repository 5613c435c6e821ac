import fc from 'fast-check'
import type { State } from '@wardlight/core/vda5050'
import { expect, it } from 'vitest'
import { mapVersionOf, nextMapStep, retryWaitMs } from './map-steps.ts'

type RobotMap = NonNullable<State['maps']>[number]

const versions = ['1', 'by-hand', mapVersionOf('a'.repeat(64)), mapVersionOf('b'.repeat(64))]
const arbitraryMaps = fc
  .uniqueArray(
    fc.record<RobotMap>({
      mapId: fc.constantFrom('L1', 'L2', 'L3'),
      mapVersion: fc.constantFrom(...versions),
      mapStatus: fc.constantFrom('ENABLED', 'DISABLED'),
    }),
    { selector: ({ mapId, mapVersion }) => `${mapId}/${mapVersion}` },
  )
  // At most one version of a map is enabled.
  .map((maps) =>
    maps.map((map, index) => {
      const isFirst =
        maps.findIndex((other) => other.mapId === map.mapId && other.mapStatus === 'ENABLED') === index
      return { ...map, mapStatus: isFirst ? ('ENABLED' as const) : ('DISABLED' as const) }
    }),
  )
const arbitraryWanted = fc
  .dictionary(fc.constantFrom('L1', 'L2'), fc.constantFrom(versions[2]!, versions[3]!))
  .map((wanted) => new Map(Object.entries(wanted)))

/** A robot that does what it is asked, as the standard has it. */
function carriedOut(
  maps: readonly RobotMap[],
  step: NonNullable<ReturnType<typeof nextMapStep>>,
): RobotMap[] {
  const { mapId, mapVersion } = step
  const isMeant = (map: RobotMap) => map.mapId === mapId && map.mapVersion === mapVersion
  switch (step.actionType) {
    case 'downloadMap':
      expect(maps.some(isMeant)).toBe(false)
      return [...maps, { mapId, mapVersion, mapStatus: 'DISABLED' }]
    case 'enableMap':
      expect(maps.filter(isMeant)).toHaveLength(1)
      return maps.map((map) =>
        map.mapId === mapId ? { ...map, mapStatus: isMeant(map) ? 'ENABLED' : 'DISABLED' } : map,
      )
    case 'deleteMap':
      expect(maps.filter(isMeant)).toMatchObject([{ mapStatus: 'DISABLED' }])
      return maps.filter((map) => !isMeant(map))
  }
}

it("whatever a robot has, it comes to have the wanted maps enabled in a few steps, and keeps what is not the fleet's", () => {
  fc.assert(
    fc.property(arbitraryMaps, arbitraryWanted, (maps, wanted) => {
      let now: RobotMap[] = maps
      let steps = 0
      for (let step = nextMapStep(now, wanted); step !== null; step = nextMapStep(now, wanted)) {
        now = carriedOut(now, step)
        steps += 1
        expect(steps).toBeLessThan(20)
      }
      for (const [mapId, mapVersion] of wanted) {
        expect(now.filter((map) => map.mapId === mapId && map.mapStatus === 'ENABLED')).toEqual([
          { mapId, mapVersion, mapStatus: 'ENABLED' },
        ])
      }
      const foreign = (list: readonly RobotMap[]) =>
        list
          .filter(({ mapVersion }) => !mapVersion.startsWith('wl-'))
          .map(({ mapId, mapVersion }) => [mapId, mapVersion])
      expect(foreign(now)).toEqual(foreign(maps))
    }),
  )
})

it('waits twice as long after each failure, and never longer than six hours', () => {
  expect([0, 1, 2, 3].map((failures) => retryWaitMs(failures) / 60_000)).toEqual([0, 1, 2, 4])
  expect(retryWaitMs(1000) / 3_600_000).toBe(6)
})
