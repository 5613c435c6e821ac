import { ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import type { State } from '@wardlight/core/vda5050'

/** What is to be asked of a robot next, so that it has the fleet's maps (VDA 5050 3.0, 6.3). */
export interface MapStep {
  readonly actionType: 'downloadMap' | 'enableMap' | 'deleteMap'
  readonly mapId: string
  readonly mapVersion: string
}

const OURS = /^wl-[0-9a-f]{16}$/

/** The version follows from the content: a map never changes under it. @param sha256 of the file, hexadecimal */
export function mapVersionOf(sha256: string): string {
  return `wl-${sha256.slice(0, 16)}`
}

/**
 * First what nobody needs any more goes, then what is missing comes, then it counts. Versions that are not the fleet's are
 * left alone.
 *
 * @param maps as the robot's state says it; the fleet has a map for each level of `wanted`, by version
 * @returns `null` when there is nothing to do
 */
export function nextMapStep(
  maps: NonNullable<State['maps']>,
  wanted: ReadonlyMap<string, string>,
): MapStep | null {
  const old = maps.find(
    ({ mapId, mapVersion, mapStatus }) =>
      mapStatus === 'DISABLED' && OURS.test(mapVersion) && wanted.get(mapId) !== mapVersion,
  )
  if (old !== undefined) return step(ROBOT_ACTION_TYPES.deleteMap, old.mapId, old.mapVersion)
  const known = new Map(maps.map(({ mapId, mapVersion, mapStatus }) => [`${mapId} ${mapVersion}`, mapStatus]))
  for (const [actionType, status] of [
    [ROBOT_ACTION_TYPES.downloadMap, undefined],
    [ROBOT_ACTION_TYPES.enableMap, 'DISABLED'],
  ] as const) {
    for (const [mapId, mapVersion] of wanted) {
      if (known.get(`${mapId} ${mapVersion}`) === status) return step(actionType, mapId, mapVersion)
    }
  }
  return null
}

function step(actionType: MapStep['actionType'], mapId: string, mapVersion: string): MapStep {
  return { actionType, mapId, mapVersion }
}

const FIRST_WAIT_MS = 60_000
const LONGEST_WAIT_MS = 6 * 3_600_000

/** Until what failed so often is asked for again, milliseconds: twice as long each time. Proposed. */
export function retryWaitMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(20, failures - 1))
}
