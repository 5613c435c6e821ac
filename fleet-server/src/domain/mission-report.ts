import { doseStatistics, type Surface, type TreatmentPlan } from '@wardlight/core/disinfection'
import type { DoseReport, UvMissionReport } from '@wardlight/core/fleet'
import { promisedSurfaceIds } from './verdict.ts'

type Context = Omit<UvMissionReport, 'method' | 'dose' | 'surfaces' | 'surfaceDoses' | 'doseMjPerCm2'>

/**
 * The report as people read it.
 *
 * @param planned `surfacesOf` the approved plan's room
 * @param found `surfacesOf` the report's room, in the order of its doses
 */
export function uvMissionReport(
  dose: DoseReport,
  plan: TreatmentPlan,
  planned: readonly Surface[],
  found: readonly Surface[],
  context: Context,
): UvMissionReport {
  const promised = promisedSurfaceIds(plan, planned)
  const missed = new Set(dose.missed.map(({ id }) => id))
  const predicted = new Map(planned.map(({ id }, index) => [id, plan.predictedMjPerCm2[index] ?? null]))
  const promisedDoses = dose.deliveredMjPerCm2.filter((_, index) => {
    const surface = found[index]
    return surface !== undefined && promised.has(surface.id)
  })
  return {
    method: 'uv',
    dose,
    ...context,
    surfaces: {
      total: found.length,
      reached: found.filter(({ id }) => !missed.has(id)).length,
      promised: promised.size,
    },
    surfaceDoses: found.map(({ id, label }, index) => ({
      id,
      label,
      plannedMjPerCm2: hundredths(predicted.get(id) ?? null),
      deliveredMjPerCm2: dose.deliveredMjPerCm2[index] ?? 0,
      isPromised: promised.has(id),
    })),
    doseMjPerCm2: doseStatistics(promisedDoses),
  }
}

/** As the robot's doses are rounded: down. */
function hundredths(value: number | null): number | null {
  return value === null ? null : Math.floor(100 * value) / 100
}
