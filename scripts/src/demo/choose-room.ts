import {
  gasNeighboursOf,
  OUTSIDE_LIMITS_PPM,
  predictPeroxideCycle,
  type PeroxideMethod,
} from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import {
  findLevel,
  findRoom,
  type FloorPlan,
  type FoundRoom,
  type Level,
  type Room,
} from '@wardlight/core/floor'

/** Rooms that a robot is sent to, the likeliest first. */
const preferred = ['isolationRoom', 'patientRoom', 'other'] as const
const leastM2 = 6
/** Of rooms for light, and of rooms for gas, which one robot can fill. */
const mostM2 = { light: 60, gas: 45 } as const
/** What gets next door stays under so much of the alarm. */
const margin = 0.5

/**
 * The room that the caller named, or one that such a hospital would treat: one that can be sealed with room to spare where
 * there is to be gas.
 */
export function chooseRoom(
  plan: FloorPlan,
  {
    room: name,
    level: levelName,
  }: { readonly room?: string | undefined; readonly level?: string | undefined },
  gas: PeroxideMethod | null = null,
): FoundRoom {
  const only = levelName === undefined ? undefined : findLevel(plan, levelName)
  if (name !== undefined) return findRoom(plan, name, only?.id)
  const most = gas === null ? mostM2.light : mostM2.gas
  for (const kind of preferred) {
    for (const level of only === undefined ? plan.levels : [only]) {
      const room = level.rooms.find(
        (candidate) =>
          candidate.kind === kind &&
          candidate.areaM2 >= leastM2 &&
          candidate.areaM2 <= most &&
          candidate.doorIds.length > 0 &&
          (gas === null || canBeSealed(level, candidate, gas)),
      )
      if (room !== undefined) return { level, room }
    }
  }
  const what = gas === null ? 'with a door' : `that can be sealed for ${gas}`
  throw wardError('WARD_ERR_ROOM_UNKNOWN', {
    what: `${plan.name} has no room of ${leastM2} to ${most} m² ${what}`,
  })
}

function canBeSealed(level: Level, room: Room, method: PeroxideMethod): boolean {
  const { refusals, neighbours } = predictPeroxideCycle({
    method,
    room: { ...room, neighbours: gasNeighboursOf(level, room) },
    areDoorsTaped: true,
    temperatureC: null,
    relativeHumidityPercent: null,
  })
  const worstPpm = Math.max(0, ...neighbours.map(({ peakPpm }) => peakPpm))
  return refusals.length === 0 && worstPpm <= margin * OUTSIDE_LIMITS_PPM.stopGas
}
