import {
  NEVER_OUT_OF_SERVICE,
  NO_SCHEDULE_WISH,
  type AlarmView,
  type GasView,
  type LiveState,
  type MissionView,
  type RequestView,
  type RobotView,
  type RoomView,
  type ScheduleEntryView,
} from '@wardlight/core/fleet'

/** Builders for tests: a plausible whole, of which a test names only what it is about. */
export function aRoom(part: Partial<RoomView> = {}): RoomView {
  return {
    id: 'room-1',
    name: 'Room 1',
    levelId: 'L1',
    kind: 'patientRoom',
    ward: null,
    state: 'dirty',
    since: '2026-03-01T03:00:00.000Z',
    reason: null,
    requestId: null,
    missionId: null,
    ...part,
  }
}

export function aRobot(part: Partial<RobotView> = {}): RobotView {
  return {
    id: 'wardlight.uv-01',
    feedNumber: 0,
    manufacturer: 'wardlight',
    serialNumber: 'uv-01',
    connection: 'ONLINE',
    position: { x: 1, y: 2, theta: 0, levelId: 'L1', isLocalized: true },
    isFixed: false,
    batteryFraction: 0.8,
    batteryHealth: null,
    drivenM: null,
    isCharging: false,
    isDriving: false,
    isPaused: false,
    isLampLit: false,
    operatingMode: 'AUTOMATIC',
    emergencyStop: 'NONE',
    orderId: null,
    missionId: null,
    errors: [],
    vaporiser: null,
    screenUrl: null,
    lampTubes: [],
    service: NEVER_OUT_OF_SERVICE,
    placeSearch: null,
    lengthM: 0.6,
    widthM: 0.6,
    updatedAt: '2026-03-01T03:00:00.000Z',
    ...part,
  }
}

export function aRequest(part: Partial<RequestView> = {}): RequestView {
  return {
    id: 'request-1',
    roomId: 'room-1',
    organismId: 'mrsa',
    targetLog: 3,
    targetMjPerCm2: null,
    protocol: null,
    dueConfirmations: [],
    confirmations: [],
    approvals: [],
    approvalsNeeded: 1,
    approvalRoles: ['nurse'],
    roomReady: null,
    dueAt: null,
    wish: NO_SCHEDULE_WISH,
    status: 'planned',
    failure: null,
    requestedBy: 'Nora Nurse',
    requestedAt: '2026-03-01T03:00:00.000Z',
    approvedBy: null,
    steps: [{ id: 'light', method: 'uv', unitId: null, plannedS: 600, missionId: null }],
    missionId: null,
    plannedS: 600,
    ...part,
  }
}

export function aMission(part: Partial<MissionView> = {}): MissionView {
  return {
    id: 'mission-1',
    requestId: 'request-1',
    method: 'uv',
    stepNumber: 0,
    stepCount: 1,
    roomId: 'room-1',
    robotId: 'wardlight.uv-01',
    organismId: 'mrsa',
    targetLog: 3,
    protocol: null,
    phase: 'dosing',
    phaseSince: '2026-03-01T03:00:00.000Z',
    arming: 'started',
    stopIndex: 0,
    stops: [],
    countdownS: null,
    remainingS: 100,
    plannedS: 600,
    isLampLit: true,
    gas: null,
    blockers: [],
    interlocks: [],
    deliveredMjPerCm2: [],
    verdict: null,
    orderedAt: '2026-03-01T03:00:00.000Z',
    finishedAt: null,
    dueConfirmations: [],
    confirmations: [],
    signatures: [],
    signaturesNeeded: 1,
    signatureRoles: ['nurse'],
    signableFrom: null,
    handMeasurement: null,
    releasedBy: null,
    releasedAt: null,
    updatedAt: '2026-03-01T03:00:00.000Z',
    ...part,
  }
}

export function aGas(part: Partial<GasView> = {}): GasView {
  return {
    isGassed: true,
    mustEvacuate: false,
    isGeneratorOn: false,
    injectedG: 400,
    plannedG: 400,
    dwellS: 1800,
    plannedDwellS: 1800,
    targetPpm: 250,
    phaseS: 60,
    sensors: [],
    ...part,
  }
}

export function anEntry(part: Partial<ScheduleEntryView> = {}): ScheduleEntryView {
  return {
    id: 'request-1',
    status: 'requested',
    roomId: 'room-1',
    requestId: 'request-1',
    planId: null,
    robotId: 'wardlight.uv-01',
    priority: 'routine',
    startAt: '2026-03-01T03:00:00.000Z',
    endAt: '2026-03-01T03:30:00.000Z',
    deadlineAt: null,
    lateMin: 0,
    steps: [],
    reason: 'uv-01, 03:00, because it is free, 1 min away.',
    comesFrom: null,
    prerequisites: [],
    ...part,
  }
}

export function aLiveState(part: {
  readonly rooms?: readonly RoomView[]
  readonly requests?: readonly RequestView[]
  readonly missions?: readonly MissionView[]
  readonly robots?: readonly RobotView[]
  readonly schedule?: readonly ScheduleEntryView[]
  readonly alarms?: readonly AlarmView[]
}): LiveState {
  const byId = <Item extends { readonly id: string }>(items: readonly Item[] = []): Record<string, Item> =>
    Object.fromEntries(items.map((item) => [item.id, item]))
  return {
    rooms: byId(part.rooms),
    requests: byId(part.requests),
    missions: byId(part.missions),
    robots: byId(part.robots),
    schedule: byId(part.schedule),
    alarms: byId(part.alarms),
  }
}
