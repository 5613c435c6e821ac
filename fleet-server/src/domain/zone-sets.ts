import type { Level } from '@wardlight/core/floor'
import { counterClockwise } from '@wardlight/core/geometry'
import type { VdaZone } from '@wardlight/core/vda5050'

/** The zones of a level that robots of VDA 5050 3.0 are sent, of the kinds that one supports. */
export function robotZones(level: Pick<Level, 'zones'>, supported: ReadonlySet<string>): VdaZone[] {
  return level.zones
    .flatMap(({ id: zoneId, name: zoneDescriptor, kind, polygon, speedLimitMps }): VdaZone[] => {
      const vertices = counterClockwise(polygon).map(({ x, y }) => ({ x, y }))
      if (kind === 'keepOut') return [{ zoneId, zoneDescriptor, zoneType: 'BLOCKED', vertices }]
      if (kind === 'speedLimit' && speedLimitMps !== null) {
        return [{ zoneId, zoneDescriptor, zoneType: 'SPEED_LIMIT', vertices, maximumSpeed: speedLimitMps }]
      }
      if (kind !== 'release') return []
      // Whoever loses its release in there stands: somebody else may be let in.
      return [{ zoneId, zoneDescriptor, zoneType: 'RELEASE', vertices, releaseLossBehavior: 'STOP' }]
    })
    .filter(({ zoneType }) => supported.has(zoneType))
}
