import {
  CLEARANCE_LIMITS,
  conditioningNeeds,
  OUTSIDE_LIMITS_PPM,
  type PeroxidePlan,
} from '@wardlight/core/disinfection'
import { damperKey, type DamperState } from '../robot/ports.ts'
import { GAS_GUARD_LIMITS, isStuckOn, type GasGuardState } from '../safety/gas-guard.ts'
import { BUMP_TEST_MS, isFresh, type GasLedger } from './gas-ledger.ts'

/** A sensor of the climate that is silent for longer does not count, ms: it speaks each second. */
const CLIMATE_STALE_MS = 5000

/** What was heard of the room's air, and when; `null` before. */
export interface RoomClimate {
  readonly temperature: { readonly celsius: number; readonly atMs: number } | null
  readonly humidity: { readonly percent: number; readonly atMs: number } | null
}

/** What the room's air still needs before gas, in words; empty when it is in the method's window. */
export function climateNeeds(
  { method }: Pick<PeroxidePlan, 'method'>,
  { temperature, humidity }: RoomClimate,
  nowMs: number,
): string[] {
  if (!isKnown(temperature, temperature?.celsius, nowMs))
    return ['nobody measures the temperature of the room']
  if (!isKnown(humidity, humidity?.percent, nowMs)) return ['nobody measures the humidity of the room']
  return conditioningNeeds({
    method,
    temperatureC: temperature!.celsius,
    relativeHumidityPercent: humidity!.percent,
  }).map(({ what }) => what)
}

function isKnown(heard: { readonly atMs: number } | null, value: number | undefined, nowMs: number): boolean {
  return heard !== null && Number.isFinite(value) && nowMs - heard.atMs <= CLIMATE_STALE_MS
}

/**
 * Why nobody may arm now, in words: everything that a cycle needs and that the supervisor does not look at (people,
 * doors and the robot itself are its own).
 */
export function preCheckBlockers(input: {
  readonly plan: PeroxidePlan
  readonly ledger: GasLedger
  readonly guard: GasGuardState
  readonly climate: RoomClimate
  /** Solution in the tank; `null`: it was not heard of. */
  readonly tankMl: number | null
  readonly nowMs: number
}): string[] {
  const { plan, ledger, guard, climate, tankMl, nowMs } = input
  const blockers: string[] = []
  const sensorsIn = (roomId: string) => [...ledger.heard].filter(([, heard]) => heard.roomId === roomId)
  const check = (roomId: string, limitPpm: number, where: string) => {
    let good = 0
    for (const [id, heard] of sensorsIn(roomId)) {
      if (!isFresh(heard, nowMs)) blockers.push(`sensor ${id} ${where} has no reading`)
      else if (!(heard.bumpTestAgeMs <= BUMP_TEST_MS)) {
        blockers.push(`sensor ${id} ${where} was not tested with gas in the last 24 hours`)
      } else if (!(heard.ppm! <= limitPpm)) {
        blockers.push(`sensor ${id} ${where} reads ${heard.ppm!.toFixed(1)} ppm before any gas`)
      } else good += 1
    }
    return good
  }

  const inside = check(plan.room.roomId, CLEARANCE_LIMITS.limitPpm, 'in the room')
  if (inside < CLEARANCE_LIMITS.sensors) {
    blockers.push(`${inside} of ${CLEARANCE_LIMITS.sensors} gas sensors in the room are ready`)
  }
  for (const { roomId, name } of plan.neighbours) {
    if (check(roomId, OUTSIDE_LIMITS_PPM.stopGas, `in ${name}`) === 0) {
      blockers.push(`no gas sensor is ready in ${name}`)
    }
  }
  for (const which of ['supply', 'exhaust'] as const) {
    const key = damperKey(plan.room.roomId, which)
    const heard = Object.hasOwn(guard.dampers, key) ? guard.dampers[key] : undefined
    if (heard === undefined || nowMs - heard.heardAtMs > GAS_GUARD_LIMITS.staleMs) {
      blockers.push(`the ${which} damper is silent`)
    } else if (!IS_USABLE[heard.state]) blockers.push(`the ${which} damper is ${heard.state}`)
  }
  if (!(nowMs - guard.rateHeardAtMs <= GAS_GUARD_LIMITS.staleMs)) blockers.push('the generator is silent')
  else if (isStuckOn(guard, nowMs)) blockers.push('the generator runs though nobody wants it to')
  if (tankMl === null || !(tankMl >= plan.solutionMl)) {
    const left =
      tankMl === null || Number.isNaN(tankMl) ? 'nobody knows how much' : `${Math.round(tankMl)} ml`
    blockers.push(`the tank holds ${left}, the room needs ${Math.ceil(plan.solutionMl)} ml`)
  }
  return [...blockers, ...climateNeeds(plan, climate, nowMs)]
}

const IS_USABLE: Readonly<Record<DamperState, boolean>> = {
  shut: true,
  open: true,
  moving: true,
  faulty: false,
  lost: false,
}
