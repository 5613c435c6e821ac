import { wardError } from '../../errors/index.ts'
import type { Level, Room } from '../../floor/types.ts'
import { roomModelOf } from '../room-model.ts'
import type { RoomModel } from '../types.ts'
import { PEROXIDE_METHODS, type PeroxideMethod } from './methods.ts'
import { gasNeighboursOf } from './neighbours.ts'
import { predictPeroxideCycle, type GasNeighbour, type PeroxideCycle } from './predict-cycle.ts'

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

/** What a cycle is planned from: plain data, to be handed to another thread. */
export interface PeroxidePlanInput {
  readonly method: PeroxideMethod
  readonly name: string
  readonly room: RoomModel
  readonly volumeM3: number
  readonly airChangesPerHour: number | null
  readonly neighbours: readonly GasNeighbour[]
  /** Whether people will tape the gaps of its doors. */
  readonly areDoorsTaped: boolean
}

export function peroxidePlanInputOf(
  level: Level,
  room: Room,
  method: PeroxideMethod,
  areDoorsTaped: boolean,
): PeroxidePlanInput {
  const { name, volumeM3, airChangesPerHour } = room
  return {
    method,
    name,
    room: roomModelOf(level, room),
    volumeM3,
    airChangesPerHour,
    neighbours: gasNeighboursOf(level, room),
    areDoorsTaped,
  }
}

/**
 * The cycle to order, with what is to be expected of it.
 *
 * @throws WARD_ERR_TREATMENT_IMPOSSIBLE with every reason for which it must not be run
 */
export function proposePeroxideCycle({
  method,
  name,
  room,
  volumeM3,
  airChangesPerHour,
  neighbours,
  areDoorsTaped,
}: PeroxidePlanInput): { readonly cycle: PeroxidePlan; readonly prediction: PeroxideCycle } {
  const prediction = predictPeroxideCycle({
    method,
    room: { name, volumeM3, airChangesPerHour, neighbours },
    areDoorsTaped,
    temperatureC: null,
    relativeHumidityPercent: null,
  })
  if (prediction.refusals.length > 0) {
    throw wardError('WARD_ERR_TREATMENT_IMPOSSIBLE', {
      what: prediction.refusals.join(' '),
      where: name,
      remedy: 'Tape the doors, see to the ventilation, or choose another method.',
    })
  }
  const facts = PEROXIDE_METHODS[method]
  const cycle: PeroxidePlan = {
    method,
    room,
    volumeM3,
    airChangesPerHour,
    h2o2G: prediction.h2o2G,
    solutionMl: prediction.solutionMl,
    rateGPerMin: facts.rateGPerMinPerM3 * volumeM3,
    // No more than the air was ever measured to hold: beyond it the generator only wets.
    ceilingPpm: Math.max(...facts.saturationPpm),
    targetPpm: facts.targetPpm,
    dwellS: facts.dwellS,
    neighbours: neighbours.map(({ id, name: beyond }) => ({ roomId: id, name: beyond })),
    areDoorsTaped,
    expectedS: prediction.totalS.likely,
  }
  return { cycle, prediction }
}

/** As `proposePeroxideCycle`, for a room of a floor plan, without the prediction. */
export function planPeroxideCycle(
  level: Level,
  room: Room,
  method: PeroxideMethod,
  areDoorsTaped: boolean,
): PeroxidePlan {
  return proposePeroxideCycle(peroxidePlanInputOf(level, room, method, areDoorsTaped)).cycle
}
