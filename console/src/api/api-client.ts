import type {
  AccountPatch,
  AccountView,
  AlarmView,
  ApiError,
  Approval,
  AuditPage,
  AuditQuery,
  ComplianceQuery,
  ComplianceView,
  ContaminationView,
  DutyTrial,
  DutyView,
  FloorPlanView,
  HandMeasurement,
  HandOverSummary,
  HandOverView,
  Hl7MessageView,
  Hl7Outcome,
  Invitation,
  MissionReport,
  MissionView,
  NewAccount,
  NewDuty,
  NewHandOver,
  NewOrganism,
  NewPasskey,
  NewPassword,
  NewProtocol,
  NewRequest,
  NewSchedulePlan,
  NewSiteValidation,
  NewZoneHold,
  NotificationRules,
  NotificationRulesView,
  NotificationSecret,
  NotificationTest,
  NotificationTestResult,
  NotificationView,
  OrganismView,
  OutbreakQuery,
  OutbreakView,
  ProofView,
  OwnSession,
  PasskeyAnswer,
  PasskeyChallenge,
  PasskeyView,
  ProtocolView,
  RecoveryCodes,
  RecurrencePreview,
  RecurrenceView,
  ReleaseSignature,
  RequestView,
  RobotServiceChange,
  PlaceSearchRequest,
  RobotView,
  RoomPatch,
  RoomView,
  ScheduleAnswer,
  ScheduleChange,
  ScheduleEntryView,
  ScheduleHours,
  SchedulePlanView,
  ScheduleView,
  SecondFactorsView,
  ServerInfo,
  SessionView,
  SignIn,
  SiteValidationView,
  StepPlan,
  TotpEnrolment,
  ZoneView,
} from '@wardlight/core/fleet'

/** Why the server, or the way to it, said no. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure'
  /** HTTP status; 0 when no answer came. */
  readonly status: number
  readonly what: string
  readonly remedy: string

  constructor(status: number, what: string, remedy: string) {
    super(`${what} ${remedy}`.trim())
    this.status = status
    this.what = what
    this.remedy = remedy
  }
}

/** The words of a failure that the server could not word itself. */
export interface FailureWords {
  readonly unreachable: string
  readonly unreachableRemedy: string
  readonly unexplained: (status: number) => string
  readonly unexplainedRemedy: string
}

export type Api = ReturnType<typeof createApi>

/**
 * The HTTP contract of `core/fleet/http.ts`, typed. Every method rejects with `ApiFailure`.
 *
 * @param wordsNow in the language of the moment
 */
export function createApi(fetchFn: typeof fetch, wordsNow: () => FailureWords, baseUrl = '') {
  async function send(method: string, path: string, body?: unknown): Promise<Response> {
    let response: Response
    try {
      response = await fetchFn(`${baseUrl}/api${path}`, {
        method,
        credentials: 'same-origin',
        ...(body === undefined
          ? {}
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      })
    } catch {
      const words = wordsNow()
      throw new ApiFailure(0, words.unreachable, words.unreachableRemedy)
    }
    if (response.ok) return response
    const words = wordsNow()
    const error = (await response.json().catch(() => null)) as Partial<ApiError> | null
    throw new ApiFailure(
      response.status,
      error?.what ?? error?.message ?? words.unexplained(response.status),
      error?.remedy ?? words.unexplainedRemedy,
    )
  }

  async function json<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    return (await (await send(method, path, body)).json()) as Answer
  }

  const id = encodeURIComponent
  const mission = (missionId: string, verb: string, body?: unknown): Promise<MissionView> =>
    json('POST', `/missions/${id(missionId)}/${verb}`, body)

  return {
    serverInfo: () => json<ServerInfo>('GET', '/server-info'),
    session: () => json<SessionView>('GET', '/session'),
    signIn: (body: SignIn) => json<SessionView>('POST', '/session', body),
    signOut: async () => void (await send('DELETE', '/session')),
    secondFactor: (code: string) => json<SessionView>('POST', '/session/second-factor', { code }),
    askForPasskey: () => json<PasskeyChallenge>('POST', '/session/passkey-options'),
    passkey: (answer: PasskeyAnswer) => json<SessionView>('POST', '/session/passkey', answer),
    askForPasskeyAsWell: () => json<PasskeyChallenge>('POST', '/session/second-factor/passkey-options'),
    passkeyAsWell: (answer: PasskeyAnswer) =>
      json<SessionView>('POST', '/session/second-factor/passkey', answer),
    changePassword: (body: NewPassword) => json<SessionView>('POST', '/session/password', body),
    sessions: () => json<OwnSession[]>('GET', '/session/sessions'),
    endSession: async (sessionId: string) =>
      void (await send('DELETE', `/session/sessions/${id(sessionId)}`)),
    endAllSessions: async () => void (await send('DELETE', '/session/sessions')),
    secondFactors: () => json<SecondFactorsView>('GET', '/session/second-factors'),
    enrolTotp: () => json<TotpEnrolment>('POST', '/session/totp'),
    confirmTotp: (code: string) => json<RecoveryCodes>('POST', '/session/totp/confirm', { code }),
    removeTotp: async () => void (await send('DELETE', '/session/totp')),
    newRecoveryCodes: () => json<RecoveryCodes>('POST', '/session/recovery-codes'),
    askForNewPasskey: () => json<PasskeyChallenge>('POST', '/session/passkeys/options'),
    addPasskey: (answer: NewPasskey) => json<PasskeyView>('POST', '/session/passkeys', answer),
    renamePasskey: (passkeyId: string, name: string) =>
      json<SecondFactorsView>('PATCH', `/session/passkeys/${id(passkeyId)}`, { name }),
    duty: () => json<DutyView>('GET', '/duty'),
    beginDuty: (duty: NewDuty) => json<DutyView>('POST', '/duty', duty),
    endDuty: (deviceId: string) => json<DutyView>('DELETE', `/duty/${id(deviceId)}`),
    tryDuty: (deviceId: string) => json<DutyTrial>('POST', `/duty/${id(deviceId)}/trial`),
    removePasskey: async (passkeyId: string) =>
      void (await send('DELETE', `/session/passkeys/${id(passkeyId)}`)),
    people: () => json<AccountView[]>('GET', '/users'),
    invite: (account: NewAccount) => json<Invitation>('POST', '/users', account),
    changePerson: (userId: string, patch: AccountPatch) =>
      json<AccountView>('PATCH', `/users/${id(userId)}`, patch),
    resetPerson: (userId: string) => json<Invitation>('POST', `/users/${id(userId)}/reset`),
    unlockPerson: (userId: string) => json<AccountView>('POST', `/users/${id(userId)}/unlock`),
    /** Sees every ward for a time. */
    breakGlass: (reason: string) => json<SessionView>('POST', '/session/break-glass', { reason }),
    mendGlass: () => json<SessionView>('DELETE', '/session/break-glass'),
    audit: (query: AuditQuery) => {
      const said = Object.entries(query).map(([name, value]) => [name, String(value)])
      return json<AuditPage>('GET', `/audit?${new URLSearchParams(said).toString()}`)
    },
    notifications: () => json<NotificationView[]>('GET', '/notifications'),
    notificationRules: () => json<NotificationRulesView>('GET', '/notifications/rules'),
    setNotificationRules: (rules: NotificationRules) =>
      json<NotificationRulesView>('PUT', '/notifications/rules', rules),
    renewNotificationSecret: () => json<NotificationSecret>('POST', '/notifications/secret'),
    testNotification: (test: NotificationTest) =>
      json<NotificationTestResult>('POST', '/notifications/test', test),
    floor: () => json<FloorPlanView>('GET', '/floor'),
    occupancy: async (levelId: string) =>
      new Int8Array(await (await send('GET', `/floor/levels/${id(levelId)}/occupancy`)).arrayBuffer()),
    /** @param outcome of one only; `null`: of all */
    hl7Messages: (outcome: Hl7Outcome | null) =>
      json<Hl7MessageView[]>('GET', `/hl7/messages${outcome === null ? '' : `?outcome=${outcome}`}`),
    compliance: (query: ComplianceQuery) =>
      json<ComplianceView>('GET', `/compliance?${new URLSearchParams(query).toString()}`),
    outbreak: (query: OutbreakQuery) =>
      json<OutbreakView>('GET', `/compliance/outbreak?${new URLSearchParams(query).toString()}`),
    protocols: () => json<ProtocolView[]>('GET', '/protocols'),
    addProtocol: (body: NewProtocol) => json<ProtocolView>('POST', '/protocols', body),
    organisms: () => json<OrganismView[]>('GET', '/organisms'),
    addOrganism: (body: NewOrganism) => json<OrganismView>('POST', '/organisms', body),
    validations: () => json<SiteValidationView[]>('GET', '/validations'),
    recordValidation: (body: NewSiteValidation) => json<SiteValidationView>('POST', '/validations', body),
    withdrawValidation: (validationId: string, reason: string) =>
      json<SiteValidationView>('POST', `/validations/${id(validationId)}/withdraw`, { reason }),
    patchRoom: (roomId: string, patch: RoomPatch) => json<RoomView>('PATCH', `/rooms/${id(roomId)}`, patch),
    request: (body: NewRequest) => json<RequestView>('POST', '/requests', body),
    requestPlans: (requestId: string) => json<StepPlan[]>('GET', `/requests/${id(requestId)}/plan`),
    /** The mission, or the request while more people must approve it. */
    approve: (requestId: string, approval: Approval = {}) =>
      json<MissionView | RequestView>('POST', `/requests/${id(requestId)}/approve`, approval),
    /** A discharged patient's room is empty and stripped. */
    confirmRoomReady: (requestId: string) =>
      json<RequestView>('POST', `/requests/${id(requestId)}/room-ready`),
    withdraw: (requestId: string) => json<RequestView>('POST', `/requests/${id(requestId)}/withdraw`),
    mission: (missionId: string) => json<MissionView>('GET', `/missions/${id(missionId)}`),
    missionPlan: (missionId: string) => json<StepPlan>('GET', `/missions/${id(missionId)}/plan`),
    confirmChecklist: (missionId: string, items: readonly string[]) =>
      mission(missionId, 'checklist', { items }),
    start: (missionId: string) => mission(missionId, 'start'),
    pause: (missionId: string) => mission(missionId, 'pause'),
    resume: (missionId: string) => mission(missionId, 'resume'),
    stop: (missionId: string) => mission(missionId, 'stop'),
    report: (missionId: string) => json<MissionReport>('GET', `/missions/${id(missionId)}/report`),
    proofs: (missionId: string) => json<ProofView[]>('GET', `/missions/${id(missionId)}/proofs`),
    release: (missionId: string, signature: ReleaseSignature) => mission(missionId, 'release', signature),
    measured: (missionId: string, measurement: HandMeasurement) =>
      mission(missionId, 'measured', measurement),
    emergencyStop: (robotId: string) => json<RobotView>('POST', `/robots/${id(robotId)}/emergency-stop`),
    changeRobotService: (robotId: string, change: RobotServiceChange) =>
      json<RobotView>('POST', `/robots/${id(robotId)}/service`, change),
    alarms: () => json<AlarmView[]>('GET', '/alarms'),
    acknowledgeAlarm: (alarmId: string) => json<AlarmView>('POST', `/alarms/${id(alarmId)}/acknowledge`),
    /** What is open in a ward now. */
    handOver: (ward: string) => json<HandOverSummary>('GET', `/hand-over?ward=${id(ward)}`),
    handOvers: (ward: string) => json<HandOverView[]>('GET', `/hand-overs?ward=${id(ward)}`),
    giveHandOver: (handOver: NewHandOver) => json<HandOverView>('POST', '/hand-overs', handOver),
    takeHandOver: (handOverId: string) => json<HandOverView>('POST', `/hand-overs/${id(handOverId)}/take`),
    contamination: () => json<ContaminationView>('GET', '/contamination'),
    recordDecontamination: (robotId: string, how: string) =>
      json<ContaminationView>('POST', `/contamination/robots/${id(robotId)}/decontamination`, { how }),
    schedule: () => json<ScheduleView>('GET', '/schedule'),
    previewDates: (recurrence: RecurrenceView) =>
      json<RecurrencePreview>('POST', '/schedule/preview', recurrence),
    addSchedulePlan: (plan: NewSchedulePlan) => json<SchedulePlanView>('POST', '/schedule/plans', plan),
    setPlanStatus: (planId: string, status: SchedulePlanView['status']) =>
      json<SchedulePlanView>('POST', `/schedule/plans/${id(planId)}/status`, { status }),
    setScheduleHours: (hours: ScheduleHours) => json<ScheduleHours>('PUT', '/schedule/hours', hours),
    /** What would come of a change; nothing is stored. */
    scheduleWhatIf: (requestId: string, change: ScheduleChange) =>
      json<ScheduleAnswer>('POST', `/schedule/requests/${id(requestId)}/what-if`, change),
    changeSchedule: (requestId: string, change: ScheduleChange) =>
      json<ScheduleEntryView>('POST', `/schedule/requests/${id(requestId)}`, change),
    zones: () => json<ZoneView[]>('GET', '/zones'),
    takeZone: (zoneId: string, hold: NewZoneHold) =>
      json<ZoneView>('POST', `/zones/${id(zoneId)}/hold`, hold),
    giveZoneBack: (zoneId: string) => json<ZoneView>('POST', `/zones/${id(zoneId)}/release`),
    searchRobotPlace: (robotId: string, request: PlaceSearchRequest) =>
      json<RobotView>('POST', `/robots/${id(robotId)}/place-search`, request),
    resumeRobot: (robotId: string) => json<RobotView>('POST', `/robots/${id(robotId)}/resume`),
    /** Only where the robots are simulated. */
    pressArmButton: async (robotId: string) =>
      void (await send('POST', `/simulation/robots/${id(robotId)}/arm-button`)),
    setSimulationSpeed: async (factor: number) => void (await send('POST', '/simulation/speed', { factor })),
    prepareForGas: async (roomId: string) =>
      void (await send('POST', `/simulation/rooms/${id(roomId)}/prepare-for-gas`)),
  }
}
