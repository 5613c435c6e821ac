import { ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import type { Level } from '@wardlight/core/floor'
import { counterClockwise } from '@wardlight/core/geometry'
import type { Factsheet, VdaZone } from '@wardlight/core/vda5050'

/** What a robot says that it keeps to. */
export interface ZoneOffer {
  readonly kinds: ReadonlySet<string>
  /** Actions that it does in ACTION zones without stopping for them, or for one another. */
  readonly actions: ReadonlySet<string>
}

/** @param factsheet `null`: it has not sent one */
export function zoneOfferOf(factsheet: Factsheet | null): ZoneOffer {
  const declared = factsheet?.protocolFeatures.mobileRobotActions ?? []
  return {
    kinds: new Set(factsheet?.typeSpecification.supportedZones),
    actions: new Set(
      declared
        .filter(
          ({ actionScopes, blockingTypes }) =>
            actionScopes.includes('ZONE') && (blockingTypes?.includes('NONE') ?? true),
        )
        .map(({ actionType }) => actionType),
    ),
  }
}

/** The zones of a level that a robot of VDA 5050 3.0 is sent: those that it keeps to. */
export function robotZones(level: Pick<Level, 'zones'>, { kinds, actions }: ZoneOffer): VdaZone[] {
  return level.zones
    .flatMap(({ id: zoneId, name: zoneDescriptor, kind, polygon, speedLimitMps, text }): VdaZone[] => {
      const vertices = counterClockwise(polygon).map(({ x, y }) => ({ x, y }))
      if (kind === 'keepOut') return [{ zoneId, zoneDescriptor, zoneType: 'BLOCKED', vertices }]
      if (kind === 'speedLimit' && speedLimitMps !== null) {
        return [{ zoneId, zoneDescriptor, zoneType: 'SPEED_LIMIT', vertices, maximumSpeed: speedLimitMps }]
      }
      if (kind === 'announce' && text !== undefined && actions.has(ROBOT_ACTION_TYPES.announce)) {
        const announce = {
          actionType: ROBOT_ACTION_TYPES.announce,
          blockingType: 'NONE' as const,
          actionParameters: [{ key: 'text', value: text }],
        }
        const zone = { zoneId, zoneDescriptor, zoneType: 'ACTION' as const, vertices }
        return [{ ...zone, entryActions: [], duringActions: [announce], exitActions: [] }]
      }
      if (kind !== 'release') return []
      // Whoever loses its release in there stands: somebody else may be let in.
      return [{ zoneId, zoneDescriptor, zoneType: 'RELEASE', vertices, releaseLossBehavior: 'STOP' }]
    })
    .filter(({ zoneType }) => kinds.has(zoneType))
}
