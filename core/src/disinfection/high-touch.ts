import type { Room, TouchPoint } from '../floor/types.ts'
import { centroid, counterClockwise, nearestOnBoundary } from '../geometry/polygon.ts'
import type { Point2, Point3, Polygon } from '../geometry/types.ts'
import { longestEdgeFrame } from './longest-edge-frame.ts'
import type { Obstacle } from './types.ts'

/**
 * What hands touch most, after the "CDC Environmental Checklist for Monitoring Terminal Cleaning" (2010):
 * bed rails and controls, tray table, call button, bedside table handle, chair, sink, inner door knob, toilet
 * seat, controls of pumps, monitors and ventilators. Where on a thing they are is proposed by this project.
 */

/** Door handles and push plates, metres above the floor (DIN 18101 sets a handle at 1.05 m; a hand's reach around it). */
const HANDLE_HEIGHTS_M = [0.8, 1.3] as const

/** Controls and screens of a machine on wheels, metres above the floor (proposed). */
const CONTROLS_HEIGHTS_M = [0.8, 1.6] as const

/** Of a bed's rails: how far their middle is above the mattress, how high they are, which share of a side each of two takes (proposed). */
const RAIL_ABOVE_M = 0.2
const RAIL_HEIGHT_M = 0.25
const RAIL_SHARE = 0.4

/** A call button hangs at the rail beside the pillow: this share of the length from the middle, above the mattress (proposed). */
const CALL_BUTTON_SHARE = 0.4
const CALL_BUTTON_ABOVE_M = 0.1

/** A tap's middle above its basin, and its size (proposed). */
const TAP_ABOVE_M = 0.12
const SMALL_SIZE_M = 0.12

export type ObstacleFace = 'top' | 'side' | 'underside'

/** Whether hands touch this part of a piece of furniture most. */
export function isHighTouchFace({ kind, zMaxM }: Obstacle, face: ObstacleFace, zM: number): boolean {
  switch (kind) {
    case 'chair':
    case 'sink':
      return true
    case 'overbedTable':
    case 'toilet':
      return face === 'top'
    case 'bedsideTable':
      // Its top, and the drawer's handle in the upper half.
      return face === 'top' || (face === 'side' && zM > zMaxM / 2)
    case 'equipment':
      return face === 'side' && isWithin(zM, CONTROLS_HEIGHTS_M)
    default:
      return false
  }
}

/** Whether a piece of a door's leaf is where hands push and pull. */
export function isAtHandleHeight(zM: number): boolean {
  return isWithin(zM, HANDLE_HEIGHTS_M)
}

/** The small things that a room's furniture brings along, and those that its plan names. */
export function touchPointsOf(room: Room): TouchPoint[] {
  const derived = room.furniture.flatMap((furniture): TouchPoint[] => {
    const footprint = counterClockwise(furniture.footprint)
    if (furniture.kind === 'bed') return bedTouchPoints({ ...furniture, footprint }, room.polygon)
    if (furniture.kind === 'sink') return tapTouchPoints({ ...furniture, footprint }, room.polygon)
    return []
  })
  return [...derived, ...(room.touchPoints ?? [])]
}

/**
 * Two rails on each long side, inside and outside, and the call button on the patient's left. The head is at the
 * end that is nearer to a wall.
 */
function bedTouchPoints(bed: Obstacle, walls: Polygon): TouchPoint[] {
  const { theta } = longestEdgeFrame(bed.footprint)
  const middle = centroid(bed.footprint)
  const along = { x: Math.cos(theta), y: Math.sin(theta) }
  const lengthM = extentAlong(bed.footprint, along)
  const isHeadAhead =
    wallDistanceM(offset(middle, along, lengthM / 2), walls) <=
    wallDistanceM(offset(middle, along, -lengthM / 2), walls)
  const toHead = isHeadAhead ? along : reversed(along)
  // Of a patient on his back, seen from above, the left is a quarter turn clockwise from the head.
  const left = { x: toHead.y, y: 0 - toHead.x }
  const widthM = extentAlong(bed.footprint, left)
  const railM = RAIL_SHARE * lengthM
  const points: TouchPoint[] = []
  for (const [side, sign] of [
    ['left', 1],
    ['right', -1],
  ] as const) {
    const outward = sign === 1 ? left : reversed(left)
    for (const [end, share] of [
      ['head', 0.25],
      ['foot', -0.25],
    ] as const) {
      const centre = {
        ...offset(offset(middle, toHead, share * lengthM), left, (sign * widthM) / 2),
        z: bed.zMaxM + RAIL_ABOVE_M,
      }
      for (const [face, normal] of [
        ['outside', outward],
        ['inside', reversed(outward)],
      ] as const) {
        points.push({
          id: `${bed.id}.rail-${side}-${end}-${face}`,
          name: `${bed.name}, ${side} rail, ${face}`,
          centre,
          normal: { ...normal, z: 0 },
          sizeM: [railM, RAIL_HEIGHT_M],
        })
      }
    }
  }
  points.push({
    id: `${bed.id}.call-button`,
    name: `${bed.name}, call button`,
    centre: {
      ...offset(offset(middle, toHead, CALL_BUTTON_SHARE * lengthM), left, 0.4 * widthM),
      z: bed.zMaxM + CALL_BUTTON_ABOVE_M,
    },
    normal: { x: 0, y: 0, z: 1 },
    sizeM: [SMALL_SIZE_M, SMALL_SIZE_M],
  })
  return points
}

/** The tap stands over the basin's wall side and is taken from the front and from above. */
function tapTouchPoints(sink: Obstacle, walls: Polygon): TouchPoint[] {
  const middle = centroid(sink.footprint)
  const wall = nearestOnBoundary(middle, walls)
  const awayM = Math.hypot(middle.x - wall.x, middle.y - wall.y)
  const front =
    awayM < 1e-6 ? { x: 1, y: 0 } : { x: (middle.x - wall.x) / awayM, y: (middle.y - wall.y) / awayM }
  const centre: Point3 = {
    ...offset(middle, front, -0.25 * extentAlong(sink.footprint, front)),
    z: sink.zMaxM + TAP_ABOVE_M,
  }
  return (
    [
      ['front', { ...front, z: 0 }],
      ['top', { x: 0, y: 0, z: 1 }],
    ] as const
  ).map(([face, normal]) => ({
    id: `${sink.id}.tap-${face}`,
    name: `${sink.name}, tap`,
    centre,
    normal,
    sizeM: [SMALL_SIZE_M, SMALL_SIZE_M],
  }))
}

/** Without a negative zero, which a wire does not carry. */
function reversed({ x, y }: Point2): Point2 {
  return { x: 0 - x, y: 0 - y }
}

function isWithin(value: number, [least, most]: readonly [number, number]): boolean {
  return value >= least && value <= most
}

function offset(from: Point2, direction: Point2, lengthM: number): Point2 {
  return { x: from.x + lengthM * direction.x, y: from.y + lengthM * direction.y }
}

function extentAlong(polygon: Polygon, direction: Point2): number {
  const along = polygon.map(({ x, y }) => x * direction.x + y * direction.y)
  return Math.max(...along) - Math.min(...along)
}

function wallDistanceM(point: Point2, walls: Polygon): number {
  const wall = nearestOnBoundary(point, walls)
  return Math.hypot(point.x - wall.x, point.y - wall.y)
}
