import { useMemo } from 'react'
import { surfacesOf, type RoomModel, type Surface } from '@wardlight/core/disinfection'

/** The pieces of a room in the order of its doses; the same array as long as the room is the same. */
export function useSurfaces(room: RoomModel | null, surfaceSizeM: number): readonly Surface[] {
  return useMemo(() => (room === null ? [] : surfacesOf(room, surfaceSizeM)), [room, surfaceSizeM])
}
