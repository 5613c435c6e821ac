import type { PeroxideMethod } from '@wardlight/core/disinfection'
import { VAPORISER_KEYS } from '@wardlight/core/fleet'
import type { Factsheet } from '@wardlight/core/vda5050'

/** A generator of hydrogen peroxide, as a factsheet describes it. */
export interface VaporiserOffer {
  readonly method: PeroxideMethod
  /** Pure H2O2. */
  readonly maxRateGPerMin: number
  readonly tankMl: number
}

/** Reads it from the factsheet's versions of hardware; `null` where there is none, or it says half of it. */
export function vaporiserOf({ mobileRobotConfiguration }: Factsheet): VaporiserOffer | null {
  const versions = new Map(mobileRobotConfiguration?.versions?.map(({ key, value }) => [key, value]))
  const method = versions.get(VAPORISER_KEYS.method)
  const maxRateGPerMin = Number(versions.get(VAPORISER_KEYS.maxRateGPerMin))
  const tankMl = Number(versions.get(VAPORISER_KEYS.tankMl))
  if ((method !== 'hpv' && method !== 'ahp') || !(maxRateGPerMin > 0) || !(tankMl > 0)) return null
  return { method, maxRateGPerMin, tankMl }
}
