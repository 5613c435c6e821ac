import { sql } from 'drizzle-orm'
import type { Organism, PlanOptions, Protocol } from '@wardlight/core/disinfection'
import {
  NO_SCHEDULE_WISH,
  type AlarmView,
  type ConfirmationView,
  type GasSample,
  type HandMeasurementView,
  type HandOverSummary,
  type Hl7Mapping,
  type Hl7Outcome,
  type MissionView,
  type NewSchedulePlan,
  type NotificationBody,
  type NotificationRules,
  type NotificationView,
  type NewSiteValidation,
  type ProofKind,
  type OwnSession,
  type RobotService,
  type RoomReadiness,
  type Role,
  type RoomState,
  type ScheduleHours,
  type SchedulePlanView,
  type ScheduleRunView,
  type ScheduleWish,
  type SignatureView,
  type SignInStep,
  type StepPlan,
  type TreatmentMethod,
  type TreatmentPhase,
  type Verdict,
} from '@wardlight/core/fleet'
import type { Pose2 } from '@wardlight/core/geometry'
import type { Order } from '@wardlight/core/vda5050'
import {
  bigint,
  boolean,
  doublePrecision,
  integer,
  json,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core'
import type { ContaminationEvent } from '../domain/contamination/contamination.ts'
import type { PushKeys } from '../domain/push-services.ts'
import type { RobotWear } from '../domain/robot-wear.ts'
import type { KeptTraffic } from '../domain/traffic/journey.ts'

/** The tables as TypeScript sees them. The SQL in `migrations/` makes them; the two must agree. */

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })

export const users = pgTable('users', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  displayName: text('display_name').notNull(),
  role: text('role').$type<Role>().notNull(),
  wards: json('wards').$type<readonly string[]>(),
  /** `null`: the hospital's own sign-in knows the password. */
  passwordHash: text('password_hash'),
  isDemo: boolean('is_demo').notNull().default(false),
  isDisabled: boolean('is_disabled').notNull().default(false),
  mustUseSecondFactor: boolean('must_use_second_factor').notNull().default(false),
  mustChangePassword: boolean('must_change_password').notNull().default(false),
  passwordGoodUntil: instant('password_good_until'),
  createdAt: instant('created_at').notNull(),
  lastSignInAt: instant('last_sign_in_at'),
  oidcIssuer: text('oidc_issuer'),
  oidcSubject: text('oidc_subject'),
})
export type UserRow = typeof users.$inferSelect

export const sessions = pgTable('sessions', {
  tokenHash: text('token_hash').primaryKey(),
  id: text('id').notNull(),
  userId: text('user_id').notNull(),
  createdAt: instant('created_at').notNull(),
  lastSeenAt: instant('last_seen_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
  nextStep: text('next_step').$type<SignInStep>(),
  clientAddress: text('client_address').notNull(),
  browser: text('browser').notNull(),
  means: text('means').$type<OwnSession['means']>().notNull(),
  oidcSid: text('oidc_sid'),
  /** Until then it sees every ward, and why. */
  glassBrokenUntil: instant('glass_broken_until'),
  glassReason: text('glass_reason'),
})
export type SessionRow = typeof sessions.$inferSelect

export const signInTries = pgTable('sign_in_tries', {
  key: text('key').primaryKey(),
  count: integer('count').notNull(),
  countedAt: instant('counted_at').notNull(),
  nextAt: instant('next_at').notNull(),
})

export const totpFactors = pgTable('totp_factors', {
  userId: text('user_id').primaryKey(),
  sealedSecret: text('sealed_secret').notNull(),
  createdAt: instant('created_at').notNull(),
  confirmedAt: instant('confirmed_at'),
  lastStep: bigint('last_step', { mode: 'number' }).notNull().default(0),
})

export const recoveryCodes = pgTable(
  'recovery_codes',
  { userId: text('user_id').notNull(), codeHash: text('code_hash').notNull() },
  (table) => [primaryKey({ columns: [table.userId, table.codeHash] })],
)

export const passkeys = pgTable('passkeys', {
  id: text('id').primaryKey(),
  userId: text('user_id').notNull(),
  name: text('name').notNull(),
  publicKey: text('public_key').notNull(),
  counter: bigint('counter', { mode: 'number' }).notNull(),
  transports: json('transports').$type<readonly string[]>().notNull(),
  createdAt: instant('created_at').notNull(),
  lastUsedAt: instant('last_used_at'),
})
export type PasskeyRow = typeof passkeys.$inferSelect

export const signInChallenges = pgTable('sign_in_challenges', {
  idHash: text('id_hash').primaryKey(),
  purpose: text('purpose').notNull(),
  userId: text('user_id'),
  content: json('content').$type<Readonly<Record<string, string>>>().notNull(),
  expiresAt: instant('expires_at').notNull(),
})

export interface RobotHome extends Pose2 {
  readonly levelId: string
}

export const robots = pgTable('robots', {
  id: text('id').primaryKey(),
  manufacturer: text('manufacturer').notNull(),
  serialNumber: text('serial_number').notNull(),
  passwordHash: text('password_hash'),
  home: json('home').$type<RobotHome>(),
  service: json('service').$type<RobotService>(),
  wear: json('wear').$type<RobotWear>(),
  registeredAt: instant('registered_at').notNull(),
})
export type RobotRow = typeof robots.$inferSelect

export const rooms = pgTable('rooms', {
  id: text('id').primaryKey(),
  name: text('name'),
  state: text('state').$type<RoomState>().notNull(),
  since: instant('since').notNull(),
  reason: text('reason'),
  requestId: text('request_id'),
  missionId: text('mission_id'),
})
export type RoomRow = typeof rooms.$inferSelect

export type RequestStatus = 'planning' | 'planned' | 'planningFailed' | 'approved' | 'withdrawn'

/** What a robot does for a request, and the mission that it became. */
export interface RequestStep {
  /** Of the step in the protocol; `light` where there is none. */
  readonly id: string
  readonly method: TreatmentMethod
  readonly plan: StepPlan | null
  readonly missionId: string | null
}

export const requests = pgTable('requests', {
  id: text('id').primaryKey(),
  roomId: text('room_id').notNull(),
  organismId: text('organism_id'),
  targetLog: doublePrecision('target_log'),
  dueAt: instant('due_at'),
  status: text('status').$type<RequestStatus>().notNull(),
  failure: text('failure'),
  requestedBy: text('requested_by').notNull(),
  requestedById: text('requested_by_id').notNull(),
  requestedAt: instant('requested_at').notNull(),
  approvedBy: text('approved_by'),
  approvedAt: instant('approved_at'),
  missionId: text('mission_id'),
  plannedS: doublePrecision('planned_s'),
  steps: json('steps').$type<readonly RequestStep[]>().notNull().default([]),
  planOptions: json('plan_options').$type<PlanOptions>(),
  isFloorTreated: boolean('is_floor_treated').notNull().default(false),
  isByFixedUnit: boolean('is_by_fixed_unit').notNull().default(false),
  protocol: json('protocol').$type<Protocol>(),
  targetMjPerCm2: doublePrecision('target_mj_per_cm2'),
  confirmations: json('confirmations').$type<readonly ConfirmationView[]>().notNull().default([]),
  approvals: json('approvals').$type<readonly SignatureView[]>().notNull().default([]),
  wish: json('wish').$type<ScheduleWish>().notNull().default(NO_SCHEDULE_WISH),
  roomReady: json('room_ready').$type<RoomReadiness>(),
})
export type RequestRow = typeof requests.$inferSelect

/** What the robot last said about a mission; stored when something changed that people decide on. */
export type MissionProgress = Pick<
  MissionView,
  | 'arming'
  | 'stopIndex'
  | 'stops'
  | 'countdownS'
  | 'remainingS'
  | 'isLampLit'
  | 'gas'
  | 'blockers'
  | 'interlocks'
  | 'deliveredMjPerCm2'
>

/**
 * The robot's way home after a mission: `none` while the mission runs or waits for its release, `due`
 * until it can be sent, `sent` until the robot took it, `done`; `dropped` when it was not to be.
 */
export type ReturnState = 'none' | 'due' | 'sent' | 'done' | 'dropped'

export const missions = pgTable('missions', {
  id: text('id').primaryKey(),
  requestId: text('request_id').notNull(),
  roomId: text('room_id').notNull(),
  levelId: text('level_id').notNull(),
  robotId: text('robot_id').notNull(),
  organismId: text('organism_id'),
  targetLog: doublePrecision('target_log'),
  method: text('method').$type<TreatmentMethod>().notNull().default('uv'),
  /** Which of its request's steps it is, from 0, and of how many. */
  stepNumber: integer('step_number').notNull().default(0),
  stepCount: integer('step_count').notNull().default(1),
  plan: json('plan').$type<StepPlan>().notNull(),
  order: json('treatment_order').$type<Order>().notNull(),
  isOrderConfirmed: boolean('is_order_confirmed').notNull().default(false),
  phase: text('phase').$type<TreatmentPhase>().notNull(),
  phaseSince: instant('phase_since').notNull(),
  progress: json('progress').$type<MissionProgress>().notNull(),
  /** From the start of a mission with gas until sensors or people with instruments have cleared the room. */
  mayBeGassed: boolean('may_be_gassed').notNull().default(false),
  gasSamples: json('gas_samples').$type<readonly GasSample[]>().notNull().default([]),
  handMeasurement: json('hand_measurement').$type<HandMeasurementView>(),
  stopRequestedBy: text('stop_requested_by'),
  stopRequestedAt: instant('stop_requested_at'),
  verdict: text('verdict').$type<Verdict>(),
  /** Why it ended as it did, for people. */
  outcome: text('outcome'),
  orderedAt: instant('ordered_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
  finishedAt: instant('finished_at'),
  reportText: text('report_text'),
  reportProblem: text('report_problem'),
  reportedAt: instant('reported_at'),
  releasedBy: text('released_by'),
  releasedAt: instant('released_at'),
  releaseNote: text('release_note'),
  missedSurfacesWiped: boolean('missed_surfaces_wiped'),
  returnState: text('return_state').$type<ReturnState>().notNull().default('none'),
  returnOrder: json('return_order').$type<Order>(),
  returnDueUntil: instant('return_due_until'),
  protocol: json('protocol').$type<Protocol>(),
  confirmations: json('confirmations').$type<readonly ConfirmationView[]>().notNull().default([]),
  signatures: json('signatures').$type<readonly SignatureView[]>().notNull().default([]),
})
export type MissionRow = typeof missions.$inferSelect

export const hospitalOrganisms = pgTable('hospital_organisms', {
  id: text('id').primaryKey(),
  organism: json('organism').$type<Organism>().notNull(),
  addedBy: text('added_by').notNull(),
  addedAt: instant('added_at').notNull(),
})
export type HospitalOrganismRow = typeof hospitalOrganisms.$inferSelect

export const hospitalProtocols = pgTable(
  'hospital_protocols',
  {
    id: text('id').notNull(),
    version: integer('version').notNull(),
    protocol: json('protocol').$type<Protocol>().notNull(),
    addedBy: text('added_by').notNull(),
    addedAt: instant('added_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.id, table.version] })],
)
export type HospitalProtocolRow = typeof hospitalProtocols.$inferSelect

export const siteValidations = pgTable('site_validations', {
  id: text('id').primaryKey(),
  validation: json('validation').$type<NewSiteValidation>().notNull(),
  recordedBy: text('recorded_by').notNull(),
  recordedAt: instant('recorded_at').notNull(),
  withdrawnBy: text('withdrawn_by'),
  withdrawnAt: instant('withdrawn_at'),
  withdrawalReason: text('withdrawal_reason'),
})
export type SiteValidationRow = typeof siteValidations.$inferSelect

export const contaminationEvents = pgTable('contamination_events', {
  sequence: integer('sequence').primaryKey().generatedAlwaysAsIdentity(),
  at: instant('at').notNull(),
  event: json('event').$type<ContaminationEvent>().notNull(),
})
export type ContaminationEventRow = typeof contaminationEvents.$inferSelect

export const schedulePlans = pgTable('schedule_plans', {
  id: text('id').primaryKey(),
  plan: json('plan').$type<NewSchedulePlan>().notNull(),
  status: text('status').$type<SchedulePlanView['status']>().notNull(),
  createdBy: text('created_by').notNull(),
  createdById: text('created_by_id').notNull(),
  createdAt: instant('created_at').notNull(),
  decidedUntil: instant('decided_until').notNull(),
})
export type SchedulePlanRow = typeof schedulePlans.$inferSelect

export const scheduleRuns = pgTable(
  'schedule_runs',
  {
    planId: text('plan_id').notNull(),
    roomId: text('room_id').notNull(),
    scheduledAt: instant('scheduled_at').notNull(),
    decision: text('decision').$type<ScheduleRunView['decision']>().notNull(),
    reason: text('reason'),
    requestId: text('request_id'),
    decidedAt: instant('decided_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.planId, table.roomId, table.scheduledAt] })],
)
export type ScheduleRunRow = typeof scheduleRuns.$inferSelect

export const scheduleHours = pgTable('schedule_hours', {
  id: text('id').primaryKey(),
  hours: json('hours').$type<ScheduleHours>().notNull(),
  changedBy: text('changed_by').notNull(),
  changedAt: instant('changed_at').notNull(),
})

export const alarms = pgTable('alarms', {
  id: text('id').primaryKey(),
  source: text('source').notNull(),
  robotId: text('robot_id'),
  raisedAt: instant('raised_at').notNull(),
  overAt: instant('over_at'),
  alarm: json('alarm').$type<AlarmView>().notNull(),
})

export const zoneHolds = pgTable('zone_holds', {
  id: text('id').primaryKey(),
  zoneId: text('zone_id').notNull(),
  reason: text('reason').notNull(),
  heldBy: text('held_by').notNull(),
  since: instant('since').notNull(),
  until: instant('until').notNull(),
  releasedBy: text('released_by'),
  releasedAt: instant('released_at'),
})
export type ZoneHoldRow = typeof zoneHolds.$inferSelect

/** One row: who drives where. Bases that were sent cannot be taken back, so they are stored before they are sent. */
export const traffic = pgTable('traffic', {
  id: text('id').primaryKey(),
  /** Of the plan's graph: what was kept makes no sense on another one. */
  graphKey: text('graph_key').notNull(),
  kept: json('kept').$type<KeptTraffic>().notNull(),
  changedAt: instant('changed_at').notNull(),
})

export const hl7Messages = pgTable('hl7_messages', {
  id: text('id').primaryKey(),
  fingerprint: text('fingerprint').notNull(),
  receivedAt: instant('received_at').notNull(),
  peer: text('peer').notNull(),
  type: text('type').notNull(),
  controlId: text('control_id').notNull(),
  roomIds: json('room_ids').$type<readonly string[]>().notNull(),
  outcome: text('outcome').$type<Hl7Outcome>().notNull(),
  words: text('words').notNull(),
  ackCode: text('ack_code').notNull(),
  answer: text('answer').notNull(),
  attempts: integer('attempts').notNull().default(1),
  sealed: text('sealed').notNull(),
})
export type Hl7MessageRow = typeof hl7Messages.$inferSelect

export const hl7Visits = pgTable('hl7_visits', {
  id: text('id').primaryKey(),
  sealed: text('sealed').notNull(),
  updatedAt: instant('updated_at').notNull(),
})

export const hl7Beds = pgTable('hl7_beds', {
  id: text('id').primaryKey(),
  lastEventAt: instant('last_event_at').notNull(),
})

export const hl7Outbox = pgTable('hl7_outbox', {
  sequence: integer('sequence').primaryKey().generatedAlwaysAsIdentity(),
  destination: text('destination').notNull(),
  controlId: text('control_id').notNull(),
  roomId: text('room_id').notNull(),
  bedStatus: text('bed_status').notNull(),
  status: text('status').$type<Hl7Outcome>().notNull(),
  message: text('message').notNull(),
  createdAt: instant('created_at').notNull(),
  attempts: integer('attempts').notNull().default(0),
  lastError: text('last_error'),
  ackCode: text('ack_code'),
  sentAt: instant('sent_at'),
})
export type Hl7OutboxRow = typeof hl7Outbox.$inferSelect

/** One row, once the hospital has changed what was shipped. */
export const hl7Mapping = pgTable('hl7_mapping', {
  id: text('id').primaryKey(),
  mapping: json('mapping').$type<Hl7Mapping>().notNull(),
  changedBy: text('changed_by').notNull(),
  changedAt: instant('changed_at').notNull(),
})

/** One row: which of several servers decides, and what they know each other by. */
export const leadership = pgTable('leadership', {
  id: integer('id').primaryKey(),
  clusterId: text('cluster_id').notNull(),
  secret: text('secret').notNull(),
  epoch: integer('epoch').notNull().default(0),
  serverId: text('server_id'),
  url: text('url'),
  since: instant('since'),
})

/** Appended by the database itself (`0018-audit.sql`); nothing changes or removes an entry. */
export const auditEntries = pgTable('audit_entries', {
  sequence: integer('sequence').primaryKey(),
  at: instant('at').notNull(),
  hash: text('hash').notNull(),
  entry: text('entry').notNull(),
})

/** One row: where the audit record ends. */
export const auditHead = pgTable('audit_head', {
  id: integer('id').primaryKey(),
  sequence: integer('sequence').notNull(),
  hash: text('hash').notNull(),
})

/** Keys that proofs were ever signed with; the one that is not retired signs. */
export const signingKeys = pgTable('signing_keys', {
  keyId: text('key_id').primaryKey(),
  publicKey: text('public_key').notNull(),
  privateKey: text('private_key'),
  createdAt: instant('created_at').notNull(),
  retiredAt: instant('retired_at'),
})
export type SigningKeyRow = typeof signingKeys.$inferSelect

/** Rows are only ever added. */
export const proofs = pgTable('proofs', {
  sequence: integer('sequence').primaryKey(),
  previousSha256: text('previous_sha256'),
  sha256: text('sha256').notNull(),
  missionId: text('mission_id').notNull(),
  kind: text('kind').$type<ProofKind>().notNull(),
  issuedAt: instant('issued_at').notNull(),
  keyId: text('key_id').notNull(),
  file: text('file').notNull(),
})
export type ProofRow = typeof proofs.$inferSelect

/** One row. */
export const notificationRules = pgTable('notification_rules', {
  id: integer('id').primaryKey(),
  rules: json('rules').$type<NotificationRules>().notNull(),
  secret: text('secret').notNull(),
  pushKeys: json('push_keys').$type<PushKeys>(),
  /** When somebody was shown it; `null`: nobody knows it. */
  secretMadeAt: instant('secret_made_at'),
  /** Of addresses in the audit record. */
  fingerprintKey: text('fingerprint_key')
    .notNull()
    .default(sql`gen_random_uuid()::text`),
  changedAt: instant('changed_at').notNull(),
})

export const dutyDevices = pgTable('duty_devices', {
  id: text('id').primaryKey(),
  userId: text('user_id').notNull(),
  endpoint: text('endpoint').notNull(),
  p256dh: text('p256dh').notNull(),
  auth: text('auth').notNull(),
  onDutyUntil: instant('on_duty_until').notNull(),
})
export type DutyDeviceRow = typeof dutyDevices.$inferSelect

export const notifications = pgTable('notifications', {
  id: text('id').primaryKey(),
  alarmId: text('alarm_id').notNull(),
  ruleKey: text('rule_key').notNull(),
  dueAt: instant('due_at').notNull(),
  webhookUrl: text('webhook_url'),
  deviceId: text('device_id'),
  body: json('body').$type<NotificationBody>().notNull(),
  status: text('status').$type<NotificationView['status']>().notNull(),
  tries: integer('tries').notNull(),
  problem: text('problem'),
  nextTryAt: instant('next_try_at').notNull(),
})
export type NotificationRow = typeof notifications.$inferSelect

export const fhirPolls = pgTable('fhir_polls', {
  url: text('url').primaryKey(),
  lastUpdatedAt: instant('last_updated_at').notNull(),
})

export const fhirTaskOrders = pgTable(
  'fhir_task_orders',
  {
    system: text('system').notNull(),
    value: text('value').notNull(),
    requestId: text('request_id').notNull(),
    asked: text('asked').notNull(),
    placedAt: instant('placed_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.system, table.value] })],
)
export type FhirTaskOrderRow = typeof fhirTaskOrders.$inferSelect

export const handOvers = pgTable('hand_overs', {
  id: text('id').primaryKey(),
  ward: text('ward').notNull(),
  summary: json('summary').$type<HandOverSummary>().notNull(),
  notes: text('notes').notNull(),
  givenBy: text('given_by').notNull(),
  givenById: text('given_by_id').notNull(),
  givenAt: instant('given_at').notNull(),
  takenBy: text('taken_by'),
  takenById: text('taken_by_id'),
  takenAt: instant('taken_at'),
})
export type HandOverRow = typeof handOvers.$inferSelect
