import {
  NEVER_OUT_OF_SERVICE,
  type RobotView,
  type RoomView,
  type ScheduleEntryView,
} from '@wardlight/core/fleet'

/** A room as the live board shows it. */
export function aRoomView(id: string, state: RoomView['state'] = 'dirty'): RoomView {
  return {
    id,
    name: id,
    levelId: 'L1',
    kind: 'patientRoom',
    ward: null,
    state,
    since: '2026-01-05T03:00:00.000Z',
    reason: null,
    requestId: null,
    missionId: null,
  }
}

/** A robot as the live board shows it. */
export function aRobotView(feedNumber: number): RobotView {
  const serialNumber = `r${feedNumber}`
  return {
    id: `maker.${serialNumber}`,
    feedNumber,
    manufacturer: 'maker',
    serialNumber,
    connection: 'ONLINE',
    position: { x: 0, y: 0, theta: 0, levelId: 'L1', isLocalized: true },
    batteryFraction: 0.8,
    batteryHealth: null,
    drivenM: null,
    isCharging: false,
    isFixed: false,
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
    service: NEVER_OUT_OF_SERVICE,
    placeSearch: null,
    lampTubes: [],
    lengthM: 0.6,
    widthM: 0.6,
    updatedAt: '1970-01-01T00:00:00.000Z',
  }
}

/** An entry of the schedule. @param from room that its robot comes from; `null`: it is free */
export function aScheduleEntry(roomId: string, from: string | null): ScheduleEntryView {
  return {
    id: `request of ${roomId}`,
    status: 'requested',
    roomId,
    requestId: `request of ${roomId}`,
    planId: null,
    robotId: 'maker.uv-1',
    priority: 'routine',
    startAt: '2026-01-05T03:00:00.000Z',
    endAt: '2026-01-05T03:20:00.000Z',
    deadlineAt: null,
    lateMin: 0,
    steps: [],
    reason: `uv-1, because ${from === null ? 'it is free' : `it comes from ${from}`}, 2 min away.`,
    comesFrom: from === null ? null : { roomId: from, name: from },
    prerequisites: [],
  }
}
