import {
  GAS_EVACUATE,
  type AlarmPriority,
  type AlarmView,
  type MissionView,
  type RobotView,
} from '@wardlight/core/fleet'

/** Why there should be an alarm now. */
export interface AlarmCause {
  /** `null`: it is not about a robot. */
  readonly robotId: string | null
  readonly roomId: string | null
  readonly kind: string
  readonly priority: AlarmPriority
  readonly text: string
}

/** What a person has to see of one robot. */
export function causesOfRobot(robot: RobotView): AlarmCause[] {
  // Somebody works on it: what it says then is no news.
  if (robot.service.state === 'maintenance' || robot.service.state === 'retired') return []
  const about = { robotId: robot.id, roomId: null }
  const causes: AlarmCause[] = []
  if (robot.connection === 'CONNECTION_BROKEN') {
    const priority = robot.missionId === null ? 'high' : 'urgent'
    causes.push({
      ...about,
      kind: 'connectionBroken',
      priority,
      text: 'The connection to the robot is lost.',
    })
    // What it said before is old.
    return causes
  }
  if (robot.emergencyStop !== 'NONE') {
    causes.push({
      ...about,
      kind: 'emergencyStop',
      ...(robot.emergencyStop === 'MANUAL'
        ? { priority: 'high', text: 'Its emergency stop is pressed.' }
        : { priority: 'low', text: 'It was stopped from afar, and waits to be resumed.' }),
    })
  }
  for (const { type, level, description } of robot.errors) {
    const priority = priorityOf(level)
    if (priority === null || causes.some(({ kind }) => kind === type)) continue
    // Of gas where people are its mission tells, and in which room.
    if (type === GAS_EVACUATE && robot.missionId !== null) continue
    causes.push({ ...about, kind: type, priority, text: description === '' ? type : description })
  }
  return causes
}

/** What a person has to see of one mission: gas where people are. */
export function causesOfMission({ robotId, roomId, gas, phase }: MissionView): AlarmCause[] {
  if (gas?.mustEvacuate !== true || phase === 'finished') return []
  const text = 'Gas where people are: everybody out of the rooms around.'
  return [{ robotId, roomId, kind: 'gas.evacuate', priority: 'urgent', text }]
}

/** After what VDA 5050 3.0 says of `errorLevel` in its state schema: a WARNING needs nobody at once. */
function priorityOf(level: string): AlarmPriority | null {
  switch (level) {
    case 'FATAL':
      return 'urgent'
    case 'CRITICAL':
    case 'URGENT':
      return 'high'
    default:
      return null
  }
}

/**
 * The open alarms of one source after it has said what is the matter now: new causes raise, causes that are gone clear,
 * causes that come back before anybody saw them count.
 *
 * @param open those of the same source that are not over
 * @param newId called once for each alarm that is raised
 * @returns only alarms that changed; what `isOver` is to be forgotten
 */
export function alarmsAfter(
  open: readonly AlarmView[],
  causes: readonly AlarmCause[],
  now: string,
  newId: () => string,
): AlarmView[] {
  const changed: AlarmView[] = []
  for (const alarm of open) {
    const cause = causes.find(({ kind }) => kind === alarm.kind)
    if (cause === undefined) {
      if (alarm.clearedAt === null) changed.push({ ...alarm, clearedAt: now })
      continue
    }
    const isBack = alarm.clearedAt !== null
    const worse = rank(cause.priority) < rank(alarm.priority)
    if (!isBack && !worse && cause.text === alarm.text) continue
    changed.push({
      ...alarm,
      text: cause.text,
      priority: worse || isBack ? cause.priority : alarm.priority,
      clearedAt: null,
      count: alarm.count + (isBack ? 1 : 0),
      // Who has seen the lesser one has not seen this.
      ...(worse ? { acknowledgedBy: null, acknowledgedAt: null } : {}),
    })
  }
  for (const cause of causes) {
    if (open.some(({ kind }) => kind === cause.kind)) continue
    changed.push({
      ...cause,
      id: newId(),
      raisedAt: now,
      count: 1,
      clearedAt: null,
      acknowledgedBy: null,
      acknowledgedAt: null,
    })
  }
  return changed
}

/** Its cause is gone, and somebody has seen it. */
export function isOver({ clearedAt, acknowledgedAt }: AlarmView): boolean {
  return clearedAt !== null && acknowledgedAt !== null
}

const RANKS: readonly AlarmPriority[] = ['urgent', 'high', 'low']

function rank(priority: AlarmPriority): number {
  return RANKS.indexOf(priority)
}
