import type { State } from '@wardlight/core/vda5050'

/** What a map is known by on the wire. */
export interface MapName {
  readonly mapId: string
  readonly mapVersion: string
}

/** The maps that a robot was sent, and which of them count (VDA 5050 3.0, 6.3; 2.1, 6.7). */
export interface MapBook {
  /** `sha256`: of the file, hexadecimal. */
  readonly kept: readonly (MapName & { readonly sha256: string })[]
  /** By `mapId`, which version counts; where there is none, it is the robot's own map. */
  readonly enabled: ReadonlyMap<string, string>
}

export const EMPTY_MAP_BOOK: MapBook = { kept: [], enabled: new Map() }

/** The version of what the robot has of itself (`/map`). No fleet sent it, and none can delete it. */
export const OWN_VERSION = '1'

/** So many are kept; a fleet that sends more has to delete some first (3.0, 6.3.5). Proposed. */
export const MAX_KEPT_MAPS = 16

/** @param ownIds of the levels that the robot has a map of by itself */
export function mapStates(
  { kept, enabled }: MapBook,
  ownIds: ReadonlySet<string>,
): NonNullable<State['maps']> {
  const own = [...ownIds].map((mapId) => ({ mapId, mapVersion: OWN_VERSION }))
  return [...own, ...kept].map(({ mapId, mapVersion }) => ({
    mapId,
    mapVersion,
    mapStatus: enabledVersion({ enabled }, mapId) === mapVersion ? 'ENABLED' : 'DISABLED',
  }))
}

export function enabledVersion({ enabled }: Pick<MapBook, 'enabled'>, mapId: string): string {
  return enabled.get(mapId) ?? OWN_VERSION
}

/** What keeps a map from being taken, with the error's type; `null`: nothing. */
export function downloadRefusal(
  book: MapBook,
  ownIds: ReadonlySet<string>,
  map: MapName,
): { readonly errorType: string; readonly why: string } | null {
  const { mapId, mapVersion } = map
  if (mapId === '' || mapVersion === '') return failed('mapId and mapVersion are wanted')
  if (!ownIds.has(mapId)) return failed(`the robot has no level ${mapId}; it knows ${[...ownIds].join(', ')}`)
  if (mapVersion === OWN_VERSION || find(book, map) !== undefined) {
    return { errorType: 'DUPLICATE_MAP', why: `there is a map ${mapId} of version ${mapVersion} already` }
  }
  if (book.kept.length < MAX_KEPT_MAPS) return null
  return failed(`the robot keeps ${MAX_KEPT_MAPS} maps at most; delete one first`)
}

/** @returns the book with the map in it, DISABLED; a map of that name must not be there */
export function withMap(book: MapBook, map: MapBook['kept'][number]): MapBook {
  return { ...book, kept: [...book.kept, map] }
}

/** One version of a map counts at a time. @returns `null` when there is no such map */
export function withEnabledMap(
  book: MapBook,
  ownIds: ReadonlySet<string>,
  { mapId, mapVersion }: MapName,
): MapBook | null {
  const enabled = new Map(book.enabled)
  if (mapVersion === OWN_VERSION && ownIds.has(mapId)) enabled.delete(mapId)
  else if (find(book, { mapId, mapVersion }) === undefined) return null
  else enabled.set(mapId, mapVersion)
  return { ...book, enabled }
}

/** @returns in words why it stays */
export function withoutMap(book: MapBook, map: MapName): MapBook | string {
  const { mapId, mapVersion } = map
  const found = find(book, map)
  if (mapVersion === OWN_VERSION) return `${mapId} of version ${OWN_VERSION} is the robot's own`
  if (found === undefined) return `there is no map ${mapId} of version ${mapVersion}`
  if (book.enabled.get(mapId) === mapVersion) return `${mapId} of version ${mapVersion} is in use`
  return { ...book, kept: book.kept.filter((each) => each !== found) }
}

function find({ kept }: MapBook, { mapId, mapVersion }: MapName) {
  return kept.find((each) => each.mapId === mapId && each.mapVersion === mapVersion)
}

function failed(why: string) {
  return { errorType: 'MAP_DOWNLOAD_FAILED', why }
}
