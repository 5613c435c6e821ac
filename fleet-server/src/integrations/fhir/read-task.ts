import { isWardError, wardError } from '@wardlight/core/errors'
import type { NewRequest, RequestedTreatment } from '@wardlight/core/fleet'
import type { Coding } from 'fhir/r4.js'
import { organismIdOf } from './organism-codes.ts'
import { isTaskInput, SYSTEMS, TASK_INPUTS, type TaskInput } from './systems.ts'

/** A Task by which another system asks for a room. */
export interface TaskOrder {
  /** The other system's own number: the same one again is the same Task. */
  readonly identifier: { readonly system: string; readonly value: string }
  readonly wish: NewRequest
}

type Json = Readonly<Record<string, unknown>>

const READ = [
  'resourceType',
  'id',
  'identifier',
  'status',
  'intent',
  'priority',
  'code',
  'focus',
  'for',
  'restriction',
  'input',
] as const
/** They change nothing of what is asked for. They may name patients, so they are not even kept. */
const LEFT_UNREAD = [
  'meta',
  'language',
  'text',
  'contained',
  'extension',
  'description',
  'note',
  'authoredOn',
  'lastModified',
  'requester',
  'reasonCode',
  'groupIdentifier',
  'businessStatus',
]
/** Of an identifier, characters. */
const LONGEST = 256

/** A body without what is not read of it: the record of who asked for what keeps no words about patients. */
export function withoutUnread(body: unknown): unknown {
  if (!isObject(body)) return body
  return Object.fromEntries(
    Object.entries(body)
      .filter(([name]) => !LEFT_UNREAD.includes(name))
      .map(([name, value]) => [name, (READ as readonly string[]).includes(name) ? value : null]),
  )
}

/**
 * @param roomIdOf of a Location's id; `null`: it is no room
 * @throws WARD_ERR_VALIDATION with a FHIRPath as its place
 */
export function readTask(body: unknown, roomIdOf: (locationId: string) => string | null): TaskOrder {
  const task = readResource(body)
  for (const name of Object.keys(task)) {
    if ((READ as readonly string[]).includes(name) || LEFT_UNREAD.includes(name)) continue
    throw wrong(`Task.${name}`, `Task.${name} is not understood here`, 'Leave it out.')
  }
  if (task['status'] !== 'requested') {
    throw wrong('Task.status', `A new Task is ${said(task['status'])}`, 'Let its status be "requested".')
  }
  if (task['intent'] !== 'order') {
    throw wrong('Task.intent', `The intent is ${said(task['intent'])}`, 'Let it be "order".')
  }
  if (task['priority'] !== undefined && task['priority'] !== 'routine') {
    throw wrong(
      'Task.priority',
      `A priority of ${said(task['priority'])} is not taken`,
      'Leave it out and give restriction.period.end; people set priorities in the schedule.',
    )
  }
  const isOurs = codingsOf(task['code']).some(
    ({ system, code }) => system === SYSTEMS.taskCode && code === 'disinfect-room',
  )
  if (!isOurs) {
    throw wrong(
      'Task.code',
      'The Task does not ask to disinfect a room',
      `Give a coding with system "${SYSTEMS.taskCode}" and code "disinfect-room".`,
    )
  }
  const dueAt = readDueAt(task['restriction'])
  return {
    identifier: readIdentifier(task['identifier']),
    wish: {
      roomId: readRoomId(task, roomIdOf),
      ...readInputs(task['input']),
      ...(dueAt === null ? {} : { dueAt }),
    },
  }
}

/** The room alone. @throws as `readTask` */
export function readTaskRoom(body: unknown, roomIdOf: (locationId: string) => string | null): string {
  return readRoomId(readResource(body), roomIdOf)
}

const OF_INPUT: ReadonlySet<string> = new Set([
  'WARD_ERR_ORGANISM_UNKNOWN',
  'WARD_ERR_NOT_FOUND',
  'WARD_ERR_VALIDATION',
])

/** What a request refuses of a Task's input, with the place in the Task: 404 would say that Tasks are not taken here. */
export function faultOfTask(error: unknown): unknown {
  if (!isWardError(error) || !OF_INPUT.has(error.code)) return error
  const { what, where, remedy } = error
  return where?.startsWith('Task.') === true ? error : wrong('Task.input', what, remedy)
}

/**
 * That a Task is called off: of a PUT its whole resource, of a PATCH a JSON Patch (RFC 6902) of its status.
 *
 * @throws WARD_ERR_VALIDATION for anything else
 */
export function checkCancellation(body: unknown, method: 'PUT' | 'PATCH', fhirId: string): void {
  if (method === 'PATCH') {
    const operations: unknown[] = Array.isArray(body) ? body : []
    const [operation] = operations
    const isStatus =
      operations.length === 1 &&
      isObject(operation) &&
      operation['op'] === 'replace' &&
      operation['path'] === '/status'
    if (!isStatus || operation['value'] !== 'cancelled') {
      throw wrong(
        'Task.status',
        'Nothing but the status of a Task can be changed, and that only to cancelled',
        'Send [{"op":"replace","path":"/status","value":"cancelled"}].',
      )
    }
    return
  }
  const task = readResource(body)
  if (task['id'] !== fhirId) {
    throw wrong('Task.id', `The Task is ${said(task['id'])}`, `Send the one of the address: "${fhirId}".`)
  }
  if (task['status'] === 'cancelled') return
  throw wrong(
    'Task.status',
    `The status cannot be set to ${said(task['status'])}`,
    'Set it to "cancelled", or leave the Task as it is.',
  )
}

/**
 * A conditional create looks for the number that the Task itself has: it is what keeps a second one from being made.
 *
 * @throws WARD_ERR_VALIDATION for a search for anything else
 */
export function checkIfNoneExist(header: string, { identifier: { system, value } }: TaskOrder): void {
  const query = new URLSearchParams(header.replace(/^.*\?/, ''))
  if (query.size === 1 && query.get('identifier') === `${system}|${value}`) return
  throw wrong(
    'If-None-Exist',
    `Nothing is looked for by ${said(header)}`,
    'Give identifier=SYSTEM|VALUE as in the Task itself, and nothing else.',
  )
}

function readResource(body: unknown): Json {
  if (isObject(body) && body['resourceType'] === 'Task') return body
  const what = isObject(body) ? `The body is a ${said(body['resourceType'])}` : 'The body is no resource'
  throw wrong('Task', what, 'Send a Task as JSON.')
}

function readIdentifier(value: unknown): TaskOrder['identifier'] {
  const at = 'Task.identifier'
  if (!Array.isArray(value) || value.length !== 1 || !isObject(value[0])) {
    throw wrong(
      at,
      `The Task has ${Array.isArray(value) ? value.length : 'no'} identifiers`,
      'Give one, with a number of your own for this order: then the same Task sent again makes no second one.',
    )
  }
  const { system, value: number } = value[0]
  return { system: readText(`${at}.system`, system), value: readText(`${at}.value`, number) }
}

function readText(where: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST && !value.includes('\0'))
    return value
  throw wrong(where, `It is ${said(value)}`, `Give a text of at most ${LONGEST} characters.`)
}

function readRoomId(task: Json, roomIdOf: (locationId: string) => string | null): string {
  const ids = (['focus', 'for'] as const).flatMap((name) => {
    const reference = task[name]
    if (reference === undefined) return []
    const where = `Task.${name}.reference`
    const text = isObject(reference) ? reference['reference'] : undefined
    const [, locationId] = typeof text === 'string' ? (/^Location\/(.+)$/.exec(text) ?? []) : []
    const roomId = locationId === undefined ? null : roomIdOf(locationId)
    if (roomId !== null) return [roomId]
    throw wrong(
      where,
      // It may name a patient.
      'It is no room of this hospital',
      'Give "Location/…" of a room as GET Location lists it.',
    )
  })
  const [roomId] = ids
  if (roomId === undefined) {
    throw wrong('Task.focus', 'The Task names no room', 'Give focus with the Location of the room.')
  }
  if (ids.some((id) => id !== roomId)) {
    throw wrong('Task.for', 'It is another room than focus', 'Name one room, or leave it out.')
  }
  return roomId
}

function readDueAt(restriction: unknown): string | null {
  if (restriction === undefined) return null
  const where = 'Task.restriction'
  const period = isObject(restriction) ? restriction['period'] : undefined
  const isOnlyPeriod = isObject(restriction) && Object.keys(restriction).every((name) => name === 'period')
  if (!isOnlyPeriod || !isObject(period) || Object.keys(period).some((name) => name !== 'end')) {
    throw wrong(
      where,
      'Of a restriction only period.end is taken',
      'Give { "period": { "end": … } } or none.',
    )
  }
  const { end } = period
  // An instant: a day alone does not say by when.
  const isInstant =
    typeof end === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(end) &&
    !Number.isNaN(Date.parse(end))
  if (isInstant) return end
  throw wrong(
    `${where}.period.end`,
    `By when is ${said(end)}`,
    'Give date and time with a zone, such as 2026-01-05T06:00:00Z.',
  )
}

function readInputs(value: unknown): RequestedTreatment {
  if (!Array.isArray(value) || value.length === 0) {
    throw wrong(
      'Task.input',
      'The Task does not say what is to be reached',
      'Give the input "protocol", or "organism" and "target-log".',
    )
  }
  const wish: { -readonly [K in keyof NewRequest]?: NewRequest[K] } = {}
  const seen = new Set<TaskInput>()
  for (const [index, input] of (value as unknown[]).entries()) {
    const where = `Task.input[${index}]`
    const code = isObject(input) ? inputCode(input) : null
    if (!isObject(input) || code === null || code === 'target-dose') {
      const known = Object.keys(TASK_INPUTS).filter((name) => name !== 'target-dose')
      throw wrong(
        `${where}.type`,
        'This input is not known',
        `Give a coding with system "${SYSTEMS.taskInput}" and one of the codes ${known.join(', ')}.`,
      )
    }
    if (seen.has(code)) throw wrong(where, `The input ${code} is there twice`, 'Give it once.')
    seen.add(code)
    switch (code) {
      case 'organism':
        wish.organismId = readOrganism(where, input['valueCodeableConcept'])
        break
      case 'target-log':
        wish.targetLog = readTargetLog(where, input['valueDecimal'])
        break
      case 'floor':
        wish.isFloorTreated = readBoolean(where, input['valueBoolean'])
        break
      case 'protocol':
        wish.protocolId = readProtocol(where, input['valueCodeableConcept'])
    }
  }
  return wish
}

function inputCode(input: Json): TaskInput | null {
  for (const { system, code } of codingsOf(input['type'])) {
    if (system === SYSTEMS.taskInput && code !== undefined && isTaskInput(code)) return code
  }
  return null
}

function readOrganism(where: string, value: unknown): string {
  const ids = new Set(codingsOf(value).flatMap((coding) => organismIdOf(coding) ?? []))
  const [id] = ids
  if (id !== undefined && ids.size === 1) return id
  throw wrong(
    `${where}.valueCodeableConcept`,
    ids.size > 1 ? 'Its codings name several organisms' : 'None of its codings names an organism of ours',
    `Give a code of "${SYSTEMS.organism}" as GET /api/organisms lists them, or of SNOMED CT where that is known.`,
  )
}

function readTargetLog(where: string, value: unknown): number {
  if (typeof value === 'number' && value > 0 && value <= 6) return value
  throw wrong(
    `${where}.valueDecimal`,
    `The log reduction is ${said(value)}`,
    'Give a number above 0 and at most 6.',
  )
}

function readBoolean(where: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw wrong(`${where}.valueBoolean`, `It is ${said(value)}`, 'Give true or false.')
}

/** A request follows the current version: whoever asks for another one does not get what they think. */
function readProtocol(where: string, value: unknown): string {
  const coding = codingsOf(value).find(({ system }) => system === SYSTEMS.protocol)
  if (coding?.code !== undefined && coding.version === undefined) return coding.code
  throw wrong(
    `${where}.valueCodeableConcept`,
    coding?.version === undefined ? 'It names no protocol' : 'It asks for one version of a protocol',
    `Give a coding with system "${SYSTEMS.protocol}", the protocol's id as code, and no version: the current one is followed.`,
  )
}

function codingsOf(concept: unknown): Coding[] {
  if (!isObject(concept) || !Array.isArray(concept['coding'])) return []
  return concept['coding'].filter(isObject).map(({ system, code, version }) => ({
    ...(typeof system === 'string' ? { system } : {}),
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof version === 'string' ? { version } : {}),
  }))
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** As it stands in an error: short. */
function said(value: unknown): string {
  if (value === undefined || value === null) return 'not given'
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

function wrong(where: string, what: string, remedy: string): Error {
  return wardError('WARD_ERR_VALIDATION', { what, where, remedy })
}
