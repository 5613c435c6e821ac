import type { CodeableConcept, Identifier, Reference, Task, TaskInput, TaskOutput } from 'fhir/r4.js'
import type { MissionRow, RequestRow } from '../../store/schema.ts'
import { fhirId } from './ids.ts'
import { organismConcept } from './organism-codes.ts'
import { SYSTEMS, TASK_CODES, TASK_INPUTS } from './systems.ts'

export type TaskRequest = Pick<
  RequestRow,
  | 'id'
  | 'organismId'
  | 'targetLog'
  | 'targetMjPerCm2'
  | 'isFloorTreated'
  | 'protocol'
  | 'dueAt'
  | 'status'
  | 'failure'
  | 'requestedBy'
  | 'requestedAt'
  | 'roomReady'
  | 'wish'
>

export type TaskMission = Pick<
  MissionRow,
  | 'id'
  | 'requestId'
  | 'method'
  | 'stepNumber'
  | 'stepCount'
  | 'phase'
  | 'verdict'
  | 'outcome'
  | 'orderedAt'
  | 'finishedAt'
  | 'releasedAt'
>

/** How a Task stands: FHIR's word, ours (`code`), and what people should know. */
export interface TaskState {
  readonly status: Task['status']
  readonly code: string
  readonly reason: string | null
}

const state = (status: Task['status'], code: string, reason: string | null = null): TaskState => ({
  status,
  code,
  reason,
})

/** One robot's treatment by itself. That nobody has released the room yet is not its own matter. */
export function missionTaskState({ phase, verdict, outcome, finishedAt }: TaskMission): TaskState {
  if (finishedAt !== null || phase === 'finished') {
    if (verdict === null) return state('in-progress', 'finished')
    return verdict === 'proven' ? state('completed', verdict) : state('failed', verdict, outcome)
  }
  switch (phase) {
    case 'queued':
    case 'traveling':
    case 'surveying':
      return state('accepted', phase)
    case 'awaitingArming':
      return state('ready', phase)
    case 'interrupted':
      return state('on-hold', phase)
    case 'exitDelay':
    case 'isolating':
    case 'conditioning':
    case 'dosing':
    case 'gassing':
    case 'dwelling':
    case 'aerating':
    case 'verifying':
    case 'unsealing':
      return state('in-progress', phase)
  }
}

/**
 * A whole request. It is completed only by people who release the room: a robot's proof alone frees no bed.
 *
 * @param mission the newest of its missions; `null`: there is none yet
 * @param isRoomsNewest no later mission has begun in the room; a mission before that is never released any more
 */
export function requestTaskState(
  request: TaskRequest,
  mission: TaskMission | null,
  isRoomsNewest: boolean,
): TaskState {
  switch (request.status) {
    case 'planning':
      return state('requested', 'planning')
    case 'planned':
      return state(
        'received',
        request.roomReady !== null && request.roomReady.by === null ? 'roomNotReady' : 'planned',
      )
    case 'planningFailed':
      return state('failed', 'planningFailed', request.failure)
    case 'withdrawn':
      return state('cancelled', 'withdrawn')
    case 'approved':
  }
  if (mission === null) return state('accepted', 'approved')
  if (mission.releasedAt !== null) return state('completed', 'released')
  const own = missionTaskState(mission)
  if (own.status === 'completed') {
    if (isRoomsNewest) {
      const isLast = mission.stepNumber + 1 === mission.stepCount
      return state('in-progress', isLast ? 'awaitingRelease' : 'awaitingNextStep')
    }
    return state('failed', 'notReleased', 'A later treatment began before anybody released the room')
  }
  // Once the first step has been at work, the whole is.
  const isUnderWay = mission.stepNumber > 0 && (own.status === 'accepted' || own.status === 'ready')
  return isUnderWay ? { ...own, status: 'in-progress' } : own
}

/** What a Task of ours names besides its own row. */
export interface TaskContext {
  readonly room: Reference
  readonly organismName: (organismId: string) => string
}

/**
 * @param missions its missions, in their order
 * @param identifiers by which other systems know it
 */
export function requestTask(
  request: TaskRequest,
  missions: readonly TaskMission[],
  isRoomsNewest: boolean,
  identifiers: readonly Identifier[],
  context: TaskContext,
): Task {
  const [first] = missions
  const last = missions.at(-1) ?? null
  const { status, code, reason } = requestTaskState(request, last, isRoomsNewest)
  const endedAt = last === null ? null : (last.releasedAt ?? last.finishedAt)
  const isOver = status === 'completed' || status === 'failed'
  return {
    resourceType: 'Task',
    id: fhirId('request', request.id),
    identifier: [{ system: SYSTEMS.request, value: request.id }, ...identifiers],
    ...statusOf({ status, code, reason }),
    intent: 'order',
    ...priorityOf(request.wish.priority),
    code: taskCode('disinfect-room'),
    ...aboutRoom(context.room),
    ...(first === undefined
      ? {}
      : {
          executionPeriod: {
            start: first.orderedAt.toISOString(),
            ...(isOver && endedAt !== null ? { end: endedAt.toISOString() } : {}),
          },
        }),
    authoredOn: request.requestedAt.toISOString(),
    requester: { display: request.requestedBy },
    ...(request.dueAt === null ? {} : { restriction: { period: { end: request.dueAt.toISOString() } } }),
    ...listOf('input', inputsOf(request, context)),
    ...listOf('output', missions.flatMap(outputOf)),
  }
}

export function missionTask(
  mission: TaskMission & Pick<MissionRow, 'organismId' | 'targetLog' | 'protocol'>,
  context: TaskContext,
): Task {
  const { organismId, targetLog, protocol } = mission
  return {
    resourceType: 'Task',
    id: fhirId('mission', mission.id),
    identifier: [{ system: SYSTEMS.mission, value: mission.id }],
    partOf: [{ reference: `Task/${fhirId('request', mission.requestId)}` }],
    ...statusOf(missionTaskState(mission)),
    intent: 'order',
    code: taskCode('treat-room'),
    ...aboutRoom(context.room),
    executionPeriod: {
      start: mission.orderedAt.toISOString(),
      ...(mission.finishedAt === null ? {} : { end: mission.finishedAt.toISOString() }),
    },
    authoredOn: mission.orderedAt.toISOString(),
    ...listOf(
      'input',
      inputsOf({ organismId, targetLog, protocol, targetMjPerCm2: null, isFloorTreated: false }, context),
    ),
    ...listOf('output', outputOf(mission)),
  }
}

function statusOf({
  status,
  code,
  reason,
}: TaskState): Pick<Task, 'status' | 'statusReason' | 'businessStatus'> {
  return {
    status,
    ...(reason === null || reason.trim() === '' ? {} : { statusReason: { text: reason } }),
    businessStatus: { coding: [{ system: SYSTEMS.businessStatus, code }], text: code },
  }
}

function priorityOf(priority: RequestRow['wish']['priority']): Pick<Task, 'priority'> {
  if (priority === null) return {}
  return { priority: priority === 'next' ? 'urgent' : priority }
}

/** The room is what is acted on, and what it is for: of patients a Task says nothing. */
function aboutRoom(room: Reference): Pick<Task, 'focus' | 'for'> {
  return { focus: room, for: room }
}

function inputsOf(
  {
    organismId,
    targetLog,
    targetMjPerCm2,
    isFloorTreated,
    protocol,
  }: Pick<TaskRequest, 'organismId' | 'targetLog' | 'targetMjPerCm2' | 'isFloorTreated' | 'protocol'>,
  { organismName }: TaskContext,
): TaskInput[] {
  return [
    ...(organismId === null
      ? []
      : [
          {
            type: inputType('organism'),
            valueCodeableConcept: organismConcept({ id: organismId, name: organismName(organismId) }),
          },
        ]),
    ...(targetLog === null ? [] : [{ type: inputType('target-log'), valueDecimal: targetLog }]),
    ...(targetMjPerCm2 === null
      ? []
      : [{ type: inputType('target-dose'), valueQuantity: mjPerCm2(targetMjPerCm2) }]),
    ...(isFloorTreated ? [{ type: inputType('floor'), valueBoolean: true }] : []),
    ...(protocol === null
      ? []
      : [
          {
            type: inputType('protocol'),
            valueCodeableConcept: {
              coding: [
                {
                  system: SYSTEMS.protocol,
                  version: String(protocol.version),
                  code: protocol.id,
                  display: protocol.name,
                },
              ],
              text: protocol.name,
            },
          },
        ]),
  ]
}

export function mjPerCm2(value: number) {
  return { value, unit: 'mJ/cm²', system: SYSTEMS.ucum, code: 'mJ/cm2' }
}

function outputOf({ id, finishedAt, verdict }: TaskMission): TaskOutput[] {
  if (finishedAt === null || verdict === null) return []
  return [
    {
      type: {
        coding: [{ system: SYSTEMS.taskOutput, code: 'report', display: 'Report of the treatment' }],
        text: 'Report of the treatment',
      },
      valueReference: { reference: `DiagnosticReport/${fhirId('mission', id)}` },
    },
  ]
}

function taskCode(code: keyof typeof TASK_CODES): CodeableConcept {
  return { coding: [{ system: SYSTEMS.taskCode, code, display: TASK_CODES[code] }], text: TASK_CODES[code] }
}

function inputType(code: keyof typeof TASK_INPUTS): CodeableConcept {
  return {
    coding: [{ system: SYSTEMS.taskInput, code, display: TASK_INPUTS[code] }],
    text: TASK_INPUTS[code],
  }
}

/** FHIR has no empty lists. */
function listOf<Name extends string, Item>(name: Name, items: readonly Item[]): { [K in Name]?: Item[] } {
  return (items.length === 0 ? {} : { [name]: [...items] }) as { [K in Name]?: Item[] }
}
