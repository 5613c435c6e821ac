import Type, { type Static } from 'typebox'
import { RequestedPlanOptionsSchema } from './dose-report.ts'
import { PrioritySchema } from './schedule-wish.ts'
import { RoomStateSchema } from './views.ts'

/**
 * The HTTP contract. All routes are under `/api`; bodies are JSON. Who is signed in is known by an
 * HttpOnly cookie. Errors have the shape of `ApiErrorSchema`.
 *
 * | route | who | body → answer |
 * |---|---|---|
 * | GET /api/server-info | anyone | → ServerInfo |
 * | GET /api/ready | anyone | → Readiness; 503 with the same body where this server cannot serve now |
 * | POST /api/session | anyone | SignIn → SessionView; while its `next` is not null the session may do nothing but that |
 * | GET /api/session | signed in, also half | → SessionView |
 * | DELETE /api/session | signed in, also half | → 204 |
 * | POST /api/session/second-factor | half: `secondFactor` | SecondFactorCode → SessionView |
 * | POST /api/session/second-factor/passkey-options | half: `secondFactor` | → PasskeyChallenge |
 * | POST /api/session/second-factor/passkey | half: `secondFactor` | PasskeyAnswer → SessionView |
 * | POST /api/session/passkey-options | anyone | → PasskeyChallenge |
 * | POST /api/session/passkey | anyone | PasskeyAnswer → SessionView: signed in without a password |
 * | POST /api/session/password | signed in; half: `newPassword` | NewPassword → SessionView; all other sessions of the person end |
 * | GET /api/session/sessions | signed in | → OwnSession[] |
 * | DELETE /api/session/sessions | signed in | → 204: signed out everywhere |
 * | DELETE /api/session/sessions/:sessionId | signed in | → 204 |
 * | GET /api/session/second-factors | signed in; half: `enrolment` | → SecondFactorsView |
 * | POST /api/session/totp | signed in just now; half: `enrolment` | → TotpEnrolment |
 * | POST /api/session/totp/confirm | signed in; half: `enrolment` | SecondFactorCode → RecoveryCodes |
 * | DELETE /api/session/totp | signed in just now | → 204 |
 * | POST /api/session/recovery-codes | signed in just now | → RecoveryCodes: those before are worth nothing |
 * | POST /api/session/passkeys/options | signed in just now; half: `enrolment` | → PasskeyChallenge |
 * | POST /api/session/passkeys | signed in; half: `enrolment` | NewPasskey → 201 PasskeyView |
 * | PATCH /api/session/passkeys/:passkeyId | signed in | PasskeyRenaming → SecondFactorsView |
 * | DELETE /api/session/passkeys/:passkeyId | signed in just now | → 204 |
 * | GET /api/session/oidc/start | anyone | → 302 to the hospital's own sign-in, where there is one |
 * | GET /api/session/oidc/callback | anyone whom it sends back | → 302 to the console; with `?sign-in=ProviderProblem` where it did not work |
 * | POST /api/session/oidc/back-channel-logout | the hospital's own sign-in | `logout_token` as a form → 204 |
 * | GET /api/users | administrator | → AccountView[] |
 * | POST /api/users | administrator | NewAccount → 201 Invitation |
 * | PATCH /api/users/:userId | administrator | AccountPatch → AccountView; ends the person's sessions where rights shrink |
 * | POST /api/users/:userId/reset | administrator | → Invitation: a new one-time password, second factors removed |
 * | POST /api/users/:userId/unlock | administrator | → AccountView |
 * | GET /api/floor | signed in | → FloorPlanView |
 * | GET /api/floor/levels/:levelId/occupancy | signed in | → bytes, Int8 row-major as in OccupancyGrid |
 * | GET /api/organisms | signed in | → OrganismView[]: what Wardlight ships and the hospital's own |
 * | POST /api/organisms | administrator | NewOrganism → 201 OrganismView |
 * | GET /api/validations | signed in | → SiteValidationView[], newest first |
 * | POST /api/validations | engineer, administrator | NewSiteValidation → 201 SiteValidationView |
 * | POST /api/validations/:validationId/withdraw | engineer, administrator | ValidationWithdrawal → SiteValidationView |
 * | GET /api/protocols | signed in | → ProtocolView[]: every version; a request follows the one that `isCurrent` |
 * | POST /api/protocols | administrator | NewProtocol → 201 ProtocolView |
 * | GET /api/rooms | signed in | → RoomView[] |
 * | PATCH /api/rooms/:roomId | nurse (state), engineer and administrator (name, state) | RoomPatch → RoomView |
 * | GET /api/requests, /api/requests/:requestId | signed in | → RequestView[] / RequestView |
 * | POST /api/requests | nurse | NewRequest → 201 RequestView (status `planning`) |
 * | POST /api/requests/:requestId/room-ready | nurse | → RequestView: the room is empty and stripped; until then nobody can approve |
 * | GET /api/requests/:requestId/plan | signed in | → StepPlan[], one for each step |
 * | POST /api/requests/:requestId/approve | roles of its protocol; without one: nurse | Approval (or no body) → 200 MissionView, again: the same mission; 202 RequestView while more people must approve |
 * | POST /api/requests/:requestId/withdraw | nurse | → RequestView |
 * | GET /api/missions, /api/missions/:missionId | signed in | → MissionView[] / MissionView |
 * | GET /api/missions/:missionId/plan | signed in | → StepPlan as approved |
 * | POST /api/missions/:missionId/checklist | nurse | ChecklistConfirmation → MissionView |
 * | POST /api/missions/:missionId/start | nurse | → MissionView |
 * | POST /api/missions/:missionId/pause | nurse, clinician, engineer | → MissionView |
 * | POST /api/missions/:missionId/resume | nurse | → MissionView: goes on driving; while dosing only a new arming lights again |
 * | POST /api/missions/:missionId/stop | nurse, clinician, engineer | → MissionView |
 * | GET /api/missions/:missionId/report | signed in | → MissionReport |
 * | GET /api/missions/:missionId/proofs | signed in | → ProofView[], oldest first |
 * | GET /api/proofs/newest | signed in | → ProofView or null: the end of the chain |
 * | GET /api/proofs/:sequence | signed in | → the signed file (docs/proofs.md), byte by byte as it was issued |
 * | GET /api/proofs/:sequence/pdf | signed in | → the same to read and to print, with the signed file in it |
 * | GET /api/proofs/keys | signed in | → every public key that proofs were ever signed with, PEM |
 * | POST /api/proofs/keys | administrator | → 201 SigningKeyView[]: from now on a new key signs |
 * | POST /api/missions/:missionId/release | roles of its protocol; without one: nurse | ReleaseSignature → MissionView; clean with the last signature |
 * | POST /api/missions/:missionId/measured | nurse, engineer | HandMeasurement → MissionView: a gassed room that no robot clears is cleared by people; never proven |
 * | GET /api/robots | signed in | → RobotView[] |
 * | POST /api/robots/:robotId/emergency-stop | signed in | → 202 RobotView |
 * | POST /api/robots/:robotId/resume | nurse, engineer | → 202 RobotView: ends a pause or an emergency stop by message; never lights a lamp |
 * | POST /api/robots/:robotId/place-search | nurse, clinician, engineer | PlaceSearchRequest → 202 RobotView: a robot that lost its place looks for it where somebody sees it |
 * | POST /api/robots/:robotId/service | nurse, engineer (not `retired`), administrator; `maintenance`: engineer, administrator | RobotServiceChange → RobotView |
 * | GET /api/alarms | signed in | → AlarmView[], the newest 200 first, those that are over too |
 * | POST /api/alarms/:alarmId/acknowledge | nurse, clinician, engineer | → AlarmView |
 * | GET /api/contamination | signed in | → ContaminationView: what every robot and room carries, and why |
 * | GET /api/compliance?from=&to=&ward= | signed in | → ComplianceView: due and done, turnaround, runs and causes, missed surfaces, lamps, of months and of one's wards |
 * | GET /api/compliance/outbreak?organism=&since= | signed in | → OutbreakView: which rooms, robots and runs touched an organism, in order |
 * | GET /api/compliance/export.csv?table= | signed in | → one of these tables as CSV, with the same parameters (docs/compliance.md) |
 * | GET /api/contamination/events | signed in | → ContaminationEventView[], the newest 200 first |
 * | POST /api/contamination/rooms/:roomId/isolation | nurse, clinician | Isolation → ContaminationView |
 * | POST /api/contamination/rooms/:roomId/lift | nurse, clinician | → ContaminationView |
 * | POST /api/contamination/robots/:robotId/decontamination | nurse, engineer | Decontamination → ContaminationView |
 * | GET /api/schedule | signed in | → ScheduleView |
 * | POST /api/schedule/preview | signed in | Recurrence → RecurrencePreview |
 * | POST /api/schedule/plans | nurse | NewSchedulePlan → 201 SchedulePlanView |
 * | POST /api/schedule/plans/:planId/status | nurse | PlanStatusChange → SchedulePlanView |
 * | PUT /api/schedule/hours | administrator | ScheduleHours → ScheduleHours |
 * | POST /api/schedule/requests/:requestId/what-if | nurse | ScheduleChange → ScheduleAnswer: what would come of it, nothing is stored |
 * | POST /api/schedule/requests/:requestId | nurse | ScheduleChange → ScheduleEntryView: stored, and planned again |
 * | GET /api/zones | signed in | → ZoneView[]: zones of one robot at a time |
 * | POST /api/zones/:zoneId/hold | nurse, clinician, engineer | NewZoneHold → ZoneView: people have it, no robot is let in |
 * | POST /api/zones/:zoneId/release | nurse, clinician, engineer | → ZoneView |
 * | GET /api/maps/:mapId/:mapVersion | who has the link | → a level's map as `levelMapText` writes it; the fleet tells robots of links, each good for an hour |
 * | GET /api/zone-sets/:zoneSetId | who has the link | → `{ zoneSet }` of VDA 5050 3.0, 7.6 |
 * | POST /api/session/break-glass | nurse, clinician, engineer | { reason } → SessionView: every ward for four hours, recorded with the reason |
 * | GET /api/duty | who acts | → DutyView: where the person is told of alarms |
 * | POST /api/duty | who acts | NewDuty → DutyView: on duty with this browser; again: for so long from now |
 * | DELETE /api/duty/:deviceId | who acts | → DutyView |
 * | POST /api/duty/:deviceId/trial | who acts | → DutyTrial: a message for a try |
 * | DELETE /api/session/break-glass | nurse, clinician, engineer | → SessionView: their own wards only, again; recorded |
 * | GET /api/notifications | engineer, administrator, auditor | → NotificationView[], the newest 200 first: whom the server told of alarms |
 * | GET /api/notifications/rules | administrator | → NotificationRulesView |
 * | PUT /api/notifications/rules | administrator | NotificationRules → NotificationRulesView |
 * | POST /api/notifications/secret | administrator | → NotificationSecret: a new key, shown once; the one before is worth nothing |
 * | POST /api/notifications/test | administrator | NotificationTest → NotificationTestResult: what came back of telling somebody of nothing |
 * | GET /api/audit?before=&about=&who=&kind=&since=&until= | administrator, auditor | → AuditPage: who did what, newest first |
 * | GET /api/audit/export | administrator, auditor | → text: an entry of the chain on each line, and where it ends on the last one; `wardlight audit verify` reads it |
 * | GET /api/backup | administrator | → file: the whole database as it is at one moment, for `wardlight restore`; recorded |
 * | GET /api/hand-over?ward= | nurse, clinician, auditor | → HandOverSummary: what is open in the ward now |
 * | GET /api/hand-overs?ward= | nurse, clinician, auditor | → HandOverView[], the newest 50 first |
 * | POST /api/hand-overs | nurse, clinician | NewHandOver → 201 HandOverView: as it is now, with notes; kept for 90 days |
 * | POST /api/hand-overs/:handOverId/take | nurse, clinician; not who gave it | → HandOverView |
 * | GET /api/hl7/messages | engineer, administrator | → Hl7MessageView[], the newest 200 first; `?outcome=` of one outcome only |
 * | GET /api/hl7/mapping | engineer, administrator | → Hl7MappingView |
 * | PUT /api/hl7/mapping | administrator | Hl7Mapping → Hl7MappingView |
 * | GET /api/fhir/metadata | anyone | → CapabilityStatement. Under /api/fhir bodies and errors are resources of FHIR R4 (docs/protocol.md) |
 * | GET /api/fhir/Location, Task, DiagnosticReport, Observation, DocumentReference, Measure, MeasureReport | signed in | → Bundle of those in one's wards |
 * | GET /api/fhir/…/:fhirId | signed in | → the resource |
 * | POST /api/fhir/Task | nurse | Task → 201 Task: a request; 200 where its identifier is known |
 * | PUT, PATCH /api/fhir/Task/:fhirId | nurse | Task, or JSON Patch, with `status` cancelled → Task: the request is withdrawn |
 * | GET /api/live | signed in | WebSocket, see live-feed.ts |
 */
export const ApiErrorSchema = Type.Object({
  code: Type.String(),
  /** What was wrong, where, and what would be right, in one sentence or two. */
  message: Type.String(),
  what: Type.String(),
  where: Type.Union([Type.String(), Type.Null()]),
  remedy: Type.String(),
})
export type ApiError = Static<typeof ApiErrorSchema>

export const ServerInfoSchema = Type.Object({
  name: Type.String(),
  version: Type.String(),
  hospitalName: Type.String(),
  timeZone: Type.String(),
  /** Present in demo mode only: accounts to sign in with. */
  demoUsers: Type.Optional(
    Type.Array(
      Type.Object({
        name: Type.String(),
        password: Type.String(),
        role: Type.String(),
        displayName: Type.String(),
      }),
    ),
  ),
  /** Whether the robots are simulated: then `/api/simulation/…` exists (press a robot's button, let a person enter). */
  isSimulated: Type.Boolean(),
  /** Whether people can add an authenticator (TOTP). */
  hasTotp: Type.Boolean(),
  /** The hospital's own sign-in (`GET /api/session/oidc/start`), as people know it. */
  provider: Type.Union([Type.Object({ label: Type.String() }), Type.Null()]),
  /** Origin under which people open the console, as the operator has set it; `null`: nobody has. */
  publicOrigin: Type.Union([Type.String(), Type.Null()]),
  /** When shifts end by the hospital's clocks, `HH:MM`, in the order of the day. */
  shiftEnds: Type.Array(Type.String(), { minItems: 1 }),
})
export type ServerInfo = Static<typeof ServerInfoSchema>

export const SignInSchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  password: Type.String({ minLength: 1, maxLength: 1000 }),
})
export type SignIn = Static<typeof SignInSchema>

/** What a load balancer asks. */
export const ReadinessSchema = Type.Object({
  isReady: Type.Boolean(),
  /** `none`: it has just begun to look for who leads, or has lost sight of it. */
  role: Type.Union([
    Type.Literal('alone'),
    Type.Literal('leader'),
    Type.Literal('follower'),
    Type.Literal('none'),
  ]),
  isDatabaseThere: Type.Boolean(),
  isBrokerThere: Type.Boolean(),
})
export type Readiness = Static<typeof ReadinessSchema>

/** Either `protocolId`, which says everything else about the light, or `organismId` with `targetLog`: never both. */
export const NewRequestSchema = Type.Object(
  {
    roomId: Type.String(),
    organismId: Type.Optional(Type.String()),
    targetLog: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 6 })),
    /** Its current version is followed. */
    protocolId: Type.Optional(Type.String()),
    dueAt: Type.Optional(Type.String({ format: 'date-time' })),
    /** What the schedule is asked for; left out: as the room says. */
    priority: Type.Optional(PrioritySchema),
    /** What the plan is to be like; left out: the least time for everything. Not with a protocol. */
    options: Type.Optional(RequestedPlanOptionsSchema),
    /** Whether the floor is to get its dose too. Not with a protocol. */
    isFloorTreated: Type.Optional(Type.Boolean()),
    /** Whether its light is to come from a unit that is fixed in the room; by default only where that reaches as much as a robot. */
    isByFixedUnit: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export type NewRequest = Static<typeof NewRequestSchema>

/** What is to be reached, whatever the room and the time. */
export const RequestedTreatmentSchema = Type.Omit(NewRequestSchema, ['roomId', 'dueAt', 'priority'])
export type RequestedTreatment = Static<typeof RequestedTreatmentSchema>

export const ConfirmationsSchema = Type.Array(
  Type.Object(
    {
      /** Id of a prerequisite, or of a step by hand, of the request's protocol. */
      itemId: Type.String({ maxLength: 60 }),
      /** Who did it. Steps by hand need it. */
      doneBy: Type.Optional(Type.String({ maxLength: 200 })),
      /** With which product. */
      product: Type.Optional(Type.String({ maxLength: 200 })),
    },
    { additionalProperties: false },
  ),
  { maxItems: 60 },
)

export type GivenConfirmation = Static<typeof ConfirmationsSchema>[number]

/** What the protocol wants confirmed before the robot comes (`confirmationsDue(protocol, 'approval')`). */
export const ApprovalSchema = Type.Object(
  { confirmations: Type.Optional(ConfirmationsSchema) },
  { additionalProperties: false },
)
export type Approval = Static<typeof ApprovalSchema>

export const RoomPatchSchema = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
    state: Type.Optional(RoomStateSchema),
  },
  { additionalProperties: false, minProperties: 1 },
)
export type RoomPatch = Static<typeof RoomPatchSchema>

export const ChecklistConfirmationSchema = Type.Object(
  {
    /** Ids of `armingChecklist` of the mission's method; all of them must be there. */
    items: Type.Array(Type.String()),
  },
  { additionalProperties: false },
)
export type ChecklistConfirmation = Static<typeof ChecklistConfirmationSchema>

/** Readings of people's own instruments, in different places of the room. */
export const HandMeasurementSchema = Type.Object(
  {
    readings: Type.Array(
      Type.Object(
        {
          place: Type.String({ minLength: 1, maxLength: 100 }),
          /** H2O2. */
          ppm: Type.Number({ minimum: 0, maximum: 1000 }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 20 },
    ),
    /** Make, serial number, when it was calibrated. */
    instrument: Type.String({ minLength: 1, maxLength: 300 }),
  },
  { additionalProperties: false },
)
export type HandMeasurement = Static<typeof HandMeasurementSchema>

export const ReleaseSignatureSchema = Type.Object(
  {
    /** The missed surfaces were wiped by hand. Must be true when the report lists any. */
    missedSurfacesWiped: Type.Boolean(),
    note: Type.Optional(Type.String({ maxLength: 2000 })),
    /** What the protocol wants done by hand after the robot (`confirmationsDue(protocol, 'release')`). */
    confirmations: Type.Optional(ConfirmationsSchema),
  },
  { additionalProperties: false },
)
export type ReleaseSignature = Static<typeof ReleaseSignatureSchema>
