import type { OccupancyGrid } from '../geometry/types.ts'
import type { FloorPlan, Level } from '../floor/types.ts'

/** `GET /api/floor`: the plan, with each grid's cells left out (they come as bytes from a route of their own). */
export interface FloorPlanView extends Omit<FloorPlan, 'levels'> {
  readonly levels: readonly LevelView[]
}

export interface LevelView extends Omit<Level, 'occupancy'> {
  readonly occupancy: Omit<OccupancyGrid, 'data'> | null
}

export function floorPlanView(plan: FloorPlan): FloorPlanView {
  return {
    ...plan,
    levels: plan.levels.map((level) => {
      if (level.occupancy === null) return { ...level, occupancy: null }
      const { data: _, ...meta } = level.occupancy
      return { ...level, occupancy: meta }
    }),
  }
}
