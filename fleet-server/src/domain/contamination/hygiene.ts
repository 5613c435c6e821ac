import { isThoroughfare, type Level, type Room, type Zone } from '@wardlight/core/floor'
import { centroid, isInsidePolygon, type Point2 } from '@wardlight/core/geometry'

/** Cleanest first: visits go down this list, never up without decontamination. */
export const HYGIENE_CLASSES = ['clean', 'ordinary', 'dirty', 'isolation'] as const
export type HygieneClass = (typeof HYGIENE_CLASSES)[number]

/** What the plan says of a room's hygiene. */
export interface RoomHygiene {
  readonly roomId: string
  readonly class: HygieneClass
  /** Of an isolation: what it is for; empty: nobody has named it. */
  readonly organismIds: readonly string[]
  /** A corridor outside every zone: robots pass through it, which neither gives nor takes anything (decision 0340). */
  readonly isPassage: boolean
  /** Robots are wiped down here. */
  readonly isForDecontamination: boolean
}

/**
 * By the zone in which the room's middle lies; of several the most infectious one. Without a zone a room of kind
 * `isolationRoom` is an isolation, an `operatingTheatre` is clean, and every other one is ordinary.
 */
export function hygieneOf(level: Pick<Level, 'zones'>, room: Room): RoomHygiene {
  const middle = middleOf(room)
  const around = level.zones.filter(({ polygon }) => isInsidePolygon(middle, polygon))
  const ofKind = (kind: Zone['kind']) => around.filter((zone) => zone.kind === kind)
  const isolations = ofKind('isolation')
  const own = classOf(room, {
    isolation: isolations.length > 0,
    dirty: ofKind('dirty').length > 0,
    clean: ofKind('clean').length > 0,
  })
  return {
    roomId: room.id,
    class: own,
    organismIds: [...new Set(isolations.flatMap(({ organismIds }) => organismIds ?? []))],
    isPassage: own === 'ordinary' && isThoroughfare(room),
    isForDecontamination: ofKind('decontamination').length > 0,
  }
}

function classOf(
  { kind }: Room,
  zones: { readonly isolation: boolean; readonly dirty: boolean; readonly clean: boolean },
): HygieneClass {
  if (zones.isolation) return 'isolation'
  if (zones.dirty) return 'dirty'
  if (zones.clean) return 'clean'
  if (kind === 'isolationRoom') return 'isolation'
  return kind === 'operatingTheatre' ? 'clean' : 'ordinary'
}

/** The centroid, or where an L-shaped room leaves it outside, the middle of its first edge that lies inside a little. */
function middleOf({ polygon }: Room): Point2 {
  const centre = centroid(polygon)
  if (isInsidePolygon(centre, polygon)) return centre
  for (let index = 0; index < polygon.length; index += 1) {
    const [a, b, c] = [0, 1, 2].map((step) => polygon[(index + step) % polygon.length]!) as [
      Point2,
      Point2,
      Point2,
    ]
    const inside = { x: (a.x + b.x + c.x) / 3, y: (a.y + b.y + c.y) / 3 }
    if (isInsidePolygon(inside, polygon)) return inside
  }
  return centre
}
