import {
  HandOverKindSchema,
  type AlarmView,
  type ContaminationView,
  type HandOverItem,
  type HandOverKind,
  type HandOverUrgency,
  type MissionView,
  type RequestView,
  type RobotView,
  type RoomView,
} from '@wardlight/core/fleet'

/** The whole hospital as it is now; what belongs to other wards is left out here. */
export interface HospitalNow {
  readonly rooms: readonly RoomView[]
  readonly requests: readonly RequestView[]
  readonly missions: readonly MissionView[]
  readonly robots: readonly RobotView[]
  /** Open ones. */
  readonly alarms: readonly AlarmView[]
  readonly contamination: ContaminationView
  /** By mission: how many surfaces its report says that no light reached. */
  readonly missedSurfaces: ReadonlyMap<string, number>
}

const URGENCIES: readonly HandOverUrgency[] = ['now', 'soon', 'know']
const KINDS: readonly HandOverKind[] = Object.values(HandOverKindSchema.enum)
/** Phases in which a robot stands there and waits for a person. */
const NEEDS_PERSON: ReadonlySet<MissionView['phase']> = new Set(['awaitingArming', 'interrupted'])
const ALARM_URGENCIES: Readonly<Record<AlarmView['priority'], HandOverUrgency>> = {
  urgent: 'now',
  high: 'soon',
  low: 'know',
}

/**
 * What is open in a ward, most urgent first, then what has waited longest. Robots go everywhere, and alarms that are in no room
 * are everybody's: they stand in every ward's.
 */
export function handOverItems(ward: string, now: HospitalNow): HandOverItem[] {
  const rooms = new Map(now.rooms.filter((room) => room.ward === ward).map((room) => [room.id, room]))
  return [
    ...[...rooms.values()].flatMap((room) => itemsOfRoom(room, now)),
    ...now.alarms.flatMap((alarm) => itemOfAlarm(alarm, rooms, now.robots)),
    ...now.robots.flatMap((robot) => itemsOfRobot(robot, rooms, now.contamination)),
  ].toSorted(byUrgency)
}

function byUrgency(a: HandOverItem, b: HandOverItem): number {
  return (
    URGENCIES.indexOf(a.urgency) - URGENCIES.indexOf(b.urgency) ||
    KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
    (a.since ?? '').localeCompare(b.since ?? '') ||
    a.id.localeCompare(b.id)
  )
}

function itemsOfRoom(room: RoomView, now: HospitalNow): HandOverItem[] {
  const item = (
    kind: HandOverKind,
    urgency: HandOverUrgency,
    detail: string | null,
    since: string | null = room.since,
  ): HandOverItem => ({
    id: `${kind}/${room.id}`,
    kind,
    urgency,
    roomId: room.id,
    subject: room.name,
    detail,
    since,
  })
  const items: HandOverItem[] = []
  const missions = now.missions.filter(({ roomId }) => roomId === room.id)
  const isGassed = missions.some(({ gas }) => gas?.isGassed === true)
  const running = missions.find(({ phase }) => phase !== 'finished')
  const last = missions.find(({ id }) => id === room.missionId)

  if (isGassed) items.push(item('gassed', 'now', room.reason))
  if (running !== undefined) {
    items.push(
      NEEDS_PERSON.has(running.phase)
        ? item('runNeedsPerson', 'now', room.reason, running.phaseSince)
        : item('running', 'know', room.reason, running.phaseSince),
    )
  } else if (room.state === 'inProgress') {
    items.push(item(isOver(last) ? 'toRelease' : 'running', isOver(last) ? 'soon' : 'know', room.reason))
  }
  if (last !== undefined && last.phase === 'finished' && last.releasedAt === null) {
    const missed = now.missedSurfaces.get(last.id) ?? 0
    if (missed > 0) {
      items.push(item('missedSurfaces', 'soon', `${missed} to be wiped by hand`, last.finishedAt))
    }
  }
  if (room.state === 'suspended') items.push(item('suspended', 'now', room.reason))
  if (room.state === 'stat') items.push(item('stat', 'now', room.reason))
  if (room.state === 'blocked' && !isGassed) items.push(item('blocked', 'soon', room.reason))
  if (room.state === 'dirty' || room.state === 'cleanNext') items.push(item('dirty', 'know', room.reason))

  const request = now.requests.find(({ id }) => id === room.requestId)
  if (request !== undefined) items.push(...itemOfRequest(request, item))

  const hygiene = now.contamination.rooms.find(({ roomId }) => roomId === room.id)
  if (hygiene !== undefined && hygiene.isolatedFor !== null) {
    const names = hygiene.isolatedFor.map(
      (agent) => hygiene.carries.find((carried) => carried.agent === agent)?.name ?? agent,
    )
    items.push(
      item('isolated', 'know', names.length === 0 ? 'nobody has named the organism' : names.join(', '), null),
    )
  }
  return items
}

/** Between two steps of one request a robot is still to come. */
function isOver(mission: MissionView | undefined): boolean {
  return mission === undefined || mission.stepNumber + 1 >= mission.stepCount
}

function itemOfRequest(
  { status, roomReady, failure, requestedBy, requestedAt, approvals, approvalsNeeded }: RequestView,
  item: (kind: HandOverKind, urgency: HandOverUrgency, detail: string, since: string) => HandOverItem,
): HandOverItem[] {
  const by = `asked for by ${requestedBy}`
  if (status === 'approved' || status === 'withdrawn') return []
  if (roomReady !== null && roomReady.by === null) return [item('roomToEmpty', 'soon', by, requestedAt)]
  switch (status) {
    case 'planning':
      return [item('planning', 'know', by, requestedAt)]
    case 'planningFailed':
      return [item('requestFailed', 'soon', failure ?? by, requestedAt)]
    case 'planned': {
      const given = approvalsNeeded > 1 ? `, ${approvals.length} of ${approvalsNeeded} have approved` : ''
      return [item('toApprove', 'soon', `${by}${given}`, requestedAt)]
    }
  }
}

function itemOfAlarm(
  { id, roomId, robotId, text, priority, raisedAt, acknowledgedAt }: AlarmView,
  rooms: ReadonlyMap<string, RoomView>,
  robots: readonly RobotView[],
): HandOverItem[] {
  const room = roomId === null ? undefined : rooms.get(roomId)
  if (acknowledgedAt !== null || (roomId !== null && room === undefined)) return []
  const robot = robots.find((each) => each.id === robotId)
  return [
    {
      id: `alarm/${id}`,
      kind: 'alarm',
      urgency: ALARM_URGENCIES[priority],
      roomId,
      subject: [robot?.serialNumber ?? robotId, room?.name].filter((name) => name != null).join(', '),
      detail: text,
      since: raisedAt,
    },
  ]
}

function itemsOfRobot(
  { id, serialNumber, isPaused, emergencyStop, service }: RobotView,
  rooms: ReadonlyMap<string, RoomView>,
  contamination: ContaminationView,
): HandOverItem[] {
  if (service.state === 'retired') return []
  const item = (
    kind: HandOverKind,
    urgency: HandOverUrgency,
    detail: string | null,
    since: string | null,
  ): HandOverItem => ({
    id: `${kind}/${id}`,
    kind,
    urgency,
    roomId: null,
    subject: serialNumber,
    detail,
    since,
  })
  const items: HandOverItem[] = []
  if (emergencyStop !== 'NONE') items.push(item('robotHeld', 'soon', 'emergency stop', null))
  else if (isPaused) items.push(item('robotHeld', 'soon', 'paused', null))
  if (service.state !== 'inService') {
    items.push(
      item(
        'robotOutOfService',
        'know',
        [service.state, service.reason].filter((words) => words !== null).join(': '),
        service.at,
      ),
    )
  }
  const carried = contamination.robots.find(({ robotId }) => robotId === id)
  if (carried?.refusedRoomIds.some((roomId) => rooms.has(roomId)) === true) {
    const names = carried.carries.map(({ name }) => name).join(', ')
    items.push(item('robotContaminated', 'soon', names === '' ? null : names, null))
  }
  return items
}
