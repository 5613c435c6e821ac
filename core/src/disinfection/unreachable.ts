import { boundsOf } from '../geometry/polygon.ts'
import type { Point2, Pose2 } from '../geometry/types.ts'
import { createIrradianceField } from './irradiance-field.ts'
import { isOutsideRoom } from './surfaces.ts'
import type { LampModel, MissedSurface, RoomModel, Surface } from './types.ts'

export interface UnreachableInput {
  readonly room: RoomModel
  readonly lamp: LampModel
  readonly surfaces: readonly Surface[]
  /** Irradiance that each surface would need from some stop to be promised, mW/cm². */
  readonly neededMwPerCm2: readonly number[]
  /** Where the robot can stop. */
  readonly places: readonly Point2[]
  /** Of a unit that does not move: the one place, and how the lamp is turned there. */
  readonly fixedAt?: Pose2 | undefined
  /** Free floor that the robot cannot stand on or get to. */
  readonly closedPlaces: readonly Point2[]
}

/** So many places suffice to tell what stands in the light. */
const PLACES_TO_ASK = 80

/**
 * Why no stop reaches these surfaces, and what would help. The causes are told apart by taking things
 * away: all furniture and all walls, then all furniture, then one piece at a time.
 */
export function explainUnreachable(input: UnreachableInput): MissedSurface[] {
  const { room, surfaces, neededMwPerCm2 } = input
  if (surfaces.length === 0) return []
  const places = thinned(input.places)
  const where = input.fixedAt === undefined ? 'every place where the robot can stop' : 'where the unit hangs'
  const indices = surfaces.map((_, index) => index)
  const needed = (index: number) => 1000 * neededMwPerCm2[index]!
  const bestIn = (model: RoomModel, asked: readonly number[], from: readonly Point2[]) =>
    bestIrradiance(
      asked.map((index) => surfaces[index]!),
      model,
      input.lamp,
      from,
      input.fixedAt?.theta ?? 0,
    )

  const bare: RoomModel = { ...room, obstacles: [] }
  const inTheOpen = bestIn(withoutWalls(bare), indices, places)
  const withoutFurniture = bestIn(bare, indices, places)
  const fromClosedPlaces = bestIn(room, indices, thinned(input.closedPlaces))
  const shaded = indices.filter((index) => withoutFurniture[index]! >= needed(index))
  const culprits = culpritsOf(shaded, room, needed, (model) => bestIn(model, shaded, places))

  return surfaces.map((surface, index): MissedSurface => {
    const { id, label } = surface
    if (isOutsideRoom(surface, room)) {
      return {
        id,
        label,
        reason: 'outsideRoom',
        explanation: "outside of the room's walls, or within them",
        remedy: 'Correct the floor plan: this stands in a wall or in another room.',
      }
    }
    const culprit = culprits.get(index)
    if (culprit !== undefined) {
      return {
        id,
        label,
        reason: 'shadowed',
        explanation: `in the shadow of the ${culprit}`,
        remedy: `Move the ${culprit}, or wipe this by hand.`,
      }
    }
    if (fromClosedPlaces[index]! >= needed(index)) {
      return {
        id,
        label,
        reason: 'robotCannotReach',
        explanation: 'the robot cannot get to where it would light this',
        remedy: 'Make room for the robot in front of it, or wipe it by hand.',
      }
    }
    if (inTheOpen[index] === 0) {
      return {
        id,
        label,
        reason: 'facesAway',
        explanation: facingAway(surface, where),
        remedy: 'Wipe it by hand.',
      }
    }
    if (withoutFurniture[index]! >= needed(index)) {
      return {
        id,
        label,
        reason: 'shadowed',
        explanation: 'in the shadow of several pieces of furniture',
        remedy: 'Move the furniture apart, or wipe this by hand.',
      }
    }
    if (inTheOpen[index]! >= needed(index)) {
      return {
        id,
        label,
        reason: 'shadowed',
        explanation: 'behind a corner of the room',
        remedy: 'Wipe it by hand.',
      }
    }
    return {
      id,
      label,
      reason: 'tooFar',
      explanation: `too far from, or too steep to, ${where}`,
      remedy: 'Wipe it by hand.',
    }
  })
}

function facingAway({ normal }: Surface, where: string): string {
  if (normal.z > 0.5) return 'higher than the lamp'
  if (normal.z < -0.5) return 'faces down, lower than the lamp'
  return `faces away from ${where}`
}

/** For each shaded surface the one piece of furniture whose removal would bring it most light, if that is enough. */
function culpritsOf(
  shaded: readonly number[],
  room: RoomModel,
  needed: (index: number) => number,
  bestIn: (model: RoomModel) => Float64Array,
): Map<number, string> {
  const culprits = new Map<number, string>()
  if (shaded.length === 0) return culprits
  const most = new Float64Array(shaded.length)
  for (const { id, name } of room.obstacles) {
    const best = bestIn({ ...room, obstacles: room.obstacles.filter((other) => other.id !== id) })
    shaded.forEach((index, position) => {
      if (best[position]! < needed(index) || best[position]! <= most[position]!) return
      most[position] = best[position]!
      culprits.set(index, name)
    })
  }
  return culprits
}

/** The most that each surface gets from any of the places, µW/cm². */
function bestIrradiance(
  surfaces: readonly Surface[],
  room: RoomModel,
  lamp: LampModel,
  places: readonly Point2[],
  theta: number,
): Float64Array {
  const field = createIrradianceField(surfaces, room, lamp)
  const best = new Float64Array(surfaces.length)
  for (const { x, y } of places) {
    const here = field.at({ x, y, theta })
    for (let index = 0; index < best.length; index += 1) {
      if (here[index]! > best[index]!) best[index] = here[index]!
    }
  }
  return best
}

/** The same without its own walls: a box around it that is convex and shadows nothing. */
function withoutWalls(room: RoomModel): RoomModel {
  const { minX, minY, maxX, maxY } = boundsOf(room.polygon)
  return {
    ...room,
    polygon: [
      { x: minX - 1, y: minY - 1 },
      { x: maxX + 1, y: minY - 1 },
      { x: maxX + 1, y: maxY + 1 },
      { x: minX - 1, y: maxY + 1 },
    ],
  }
}

function thinned(places: readonly Point2[]): readonly Point2[] {
  const stride = Math.ceil(places.length / PLACES_TO_ASK)
  return places.filter((_, index) => index % stride === 0)
}
