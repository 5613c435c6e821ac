import type { LampModel } from '@wardlight/core/disinfection'
import { ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import { roomAt } from '@wardlight/core/floor'
import type { Pose2 } from '@wardlight/core/geometry'
import { outOfService } from '../domain/care/robot-service.ts'
import type { RobotRegistry } from '../robots/robot-registry.ts'
import type { FloorIndex } from './floor-index.ts'

/** A robot that hangs in a room and gives light. */
export interface FixedUnit {
  readonly robotId: string
  readonly at: Pose2
  /** `null`: it does not say. */
  readonly lamp: LampModel | null
}

/** Units that hang in a room, in service and heard of: those that a plan may be made for. */
export function unitsIn(registry: RobotRegistry, floor: FloorIndex, roomId: string): FixedUnit[] {
  const { level } = floor.room(roomId)
  return registry.views().flatMap((view): FixedUnit[] => {
    const { id, isFixed, position, connection } = view
    if (!isFixed || connection !== 'ONLINE' || outOfService(view) !== null) return []
    if (position === null || position.levelId !== level.id || roomAt(level, position)?.id !== roomId)
      return []
    if (registry.actionTypes(id)?.has(ROBOT_ACTION_TYPES.startUvDose) !== true) return []
    const { x, y, theta } = position
    return [{ robotId: id, at: { x, y, theta }, lamp: registry.fixedLamp(id) }]
  })
}
