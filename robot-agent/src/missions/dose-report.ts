import {
  explainMissed,
  surfacesOf,
  type LampModel,
  type MissedSurface,
  type RoomModel,
  type TreatmentPlan,
} from '@wardlight/core/disinfection'
import type { DoseReport, Instruments, InterlockEvent, Verdict } from '@wardlight/core/fleet'
import type { DoseLedger } from './dose-ledger.ts'
import type { MissionEnd, StopProgress } from './uv-mission.ts'

/** Ids of the surfaces that a plan promises. */
export function promisedSurfaceIds(plan: TreatmentPlan): ReadonlySet<string> {
  const unreachable = new Set(plan.unreachable.map(({ id }) => id))
  return new Set(
    surfacesOf(plan.room, plan.surfaceSizeM)
      .map(({ id }) => id)
      .filter((id) => !unreachable.has(id)),
  )
}

/** How many of the promised surfaces are under the target; one that is not in the ledger counts as such. */
export function countUnderDosed(
  promised: ReadonlySet<string>,
  ledger: DoseLedger,
  targetMjPerCm2: number,
): number {
  const doses = new Map(ledger.surfaces.map(({ id }, index) => [id, ledger.doseMjPerCm2[index]!]))
  let count = 0
  for (const id of promised) if (!((doses.get(id) ?? 0) >= targetMjPerCm2)) count += 1
  return count
}

function verdictOf(end: MissionEnd, hasDose: boolean, underDosed: number, isMeasured: boolean): Verdict {
  if (!hasDose) return 'aborted'
  return end === 'completed' && underDosed === 0 && isMeasured ? 'proven' : 'incomplete'
}

export interface ReportInput {
  readonly missionId: string
  readonly robotId: string
  /** As the fleet approved it: it makes the promise. */
  readonly approvedPlan: TreatmentPlan
  /** As the robot drove it, on the room as found. */
  readonly plan: TreatmentPlan
  /** `null` when the mission ended before the room was surveyed. */
  readonly ledger: DoseLedger | null
  readonly lamp: LampModel
  readonly end: MissionEnd
  readonly startedAtEpochMs: number
  readonly elapsedS: number
  readonly stops: readonly StopProgress[]
  readonly interlocks: readonly InterlockEvent[]
  readonly timeline: DoseReport['timeline']
  readonly arming: DoseReport['arming']
  /** Left out: nobody keeps a book of them. */
  readonly instruments?: Instruments | undefined
}

/** The evidence of one mission, as it goes to the fleet. */
export function buildDoseReport(input: ReportInput): DoseReport {
  const { approvedPlan, plan, ledger } = input
  const { targetMjPerCm2, surfaceSizeM } = approvedPlan
  const room = ledger?.room ?? plan.room
  const surfaces = ledger?.surfaces ?? surfacesOf(room, surfaceSizeM)
  const delivered = ledger === null ? surfaces.map(() => 0) : [...ledger.doseMjPerCm2]
  const promised = promisedSurfaceIds(approvedPlan)
  const underDosed = ledger === null ? promised.size : countUnderDosed(promised, ledger, targetMjPerCm2)
  // A sensor that tells of light from a lamp that is switched off may have told of light that was not there.
  const isMeasured = !input.interlocks.some(({ kind }) => kind === 'lamp.stuckOn')
  const verdict = verdictOf(input.end, ledger?.hasDose ?? false, underDosed, isMeasured)
  return {
    missionId: input.missionId,
    robotId: input.robotId,
    roomId: room.roomId,
    organismId: approvedPlan.organismId,
    targetLog: approvedPlan.targetLog,
    targetMjPerCm2,
    verdict,
    startedAt: new Date(input.startedAtEpochMs).toISOString(),
    finishedAt: new Date(input.startedAtEpochMs + input.elapsedS * 1000).toISOString(),
    plannedS: approvedPlan.plannedS,
    elapsedS: rounded(input.elapsedS, 1000),
    lampOnS: rounded(ledger?.lampOnS ?? 0, 1000),
    stops: input.stops.map((stop) => ({ ...stop, deliveredDwellS: rounded(stop.deliveredDwellS, 1000) })),
    room: wireRoom(room),
    surfaceSizeM,
    deliveredMjPerCm2: roundedDoses(delivered),
    missed: explainMissed({
      room,
      surfaces,
      deliveredMjPerCm2: delivered,
      targetMjPerCm2,
      plan,
      wasInterrupted: input.end !== 'completed',
      lamp: input.lamp,
    }).map((missed) => withSkippedStops(missed, input)),
    interlocks: [...input.interlocks],
    timeline: input.timeline,
    arming: input.arming,
    ...(input.instruments === undefined ? {} : { instruments: input.instruments }),
  }
}

/** A dwell of a completed mission that is not over was left out: the robot did not get to its stop. */
function withSkippedStops(missed: MissedSurface, { end, stops }: ReportInput): MissedSurface {
  const skipped = stops.filter(({ deliveredDwellS, plannedDwellS }) => deliveredDwellS < plannedDwellS)
  if (end !== 'completed' || skipped.length === 0 || missed.reason !== 'underDosed') return missed
  const places = [...new Set(skipped.map(({ x, y }) => `(${x.toFixed(1)}, ${y.toFixed(1)})`))].join(', ')
  return {
    ...missed,
    reason: 'robotCannotReach',
    explanation: `${missed.explanation}; the robot did not get to ${places}`,
    remedy: `Clear the way to ${places} and run it again. What it got counts.`,
  }
}

/** Doses as they go over the wire: down to 0.01, so that rounding never makes one reach its target. */
export function roundedDoses(doses: Iterable<number>): number[] {
  return [...doses].map((dose) => Math.floor(dose * 100 + 1e-6) / 100)
}

function rounded(value: number, perUnit: number): number {
  return Math.round(value * perUnit) / perUnit
}

/** A mutable copy in the shape of `RoomModelSchema`. */
function wireRoom(room: RoomModel): DoseReport['room'] {
  return {
    roomId: room.roomId,
    levelId: room.levelId,
    polygon: [...room.polygon],
    heightM: room.heightM,
    obstacles: room.obstacles.map((obstacle) => ({ ...obstacle, footprint: [...obstacle.footprint] })),
    doors: [...room.doors],
    ...(room.touchPoints === undefined
      ? {}
      : {
          touchPoints: room.touchPoints.map((point) => ({
            ...point,
            sizeM: [...point.sizeM] as [number, number],
          })),
        }),
    ...(room.isFloorTreated === undefined ? {} : { isFloorTreated: room.isFloorTreated }),
  }
}
