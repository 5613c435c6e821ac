import { wardError } from '../../errors/index.ts'
import type { Level, Room } from '../../floor/types.ts'
import { roomModelOf } from '../room-model.ts'
import type { RoomModel } from '../types.ts'
import { PEROXIDE_METHODS, type PeroxideMethod } from './methods.ts'
import { gasNeighboursOf } from './neighbours.ts'
import { predictPeroxideCycle } from './predict-cycle.ts'

/** A cycle as a robot is ordered to run it. Everything that the robot needs to refuse it is in it. */
export interface PeroxidePlan {
  readonly method: PeroxideMethod
  readonly room: RoomModel
  readonly volumeM3: number
  /** With its ventilation on; `null`: the plan does not say. */
  readonly airChangesPerHour: number | null
  /** Pure H2O2 to be brought in, g. */
  readonly h2o2G: number
  readonly solutionMl: number
  readonly rateGPerMin: number
  /** Where any sensor in the room reads more, no more is brought in, ppm. */
  readonly ceilingPpm: number
  readonly targetPpm: number
  readonly dwellS: number
  readonly neighbours: readonly { readonly roomId: string; readonly name: string }[]
  readonly areDoorsTaped: boolean
  /** The likely duration of the whole. */
  readonly expectedS: number
}

/**
 * Plans a cycle for a room of a floor plan.
 *
 * @param areDoorsTaped whether people will tape the gaps of its doors
 * @throws WARD_ERR_TREATMENT_IMPOSSIBLE with every reason for which it must not be run
 */
export function planPeroxideCycle(
  level: Level,
  room: Room,
  method: PeroxideMethod,
  areDoorsTaped: boolean,
): PeroxidePlan {
  const neighbours = gasNeighboursOf(level, room)
  const { name, volumeM3, airChangesPerHour } = room
  const cycle = predictPeroxideCycle({
    method,
    room: { name, volumeM3, airChangesPerHour, neighbours },
    areDoorsTaped,
    temperatureC: null,
    relativeHumidityPercent: null,
  })
  if (cycle.refusals.length > 0) {
    throw wardError('WARD_ERR_TREATMENT_IMPOSSIBLE', {
      what: cycle.refusals.join(' '),
      where: name,
      remedy: 'Tape the doors, see to the ventilation, or choose another method.',
    })
  }
  const facts = PEROXIDE_METHODS[method]
  return {
    method,
    room: roomModelOf(level, room),
    volumeM3,
    airChangesPerHour,
    h2o2G: cycle.h2o2G,
    solutionMl: cycle.solutionMl,
    rateGPerMin: facts.rateGPerMinPerM3 * volumeM3,
    // No more than the air was ever measured to hold: beyond it the generator only wets.
    ceilingPpm: Math.max(...facts.saturationPpm),
    targetPpm: facts.targetPpm,
    dwellS: facts.dwellS,
    neighbours: neighbours.map(({ id, name: beyond }) => ({ roomId: id, name: beyond })),
    areDoorsTaped,
    expectedS: cycle.totalS.likely,
  }
}
