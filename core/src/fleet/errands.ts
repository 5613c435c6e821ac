import Type, { type Static } from 'typebox'

/** An errand is a mission without lamp and gas: docking, decontamination, a visit. Times: wall time, ms since 1970. */
const errand = {
  missionId: Type.String(),
  robotId: Type.String(),
  /** `completed`: what was asked for is done. */
  verdict: Type.Enum(['completed', 'aborted']),
  startedAtEpochMs: Type.Number(),
  endedAtEpochMs: Type.Number(),
}
const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()])
const fraction = Type.Number({ minimum: 0, maximum: 1 })

export const DockPhaseSchema = Type.Enum([
  'traveling',
  /** Restarted: looks whether it charges. */
  'looking',
  /** The docking server has the wheels. */
  'approaching',
  /** In the dock; waits for current. */
  'contact',
  /** Out of the dock, to try again. */
  'backing',
  'charging',
  /** Stopped or paused; goes on when somebody resumes it. */
  'held',
  'finished',
])
export type DockPhase = Static<typeof DockPhaseSchema>

export const DockEndSchema = Type.Enum([
  'charged',
  'doesNotCharge',
  'dockNotFound',
  'outOfReach',
  'noDockingServer',
  'canceled',
  'travelFailed',
  'heldTooLong',
])
export type DockEnd = Static<typeof DockEndSchema>

/** `actionResult` of `dock`. */
export const DockReportSchema = Type.Object({
  kind: Type.Literal('dock'),
  ...errand,
  dockId: Type.String(),
  end: DockEndSchema,
  /** How often the dock was approached. */
  tries: Type.Integer({ minimum: 0 }),
  /** Charge at the first and at the last measurement; `null` when there was none. */
  fromFraction: orNull(fraction),
  toFraction: orNull(fraction),
  /** Whether it stands in the dock now. */
  isDocked: Type.Boolean(),
})
export type DockReport = Static<typeof DockReportSchema>

export const DecontaminationPhaseSchema = Type.Enum([
  'traveling',
  /** A person wipes it, and confirms. */
  'wiping',
  /** Stands in the station. */
  'standing',
  'held',
  'finished',
])
export type DecontaminationPhase = Static<typeof DecontaminationPhaseSchema>

export const DecontaminationMethodSchema = Type.Enum(['wipe', 'uvStation'])
export type DecontaminationMethod = Static<typeof DecontaminationMethodSchema>

export const DecontaminationEndSchema = Type.Enum([
  'decontaminated',
  'notConfirmed',
  /** It did not stand still where it should: nobody knows what the station reached. */
  'leftStation',
  'canceled',
  'travelFailed',
  'heldTooLong',
])
export type DecontaminationEnd = Static<typeof DecontaminationEndSchema>

/** `actionResult` of `decontaminate`. */
export const DecontaminationReportSchema = Type.Object({
  kind: Type.Literal('decontamination'),
  ...errand,
  zone: Type.String(),
  organism: orNull(Type.String()),
  method: DecontaminationMethodSchema,
  end: DecontaminationEndSchema,
  /** Whether the robot still counts as carrying what it came with. */
  isContaminated: Type.Boolean(),
  /** Who wiped, or the station; `null` when nobody did. */
  by: orNull(Type.String()),
  /** When it was done; `null` when it was not. */
  doneAtEpochMs: orNull(Type.Number()),
  /** What was confirmed. */
  items: Type.Array(Type.String()),
  /** Unbroken time in the station, seconds. */
  stationS: Type.Number({ minimum: 0 }),
})
export type DecontaminationReport = Static<typeof DecontaminationReportSchema>

export const VisitPhaseSchema = Type.Enum([
  'traveling',
  /** At the bedside: says who comes, and asks. */
  'announcing',
  /** Nobody drives by hand; the robot stands. */
  'autonomous',
  /** A session has the drive. */
  'driven',
  /** The drive was given up or taken; the robot comes to a stand. */
  'stopping',
  'held',
  /** Ended; comes to a stand before the order goes on. */
  'leaving',
  'finished',
])
export type VisitPhase = Static<typeof VisitPhaseSchema>

export const VisitEndSchema = Type.Enum([
  'ended',
  'refused',
  'noConsent',
  'canceled',
  'travelFailed',
  'timedOut',
  'heldTooLong',
])
export type VisitEnd = Static<typeof VisitEndSchema>

/** `actionResult` of `startTelepresence`. Who, when and which bed; never media. */
export const VisitReportSchema = Type.Object({
  kind: Type.Literal('visit'),
  ...errand,
  visitor: Type.String(),
  end: VisitEndSchema,
  consent: orNull(
    Type.Object({ isGiven: Type.Boolean(), answeredBy: Type.String(), atEpochMs: Type.Number() }),
  ),
  endedBy: orNull(Type.String()),
  drives: Type.Array(
    Type.Object({
      sessionId: Type.String(),
      driver: Type.String(),
      fromEpochMs: Type.Number(),
      /** `null`: the program ended while it was driven. */
      toEpochMs: orNull(Type.Number()),
    }),
  ),
  /** Commands that the drive gate did not carry out, by reason. */
  refusedCommands: Type.Record(Type.String(), Type.Integer({ minimum: 0 })),
})
export type VisitReport = Static<typeof VisitReportSchema>

export const ErrandReportSchema = Type.Union([
  DockReportSchema,
  DecontaminationReportSchema,
  VisitReportSchema,
])
export type ErrandReport = Static<typeof ErrandReportSchema>
