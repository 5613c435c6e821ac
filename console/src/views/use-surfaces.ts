import { useMemo } from 'react'
import { surfacesOf, type RoomModel, type Surface } from '@wardlight/core/disinfection'
import { highTouchIdsOf } from './missed-groups.ts'

/** The pieces of a room in the order of its doses; the same array as long as the room is the same. */
export function useSurfaces(room: RoomModel | null, surfaceSizeM: number): readonly Surface[] {
  return useMemo(() => (room === null ? [] : surfacesOf(room, surfaceSizeM)), [room, surfaceSizeM])
}

/** Ids of those that hands touch most; the same set as long as the surfaces are the same. */
export function useHighTouchIds(surfaces: readonly Surface[]): ReadonlySet<string> {
  return useMemo(() => highTouchIdsOf(surfaces), [surfaces])
}
