import {
  boundsOf,
  counterClockwise,
  signedArea,
  type Point2,
  type Polygon,
  type Segment2,
} from '../../geometry/index.ts'
import { doOverlap, isSimplePolygon } from '../room-geometry.ts'
import type { YamlPath } from '../yaml-source.ts'
import { planError, type PlanContext } from './plan-context.ts'

export interface Shape {
  readonly rect?: readonly [number, number, number, number]
  readonly polygon?: readonly (readonly [number, number])[]
}

export interface PlacedShape {
  /** For people: `Room "103"`. */
  readonly label: string
  readonly polygon: Polygon
  readonly path: YamlPath
}

/** A shape as a counter-clockwise polygon. @throws WARD_ERR_PLAN_SCHEMA when it is none. */
export function readShape(context: PlanContext, { rect, polygon }: Shape, path: YamlPath): Polygon {
  if ((rect === undefined) === (polygon === undefined)) {
    throw planError(
      context,
      path,
      rect === undefined ? 'It has no outline' : 'It has two outlines',
      'Give either "rect: [west, south, width, depth]" or "polygon: [[x, y], …]".',
    )
  }
  if (rect !== undefined) {
    const [west, south, width, depth] = rect
    if (width <= 0 || depth <= 0) {
      throw planError(
        context,
        [...path, 'rect'],
        `Its size is ${width} by ${depth} m`,
        'Give "rect: [west, south, width, depth]" with a width and a depth above zero.',
      )
    }
    return corners(west, south, width, depth)
  }
  const points = polygon!.map(pointOf)
  if (!isSimplePolygon(points)) {
    throw planError(
      context,
      [...path, 'polygon'],
      'Its outline crosses or touches itself',
      'List the corners in order around the shape, each once.',
    )
  }
  if (Math.abs(signedArea(points)) < 1e-6) {
    throw planError(context, [...path, 'polygon'], 'Its outline encloses no area', 'Correct the corners.')
  }
  return counterClockwise(points)
}

/** @throws WARD_ERR_PLAN_SCHEMA when two shapes share more than their edges. */
export function refuseOverlaps(context: PlanContext, shapes: readonly PlacedShape[]): void {
  for (const [index, { label, polygon, path }] of shapes.entries()) {
    const other = shapes.slice(0, index).find((before) => doOverlap(polygon, before.polygon))
    if (other === undefined) continue
    throw planError(
      context,
      path,
      `${label} overlaps ${other.label[0]!.toLowerCase()}${other.label.slice(1)}`,
      'Move one of the two, or change its size: they may share a wall, but no floor.',
    )
  }
}

/** A segment on a side of a polygon's bounding box, from that side's west or south end. */
export function segmentOnSide(
  polygon: Polygon,
  side: 'north' | 'east' | 'south' | 'west',
  offsetM: number,
  widthM: number,
): Segment2 {
  const { minX, minY, maxX, maxY } = boundsOf(polygon)
  if (side === 'north' || side === 'south') {
    const y = side === 'north' ? maxY : minY
    return { a: { x: minX + offsetM, y }, b: { x: minX + offsetM + widthM, y } }
  }
  const x = side === 'east' ? maxX : minX
  return { a: { x, y: minY + offsetM }, b: { x, y: minY + offsetM + widthM } }
}

export function pointOf([x, y]: readonly [number, number]): Point2 {
  return { x, y }
}

function corners(west: number, south: number, width: number, depth: number): Polygon {
  return [
    { x: west, y: south },
    { x: west + width, y: south },
    { x: west + width, y: south + depth },
    { x: west, y: south + depth },
  ]
}
