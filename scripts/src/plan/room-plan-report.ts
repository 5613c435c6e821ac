import { doseStatistics, organismById, surfacesOf, type MissedSurface } from '@wardlight/core/disinfection'
import { minutes } from '../minutes.ts'
import type { RoomPlan } from './room-plan.ts'

/** Surfaces that a plan does not promise, of one reason and one remedy. */
interface MissedGroup extends Pick<MissedSurface, 'reason' | 'explanation' | 'remedy'> {
  readonly count: number
  readonly surfaces: readonly Pick<MissedSurface, 'id' | 'label'>[]
}

/** What `wardlight plan --map … --json` prints. */
export function roomPlanReport({ roomName, levelName, target, plan, computeS }: RoomPlan) {
  const missed = new Set(plan.unreachable.map(({ id }) => id))
  const surfaces = surfacesOf(plan.room, plan.surfaceSizeM)
  const touched = surfaces.filter(({ isHighTouch }) => isHighTouch)
  const { min, p5, p50 } = doseStatistics(
    plan.predictedMjPerCm2.filter((_, index) => !missed.has(surfaces[index]!.id)),
  )
  return {
    roomId: plan.room.roomId,
    room: roomName,
    level: levelName,
    organism: target?.organismId ?? null,
    targetLog: target?.log ?? null,
    targetMjPerCm2: round(plan.targetMjPerCm2),
    plannedSeconds: plan.plannedS,
    dwellSeconds: plan.dwellS,
    travelSeconds: plan.travelS,
    stops: plan.stops.map(({ x, y, theta, dwellS }) => ({ x, y, theta: round(theta), dwellSeconds: dwellS })),
    options: plan.options ?? {},
    /** Seconds until the last promised high-touch surface has its dose; `null` when none is promised. */
    highTouchDoneSeconds: plan.highTouchDoneS ?? null,
    surfaces: {
      total: surfaces.length,
      promised: surfaces.length - missed.size,
      highTouch: {
        total: touched.length,
        promised: touched.filter(({ id }) => !missed.has(id)).length,
      },
      unreachable: missedGroups(plan.unreachable),
    },
    /** Predicted, of the promised surfaces. */
    doseMjPerCm2: { min: round(min), p5: round(p5), p50: round(p50) },
    notes: plan.notes,
    computeSeconds: round(computeS),
  }
}

/** What `wardlight plan --map …` prints for people. */
export function printRoomPlan(roomPlan: RoomPlan): string {
  const report = roomPlanReport(roomPlan)
  const { surfaces, stops, doseMjPerCm2: dose } = report
  const against =
    report.organism === null
      ? `a dose of ${report.targetMjPerCm2} mJ/cm²`
      : `${organismById(report.organism).name}, ${report.targetLog} log: ${report.targetMjPerCm2} mJ/cm²`
  const lines = [
    `${report.room} (${report.level}): ${stops.length} stops, ${minutes(report.plannedSeconds)} in the room`,
    `  against        ${against}`,
    `  time           ${minutes(report.dwellSeconds)} of light at the stops, ${minutes(report.travelSeconds)} between them`,
    `  surfaces       ${surfaces.promised} of ${surfaces.total} will get the target`,
    ...highTouchLines(report),
    `  dose           least ${dose.min} mJ/cm², 5th percentile ${dose.p5}, median ${dose.p50} (promised surfaces)`,
    ...report.notes.map((note) => `  note           ${note}`),
    `  computed in    ${report.computeSeconds.toFixed(1)} s`,
    '',
    'stop      x m      y m   light s',
    ...stops.map(({ x, y, dwellSeconds }, index) =>
      [
        String(index + 1).padStart(4),
        x.toFixed(2).padStart(8),
        y.toFixed(2).padStart(8),
        dwellSeconds.toFixed(1).padStart(9),
      ].join(' '),
    ),
  ]
  if (surfaces.unreachable.length > 0) {
    lines.push('', `Not promised: ${surfaces.total - surfaces.promised} of ${surfaces.total} surfaces`)
    for (const { count, explanation, remedy, surfaces: missed } of surfaces.unreachable) {
      lines.push(`  ${String(count).padStart(4)} × ${explanation}${remedy === null ? '' : `. ${remedy}`}`)
      lines.push(`         ${byLabel(missed)}`)
    }
  }
  return `${lines.join('\n')}\n`
}

function highTouchLines({ surfaces, highTouchDoneSeconds }: ReturnType<typeof roomPlanReport>): string[] {
  const { total, promised } = surfaces.highTouch
  if (total === 0) return []
  const when = highTouchDoneSeconds === null ? '' : `, done after ${minutes(highTouchDoneSeconds)}`
  return [`  high-touch     ${promised} of ${total} of what hands touch most${when}`]
}

/** The largest group first. */
function missedGroups(missed: readonly MissedSurface[]): MissedGroup[] {
  const groups = new Map<string, MissedSurface[]>()
  for (const surface of missed) {
    const key = JSON.stringify([surface.reason, surface.explanation, surface.remedy])
    groups.set(key, [...(groups.get(key) ?? []), surface])
  }
  return [...groups.values()]
    .map((group) => {
      const { reason, explanation, remedy } = group[0]!
      const surfaces = group.map(({ id, label }) => ({ id, label }))
      return { reason, explanation, remedy, count: surfaces.length, surfaces }
    })
    .toSorted((a, b) => b.count - a.count)
}

function byLabel(surfaces: MissedGroup['surfaces']): string {
  const counts = new Map<string, number>()
  for (const { label } of surfaces) counts.set(label, (counts.get(label) ?? 0) + 1)
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([label, count]) => (count === 1 ? label : `${label} × ${count}`))
    .join('; ')
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
