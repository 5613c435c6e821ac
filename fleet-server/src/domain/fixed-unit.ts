import type { LampModel, TreatmentPlan } from '@wardlight/core/disinfection'
import { FIXED_LAMP_KEY, LampModelSchema } from '@wardlight/core/fleet'
import type { Factsheet } from '@wardlight/core/vda5050'
import { Compile } from 'typebox/compile'

const lampValidator = Compile(LampModelSchema)

/** A robot whose maximum speed is 0 does not move; before its factsheet nobody knows. */
export function isFixed(factsheet: Factsheet | null): boolean {
  return factsheet?.physicalParameters.maximumSpeed === 0
}

/** The lamp that its factsheet describes; `null` where it describes none that makes sense. */
export function fixedLampOf({ mobileRobotConfiguration }: Factsheet): LampModel | null {
  const told = mobileRobotConfiguration?.versions?.find(({ key }) => key === FIXED_LAMP_KEY)
  if (told === undefined) return null
  try {
    const lamp: unknown = JSON.parse(told.value)
    return lampValidator.Check(lamp) ? lamp : null
  } catch {
    return null
  }
}

export interface UnitPlan {
  readonly unitId: string
  readonly treatment: TreatmentPlan
}

/** The unit that promises most; of those that promise the same, the quickest, then the first by name. */
export function bestUnitPlan(plans: readonly UnitPlan[]): UnitPlan | null {
  const [best] = plans.toSorted(
    (one, other) =>
      one.treatment.unreachable.length - other.treatment.unreachable.length ||
      one.treatment.plannedS - other.treatment.plannedS ||
      one.unitId.localeCompare(other.unitId),
  )
  return best ?? null
}

/** Whether a unit promises every surface that a robot which drives would promise. */
export function promisesAsMuch(unit: TreatmentPlan, driving: TreatmentPlan): boolean {
  const missed = new Set(driving.unreachable.map(({ id }) => id))
  return unit.unreachable.every(({ id }) => missed.has(id))
}
