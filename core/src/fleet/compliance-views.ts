import Type, { type Static } from 'typebox'

const NullableText = Type.Union([Type.String(), Type.Null()])
const NullableNumber = Type.Union([Type.Number(), Type.Null()])
const Count = Type.Integer({ minimum: 0 })
/** `2026-03`, by the clocks of the hospital. */
export const MonthSchema = Type.String({ pattern: '^20\\d{2}-(0[1-9]|1[0-2])$' })

/** Longer periods are asked for in parts (proposed): every report of the period is read for the answer. */
export const MOST_COMPLIANCE_MONTHS = 24

/** Both months are in it. Left out: this month and the two before it. */
export const ComplianceQuerySchema = Type.Object(
  {
    from: Type.Optional(MonthSchema),
    to: Type.Optional(MonthSchema),
    /** One ward only; left out: all that somebody works on, and the rooms of no ward. */
    ward: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  },
  { additionalProperties: false },
)
export type ComplianceQuery = Static<typeof ComplianceQuerySchema>

/** A request counts in the month in which it was due, and without a due time in the month in which it was made. */
export const DueCountsSchema = Type.Object({
  /** `done` + `failed` + `open` + `missedDates`. */
  due: Count,
  /** The room was released by signature under a proven report: `doneInTime` + `doneLate` + `doneWithoutDueTime`. */
  done: Count,
  doneInTime: Count,
  doneLate: Count,
  doneWithoutDueTime: Count,
  /**
   * Not done, and nothing is under way: its planning failed, a run ended without a proof, or nobody signed before the room's
   * next treatment began.
   */
  failed: Count,
  /** Neither done nor failed: it waits for people or for a robot, is at work, or waits for its signature. */
  open: Count,
  /** Of `failed` and `open`: the due time is over. */
  overdue: Count,
  /** Dates of recurring plans for which nothing was ever requested. */
  missedDates: Count,
  /** Taken back by people; in none of the others. */
  withdrawn: Count,
})
export type DueCounts = Static<typeof DueCountsSchema>

const monthAndWard = { month: Type.String(), ward: NullableText } as const

export const DueRowSchema = Type.Object({ ...monthAndWard, ...DueCountsSchema.properties })
export type DueRow = Static<typeof DueRowSchema>

/** Upper ends of the buckets of turnaround, hours, each included; what took longer has a bucket of its own (proposed). */
export const TURNAROUND_BUCKETS_H = [1, 2, 4, 8, 12, 24, 48] as const

/**
 * From the request to the signature that made the room clean, over the runs themselves. Percentiles by nearest rank: each
 * is the time of one request. `null` where there is none.
 */
export const DistributionSchema = Type.Object({
  count: Count,
  medianS: NullableNumber,
  p90S: NullableNumber,
  longestS: NullableNumber,
  /** One more than `TURNAROUND_BUCKETS_H`. */
  buckets: Type.Array(Count),
})
export type Distribution = Static<typeof DistributionSchema>

export const TurnaroundSchema = Type.Object({
  whole: DistributionSchema,
  byMonth: Type.Array(Type.Object({ month: Type.String(), ...DistributionSchema.properties })),
  byWard: Type.Array(Type.Object({ ward: NullableText, ...DistributionSchema.properties })),
  byMonthAndWard: Type.Array(Type.Object({ ...monthAndWard, ...DistributionSchema.properties })),
})
export type Turnaround = Static<typeof TurnaroundSchema>

/** Runs count in the month in which they ended. */
export const RunRowSchema = Type.Object({
  ...monthAndWard,
  finished: Count,
  proven: Count,
  incomplete: Count,
  aborted: Count,
  /** Over, and nobody has judged it: no evidence came. */
  withoutVerdict: Count,
})
export type RunRow = Static<typeof RunRowSchema>

export const CauseRowSchema = Type.Object({
  ...monthAndWard,
  /**
   * The kind of the last interlock; `stopped` by a person; `evidence`: it contradicts itself or cannot be read; `noReport`;
   * how a cycle of gas ended; `underDosed`: nothing tripped, surfaces missed their dose; `unknown`.
   */
  cause: Type.String(),
  aborted: Count,
  incomplete: Count,
  withoutVerdict: Count,
})
export type CauseRow = Static<typeof CauseRowSchema>

/** A surface that light missed in two runs of the same room or more. */
export const MissedRowSchema = Type.Object({
  roomId: Type.String(),
  roomName: Type.String(),
  ward: NullableText,
  surface: Type.String(),
  isHighTouch: Type.Boolean(),
  missed: Count,
  /** Runs with light of the room that were not aborted and whose report can be read. */
  runs: Count,
  /** The most frequent one, in so many of `missed`. */
  reason: Type.String(),
  reasonRuns: Count,
  /** As the robot said them in the last of these runs. */
  explanation: Type.String(),
  remedy: NullableText,
  lastMissedAt: Type.String(),
})
export type MissedRow = Static<typeof MissedRowSchema>

export const LampRowSchema = Type.Object({
  robotId: Type.String(),
  /** `null`: the robot has told of no tube. */
  tubeId: NullableText,
  /** Burned, as the robot counts them. */
  hours: NullableNumber,
  ratedLifeHours: NullableNumber,
  /** When the hours were told. */
  hoursAt: NullableText,
  /** Against rated, as the robot's own sensors measured it; `null`: nobody measured it. */
  output: NullableNumber,
  outputAt: NullableText,
  /** The output that it plans with was measured with a radiometer; `null`: it has not said. */
  isOutputMeasured: Type.Union([Type.Boolean(), Type.Null()]),
  /** Lit in the runs of the period that told; the same for all tubes of a robot. */
  litHours: Type.Number({ minimum: 0 }),
  /** Runs with light of the period without a report that can be read: how long they were lit nobody knows. */
  untoldRuns: Count,
})
export type LampRow = Static<typeof LampRowSchema>

/** `GET /api/compliance`. */
export const ComplianceViewSchema = Type.Object({
  from: Type.String(),
  to: Type.String(),
  ward: NullableText,
  timeZone: Type.String(),
  madeAt: Type.String(),
  /** That somebody may ask for. */
  wards: Type.Array(Type.String()),
  due: Type.Array(DueRowSchema),
  dueWhole: DueCountsSchema,
  turnaround: TurnaroundSchema,
  runs: Type.Array(RunRowSchema),
  causes: Type.Array(CauseRowSchema),
  missed: Type.Array(MissedRowSchema),
  /** Runs with light that were not aborted and whose report cannot be read: not in `missed`. */
  unreadRuns: Count,
  lamps: Type.Array(LampRowSchema),
})
export type ComplianceView = Static<typeof ComplianceViewSchema>

export const OutbreakQuerySchema = Type.Object(
  {
    organism: Type.String({ minLength: 1, maxLength: 60 }),
    /** A day by the clocks of the hospital; left out: 30 days ago. */
    since: Type.Optional(Type.String({ pattern: '^20\\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' })),
  },
  { additionalProperties: false },
)
export type OutbreakQuery = Static<typeof OutbreakQuerySchema>

export const OutbreakTouchSchema = Type.Object({
  /** `null`: since before the first event; the floor plan says so. */
  at: NullableText,
  /**
   * `planned`: the floor plan names it in the room. `present`: already there when the view begins. `isolated`, `lifted`:
   * people, or the hospital's system. `soiled`: the room was used again while it was isolated. `tookUp`: the robot, in the
   * room. `brought`: by the robot, into the room. `disinfected`: the room, by a proven and signed run. `decontaminated`: the robot. `run`: a
   * treatment began in a room that was touched, or against the organism.
   */
  kind: Type.Enum([
    'planned',
    'present',
    'isolated',
    'lifted',
    'soiled',
    'tookUp',
    'brought',
    'disinfected',
    'decontaminated',
    'run',
  ]),
  roomId: NullableText,
  roomName: NullableText,
  robotId: NullableText,
  missionId: NullableText,
  /** Of a run that is over and judged. */
  verdict: NullableText,
  /** Who said or did it. */
  by: NullableText,
})
export type OutbreakTouch = Static<typeof OutbreakTouchSchema>

/** `GET /api/compliance/outbreak`: what touched an organism, in order. */
export const OutbreakViewSchema = Type.Object({
  organismId: Type.String(),
  organismName: Type.String(),
  since: Type.String(),
  touches: Type.Array(OutbreakTouchSchema),
  /** Each room once, in the order in which it was touched. */
  rooms: Type.Array(
    Type.Object({
      roomId: Type.String(),
      roomName: Type.String(),
      ward: NullableText,
      /** False: it was only treated against it. */
      hasCarried: Type.Boolean(),
      carriesNow: Type.Boolean(),
    }),
  ),
  /** Each robot once, in the order in which it took it up. */
  robots: Type.Array(Type.Object({ robotId: Type.String(), carriesNow: Type.Boolean() })),
})
export type OutbreakView = Static<typeof OutbreakViewSchema>

export const COMPLIANCE_TABLES = [
  'due',
  'turnaround',
  'runs',
  'causes',
  'missed',
  'lamps',
  'outbreak',
] as const
export type ComplianceTable = (typeof COMPLIANCE_TABLES)[number]

/** `outbreak` takes `organism` and `since`, the others what `GET /api/compliance` takes. */
export const ComplianceExportQuerySchema = Type.Object(
  {
    table: Type.Enum([...COMPLIANCE_TABLES]),
    ...ComplianceQuerySchema.properties,
    organism: Type.Optional(OutbreakQuerySchema.properties.organism),
    since: OutbreakQuerySchema.properties.since,
  },
  { additionalProperties: false },
)
export type ComplianceExportQuery = Static<typeof ComplianceExportQuerySchema>
