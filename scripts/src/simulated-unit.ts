import { planTreatment, type LampModel } from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import type { FloorPlan, FoundRoom } from '@wardlight/core/floor'
import {
  distance,
  distanceToBoundary,
  distanceToSegment,
  isInsidePolygon,
  normalizeAngle,
  polygonEdges,
  type Point2,
  type Pose2,
} from '@wardlight/core/geometry'
import { planningInput } from '@wardlight/fleet-server'
import type { RobotGeometry } from '@wardlight/robot-agent'

/** A lamp on a bracket before a wall: four tubes of the usual lamp side by side (proposed). */
export const UNIT_LAMP: LampModel = {
  name: 'wall unit, 4 × 40 W UV-C',
  outputFraction: 1,
  tubes: [-0.15, -0.05, 0.05, 0.15].map((y) => ({
    x: 0,
    y,
    zBottomM: 0.5,
    zTopM: 1.7,
    radiantPowerW: 40,
  })),
}

/** Its body: a bracket of a hand's depth. */
export const SIMULATED_UNIT = { radiusM: 0.12, lengthM: 0.2, widthM: 0.4, heightM: 1.8 } as const

/** A unit that hangs there, on mains. */
export function unitGeometry(at: Pose2): Partial<RobotGeometry> {
  return { ...SIMULATED_UNIT, fixed: { at, power: 'mains' } }
}

/** From the wall to the middle of the lamp, metres. */
const OFF_WALL_M = 0.15
/** Between the places along a wall that are looked at, and how far from doors and furniture they keep, metres. */
const STEP_M = 0.3
const CLEAR_M = 0.35
/** Light is looked at roughly for that. */
const ROUGH_SURFACE_M = 0.5

/** Where somebody who knows what the light reaches would hang a unit in a room: before the wall from which it reaches most. */
export function unitPoseIn(found: FoundRoom): Pose2 {
  const { level, room } = found
  const doors = level.doors.filter(({ id }) => room.doorIds.includes(id))
  const isFree = (place: Point2) =>
    isInsidePolygon(place, room.polygon) &&
    distanceToBoundary(place, room.polygon) > OFF_WALL_M - 1e-6 &&
    doors.every((door) => distanceToSegment(place, door) > CLEAR_M) &&
    room.furniture.every(
      ({ footprint }) => !isInsidePolygon(place, footprint) && distanceToBoundary(place, footprint) > CLEAR_M,
    )
  const input = {
    ...planningInput(found, UNIT_LAMP, { organismId: 'sars-cov-2', targetLog: 3 }),
    surfaceSizeM: ROUGH_SURFACE_M,
  }
  const places = polygonEdges(room.polygon).flatMap(({ a, b }): Pose2[] => {
    const lengthM = distance(a, b)
    // Inwards of a counter-clockwise outline is to the left.
    const theta = normalizeAngle(Math.atan2(b.y - a.y, b.x - a.x) + Math.PI / 2)
    return Array.from({ length: Math.floor(lengthM / STEP_M) }, (_, index) => {
      const along = ((index + 0.5) * STEP_M) / lengthM
      return {
        x: round(a.x + along * (b.x - a.x) + OFF_WALL_M * Math.cos(theta)),
        y: round(a.y + along * (b.y - a.y) + OFF_WALL_M * Math.sin(theta)),
        theta,
      }
    })
  })
  const rated = places.filter(isFree).map((pose) => ({
    pose,
    missed: planTreatment({ ...input, robot: { ...input.robot, fixedAt: pose } }).unreachable.length,
  }))
  const [best] = rated.toSorted((one, other) => one.missed - other.missed)
  if (best === undefined) {
    throw wardError('WARD_ERR_TREATMENT_IMPOSSIBLE', {
      what: `${room.name} has no free piece of wall for a unit`,
      where: `room ${room.id}`,
    })
  }
  return best.pose
}

/** Where a sample hospital would hang one: its first bathroom with a door; `null` where there is none. */
export function unitRoomOf(plan: FloorPlan): FoundRoom | null {
  for (const level of plan.levels) {
    const room = level.rooms.find(({ kind, doorIds }) => kind === 'bathroom' && doorIds.length > 0)
    if (room !== undefined) return { level, room }
  }
  return null
}

function round(metres: number): number {
  return Math.round(1000 * metres) / 1000
}
