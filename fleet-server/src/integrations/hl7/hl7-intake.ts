import { randomUUID } from 'node:crypto'
import type { Clock, TimerId } from '@wardlight/core/clock'
import { isWardError, wardError } from '@wardlight/core/errors'
import type { Hl7CodeRule, Hl7Mapping, Hl7Outcome } from '@wardlight/core/fleet'
import { eq, inArray, lt } from 'drizzle-orm'
import type { FastifyBaseLogger } from 'fastify'
import { actingAs, type Acting } from '../../audit/acting.ts'
import type { Alarms } from '../../services/alarms.ts'
import type { Contaminations } from '../../services/contaminations.ts'
import type { FloorIndex } from '../../services/floor-index.ts'
import type { Ledger, LedgerChange } from '../../services/ledger.ts'
import type { Requests } from '../../services/requests.ts'
import type { Database } from '../../store/database.ts'
import { hl7Beds, hl7Messages, hl7Visits, type Hl7MessageRow, type RoomRow } from '../../store/schema.ts'
import { acknowledge } from './acknowledgement.ts'
import { adtEventOf, type AdtEvent, type BedStatusEvent, type VisitEvent } from './adt-event.ts'
import {
  decideBedStatus,
  decideVisit,
  type RoomBefore,
  type VisitMessage,
  type VisitRecord,
  type VisitTaken,
} from './bed-rules.ts'
import { bedStatusOf } from './bed-status.ts'
import { newControlId } from './control-id.ts'
import type { DataKeys } from '../../store/data-key.ts'
import { Hl7Fault } from './hl7-fault.ts'
import { Hl7Batch } from './hl7-batch.ts'
import type { Hl7Mappings } from './hl7-mappings.ts'
import { placeOf, ruleKey, rulesMetBy, rulesOf, treatmentFor, type NamedRoom, type Place } from './mapping.ts'
import { parseMessage, type Hl7Message } from './message.ts'
import { hiddenName, openSealed, sealData } from '../../store/sealed-data.ts'
import { encodeMessage } from './write-message.ts'

/** So many messages at most are stored by one transaction (proposed). */
const MOST_AT_ONCE = 64
const CLEAN_UP_EVERY_MS = 3_600_000
const DAY_MS = 86_400_000

/** Who asks for a room that was left. */
const DISCHARGE = { id: 'hl7', displayName: 'Discharge (HL7)' }
const HOSPITAL_SYSTEM = "the hospital's system (HL7)"

interface Arrived {
  readonly bytes: Buffer
  readonly peer: string
  readonly answer: (acknowledgement: Buffer) => void
}

/** What can be said of a message before anything is decided. */
interface ReadMessage {
  readonly arrived: Arrived
  readonly fingerprint: string
  readonly message: Hl7Message | null
  readonly event: AdtEvent | null
  readonly fault: Hl7Fault | null
  readonly visitId: string | null
  readonly location: Place | null
  readonly prior: Place | null
}

interface Decided {
  readonly outcome: Hl7Outcome
  readonly words: string
  readonly fault: Hl7Fault | null
  readonly roomIds: readonly string[]
}

/** A visit as it is kept, sealed. */
interface KeptVisit extends VisitRecord {
  /** The room that was isolated for this visit, and is no longer when it leaves. */
  readonly isolatedRoomId: string | null
}

/** Of the audit record: which message it was, the HL7 log says. */
const BY_HL7: Acting = { id: null, name: 'the hospital, by HL7', role: null, from: 'HL7', did: 'ADT' }

/**
 * Takes messages from the hospital's systems: decides what each does to rooms, stores the message with that in one
 * transaction, and only then acknowledges it.
 */
export class Hl7Intake {
  readonly #database: Database
  readonly #ledger: Ledger
  readonly #floor: FloorIndex
  readonly #contaminations: Contaminations
  readonly #requests: Requests
  readonly #alarms: Alarms
  readonly #mappings: Hl7Mappings
  readonly #keys: DataKeys
  readonly #keepDays: number
  readonly #timeZone: string
  readonly #wallClock: Clock
  readonly #log: FastifyBaseLogger
  readonly #visits = new Map<string, KeptVisit>()
  /** Who is in a room, by room. */
  readonly #patients = new Map<string, Set<string>>()
  /** When something was last told of a bed, by its hidden name. */
  readonly #beds = new Map<string, number>()
  readonly #waiting: Arrived[] = []
  readonly #received = new Map<Hl7Outcome, number>()
  #pumping: Promise<void> | null = null
  /** So many of those that wait failed together, and are tried one by one: one of them may be the reason. */
  #toTryAlone = 0
  /** The last that are stored and not answered yet. */
  #answering: Promise<void> = Promise.resolve()
  #cleanUp: TimerId

  constructor(options: {
    database: Database
    ledger: Ledger
    floor: FloorIndex
    contaminations: Contaminations
    requests: Requests
    alarms: Alarms
    mappings: Hl7Mappings
    keys: DataKeys
    keepDays: number
    timeZone: string
    /** Real time. */
    wallClock: Clock
    log: FastifyBaseLogger
  }) {
    this.#database = options.database
    this.#ledger = options.ledger
    this.#floor = options.floor
    this.#contaminations = options.contaminations
    this.#requests = options.requests
    this.#alarms = options.alarms
    this.#mappings = options.mappings
    this.#keys = options.keys
    this.#keepDays = options.keepDays
    this.#timeZone = options.timeZone
    this.#wallClock = options.wallClock
    this.#log = options.log
  }

  /** @throws WARD_ERR_CONFIG where the key is not the one that visits were sealed with */
  async load(): Promise<void> {
    const { queries } = this.#database
    const rooms = new Set(this.#floor.rooms().map(({ room }) => room.id))
    for (const { id, sealed } of await queries.select().from(hl7Visits)) {
      const opened = openSealed(sealed, visitPlace(id), this.#keys)
      if (opened === null) {
        throw wardError('WARD_ERR_CONFIG', {
          what: 'The key of the data at rest is not the one that visits were sealed with',
          where: 'data key',
          remedy:
            'Give the key that was used before. Where it is lost for good, empty the table hl7_visits: no room knows its patients then until the next messages.',
        })
      }
      this.#showVisit(id, inPlan(JSON.parse(opened.toString()) as KeptVisit, rooms))
    }
    for (const { id, lastEventAt } of await queries.select().from(hl7Beds)) {
      this.#beds.set(id, lastEventAt.getTime())
    }
    this.#ledger.onRoomChange.push((change, before, after) => {
      const isHeld = after.state === 'inProgress' || after.state === 'blocked'
      if (before.state === after.state || isHeld) return
      // Released, it has nobody in it, whoever forgot to say that somebody left.
      if (after.state === 'clean') this.#forgetPatients(change, after.id)
      change.commits.push(() => this.#alarms.heard(alarmSource(after.id), []))
    })
  }

  /** Messages stored so far, by what became of them. */
  get received(): ReadonlyMap<Hl7Outcome, number> {
    return this.#received
  }

  start(): void {
    const cleanUp = () => {
      this.#cleanUp = this.#wallClock.setTimeout(cleanUp, CLEAN_UP_EVERY_MS)
      this.#forgetOld().catch((error: unknown) => {
        this.#log.error({ err: error }, 'Old HL7 messages could not be deleted')
      })
    }
    cleanUp()
  }

  /** What has arrived is still decided. */
  async stop(): Promise<void> {
    this.#wallClock.clearTimeout(this.#cleanUp)
    await this.#pumping
    await this.#answering
  }

  /** @returns the acknowledgement, once what it says is stored */
  receive(bytes: Buffer, peer: string): Promise<Buffer> {
    return new Promise((resolve) => {
      this.#waiting.push({ bytes, peer, answer: resolve })
      this.#pumping ??= this.#pump()
    })
  }

  async #pump(): Promise<void> {
    // Those that come together are stored together.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) await this.#takeSome()
    this.#pumping = null
  }

  /** One transaction: messages in their order, up to one that needs to see what another has done. */
  async #takeSome(): Promise<void> {
    const taken: ReadMessage[] = []
    const answers: Buffer[] = []
    const outcomes: Hl7Outcome[] = []
    try {
      await actingAs(BY_HL7, () =>
        this.#ledger.change(async (change) => {
          this.#gather(taken)
          const rows = await this.#stored(taken.map(({ fingerprint }) => fingerprint))
          const batch = new Hl7Batch(change)
          for (const read of taken) {
            const stored = rows.get(read.fingerprint)
            if (stored !== undefined && stored.ackCode !== 'AE') {
              batch.again.push(stored.id)
              answers.push(encodeAnswer(read.message, stored.answer))
              continue
            }
            const { row, answer } = this.#take(batch, read, stored)
            batch.messages.push(row)
            outcomes.push(row.outcome)
            answers.push(answer)
          }
          batch.store()
        }),
      )
      for (const outcome of outcomes) this.#received.set(outcome, (this.#received.get(outcome) ?? 0) + 1)
      // The next ones are decided while these come onto the disk.
      this.#answering = this.#database.durable().then(
        () => taken.forEach(({ arrived }, index) => arrived.answer(answers[index]!)),
        (error: unknown) => this.#refuseAll(taken, error),
      )
    } catch (error) {
      if (taken.length > 1) {
        this.#waiting.unshift(...taken.map(({ arrived }) => arrived))
        this.#toTryAlone = taken.length
      } else this.#refuseAll(taken, error)
    }
  }

  #refuseAll(taken: readonly ReadMessage[], error: unknown): void {
    this.#log.error({ err: error, count: taken.length }, 'HL7 messages could not be stored')
    const fault = new Hl7Fault('AR', 207, '', 'It could not be stored; send it again')
    for (const { arrived, message } of taken) arrived.answer(this.#answerTo(message, fault, '').bytes)
  }

  #gather(taken: ReadMessage[]): void {
    const touched = new Set<string>()
    const rooms = this.#namedRooms()
    const most = this.#toTryAlone > 0 ? 1 : MOST_AT_ONCE
    this.#toTryAlone = Math.max(0, this.#toTryAlone - 1)
    while (taken.length < most && this.#waiting.length > 0) {
      const read = this.#read(this.#waiting[0]!, rooms)
      const keys = this.#keysOf(read)
      if (keys.some((key) => touched.has(key))) return
      for (const key of keys) touched.add(key)
      this.#waiting.shift()
      taken.push(read)
    }
  }

  #read(arrived: Arrived, rooms: readonly NamedRoom[]): ReadMessage {
    let message: Hl7Message | null = null
    let event: AdtEvent | null = null
    let fault: Hl7Fault | null = null
    try {
      message = parseMessage(arrived.bytes)
      event = adtEventOf(message, { timeZone: this.#timeZone, nowMs: this.#ledger.now().getTime() })
    } catch (error) {
      if (!(error instanceof Hl7Fault)) this.#log.error({ err: error }, 'An HL7 message could not be read')
      fault =
        error instanceof Hl7Fault
          ? error
          : new Hl7Fault('AR', 207, '', 'It could not be read because of a defect')
    }
    const place = (components: readonly string[]) => placeOf(components, this.#mappings.current, rooms)
    const isVisit = event !== null && 'visit' in event
    return {
      arrived,
      message,
      event,
      fault,
      fingerprint: hiddenName(
        [message?.value('MSH-3') ?? '', message?.value('MSH-4') ?? '', withoutTime(arrived.bytes)],
        this.#keys,
      ),
      visitId: isVisit ? hiddenName(['visit', (event as VisitEvent).visit], this.#keys) : null,
      location: event !== null && 'location' in event ? place(event.location) : null,
      prior: isVisit ? place((event as VisitEvent).prior) : null,
    }
  }

  /** What it may read or change; two that share one are not decided at once. */
  #keysOf({ fingerprint, visitId, location, prior }: ReadMessage): string[] {
    const visit = visitId === null ? undefined : this.#visits.get(visitId)
    const places = [location, prior, visit?.place, visit?.move?.from, visit?.move?.to]
    return [
      fingerprint,
      ...(visitId === null ? [] : [`visit/${visitId}`]),
      ...new Set(places.flatMap((place) => (place ? [`room/${place.roomId}`] : []))),
    ]
  }

  async #stored(fingerprints: readonly string[]): Promise<Map<string, StoredMessage>> {
    const rows = await this.#database.queries
      .select({
        id: hl7Messages.id,
        fingerprint: hl7Messages.fingerprint,
        ackCode: hl7Messages.ackCode,
        answer: hl7Messages.answer,
        attempts: hl7Messages.attempts,
      })
      .from(hl7Messages)
      .where(inArray(hl7Messages.fingerprint, [...fingerprints]))
    return new Map(rows.map((row) => [row.fingerprint, row]))
  }

  #take(
    batch: Hl7Batch,
    read: ReadMessage,
    stored: StoredMessage | undefined,
  ): { row: Hl7MessageRow; answer: Buffer } {
    const { message, arrived } = read
    const decided = this.#decide(batch, read)
    const { text, bytes } = this.#answerTo(message, decided.fault, decided.words)
    const id = stored?.id ?? randomUUID()
    const row: Hl7MessageRow = {
      id,
      fingerprint: read.fingerprint,
      receivedAt: this.#ledger.now(),
      peer: [arrived.peer, shortened(message?.value('MSH-3'))].filter((part) => part !== '').join(' '),
      type: [message?.value('MSH-9.1'), message?.value('MSH-9.2')].filter(isCode).join('^'),
      controlId: shortened(message?.value('MSH-10')),
      roomIds: decided.roomIds,
      outcome: decided.outcome,
      words: decided.words,
      ackCode: decided.fault?.ackCode ?? 'AA',
      answer: text,
      attempts: (stored?.attempts ?? 0) + 1,
      sealed: sealData(arrived.bytes, messagePlace(id), this.#keys),
    }
    return { row, answer: bytes }
  }

  #answerTo(message: Hl7Message | null, fault: Hl7Fault | null, words: string) {
    const text = acknowledge(message, {
      fault,
      words,
      controlId: newControlId(),
      nowMs: this.#ledger.now().getTime(),
    })
    return { text, bytes: encodeAnswer(message, text) }
  }

  #decide(batch: Hl7Batch, read: ReadMessage): Decided {
    const { event, fault, location, prior, visitId } = read
    if (event === null) {
      return { outcome: 'malformed', words: fault!.message, fault, roomIds: [] }
    }
    if (event.type === 'other') {
      return { outcome: 'ignored', words: 'An event that changes no room', fault: null, roomIds: [] }
    }
    const isKnown = visitId !== null && this.#visits.has(visitId)
    if (location === null && prior === null && !isKnown) {
      const words = 'The place is no room of ours'
      return this.#mappings.current.refusesUnknownLocations
        ? {
            outcome: 'refused',
            words,
            fault: new Hl7Fault('AE', 204, event.type === 'bedStatus' ? 'NPU-1' : 'PV1-3', words),
            roomIds: [],
          }
        : { outcome: 'ignored', words, fault: null, roomIds: [] }
    }
    return event.type === 'bedStatus'
      ? this.#takeBedStatus(batch, event, location!)
      : this.#takeVisit(batch, event, read, visitId!)
  }

  #takeBedStatus(batch: Hl7Batch, { status, at }: BedStatusEvent, place: Place): Decided {
    const { change } = batch
    const { roomId } = place
    const decision = decideBedStatus(
      status,
      at,
      this.#beds.get(this.#bedId(place)) ?? null,
      this.#roomBefore(change, roomId, null),
    )
    if (decision.outcome === 'refused') {
      this.#warn(change, roomId, decision.words)
      return refused(decision.words, 'NPU-2', roomId)
    }
    if (decision.outcome !== 'late') this.#noteBed(batch, place, at.fromMs)
    if (decision.outcome === 'applied') {
      if (status === 'I') this.#contaminations.isolateIn(change, roomId, [], HOSPITAL_SYSTEM)
      if (status === 'K' && !this.#contaminations.isContaminated(change, roomId)) {
        this.#contaminations.isolateIn(change, roomId, [], HOSPITAL_SYSTEM)
        this.#contaminations.liftIn(change, roomId, HOSPITAL_SYSTEM)
      }
      const { state, reason } = decision
      if (state !== null) this.#patchRoom(change, roomId, { state, reason }, state === 'occupied')
    }
    return { outcome: decision.outcome, words: decision.words, fault: null, roomIds: [roomId] }
  }

  #takeVisit(batch: Hl7Batch, event: VisitEvent, read: ReadMessage, visitId: string): Decided {
    const { change } = batch
    const mapping = this.#mappings.current
    const before = this.#visits.get(visitId) ?? null
    const message: VisitMessage = {
      type: event.type,
      location: read.location,
      prior: read.prior,
      codes: rulesMetBy(read.message!, mapping).map(ruleKey),
      at: event.at,
      occurred: event.occurred,
    }
    const decision = decideVisit(message, before, (roomId) => this.#roomBefore(change, roomId, visitId))
    if (decision.outcome === 'late') return { ...decision, fault: null, roomIds: roomsOf([read.location]) }
    if (decision.outcome === 'refused') {
      this.#warn(change, decision.roomId, decision.words)
      return refused(decision.words, 'PV1-3', decision.roomId)
    }
    const rules = rulesOf(decision.visit.codes, mapping)
    const isolatedRoomId = this.#isolate(change, before?.isolatedRoomId ?? null, decision, rules)
    const words = [decision.words, ...this.#changeRooms(change, decision, rules, mapping)].join('; ')
    this.#keepVisit(batch, visitId, { ...decision.visit, isolatedRoomId })
    if (decision.visit.place !== null) this.#displace(batch, decision.visit.place, visitId)
    const places = [read.location, before?.place ?? null, decision.visit.place]
    for (const place of new Set(places)) if (place !== null) this.#noteBed(batch, place, event.at.fromMs)
    return {
      outcome: decision.outcome,
      words,
      fault: null,
      roomIds: [...new Set([...roomsOf(places), ...decision.rooms.map(({ roomId }) => roomId)])],
    }
  }

  /** Before rooms change, so that what is told of them says why. @returns the room that is now isolated for the visit */
  #isolate(
    change: LedgerChange,
    isolatedRoomId: string | null,
    { visit }: VisitTaken,
    rules: readonly Hl7CodeRule[],
  ): string | null {
    const isolating = rules.filter(({ isIsolation }) => isIsolation)
    const roomId = isolating.length === 0 ? null : (visit.place?.roomId ?? null)
    if (roomId === isolatedRoomId) return roomId
    if (isolatedRoomId !== null) this.#contaminations.liftIn(change, isolatedRoomId, HOSPITAL_SYSTEM)
    if (roomId === null || this.#contaminations.isIsolated(change, roomId)) return null
    const organismIds = [...new Set(isolating.flatMap((rule) => rule.organismIds))]
    this.#contaminations.isolateIn(change, roomId, organismIds, HOSPITAL_SYSTEM)
    return roomId
  }

  /** @returns what else there is to say */
  #changeRooms(
    change: LedgerChange,
    { rooms, entered, left, isToTreat, withdraw }: VisitTaken,
    rules: readonly Hl7CodeRule[],
    mapping: Hl7Mapping,
  ): string[] {
    const words: string[] = []
    const patches = new Map<string, Partial<RoomRow>>()
    const patch = (roomId: string, part: Partial<RoomRow>) =>
      patches.set(roomId, { ...patches.get(roomId), ...part })
    for (const { roomId, state, reason } of rooms) {
      const isContaminated =
        roomId === left &&
        (this.#contaminations.isContaminated(change, roomId) || rules.some((rule) => rule.isIsolation))
      patch(roomId, { state, reason: isContaminated ? `${reason}; isolation: contaminated (HL7 K)` : reason })
    }
    for (const roomId of new Set([entered, withdraw])) {
      if (roomId !== null && this.#dropRequests(change, roomId, roomId === withdraw)) {
        patch(roomId, { requestId: null })
        words.push('its request was withdrawn')
      }
    }
    if (left !== null && isToTreat) {
      const asked = this.#ask(change, left, rules, mapping)
      if (asked.requestId !== null) patch(left, { requestId: asked.requestId })
      words.push(asked.words)
    }
    for (const [roomId, part] of patches) this.#patchRoom(change, roomId, part, false)
    return words
  }

  #patchRoom(change: LedgerChange, roomId: string, part: Partial<RoomRow>, isEntered: boolean): void {
    const requestId = isEntered && this.#dropRequests(change, roomId, false) ? { requestId: null } : {}
    change.patchRoom(roomId, {
      ...part,
      ...requestId,
      ...(part.state === undefined ? {} : { since: this.#ledger.now() }),
    })
  }

  /** The treatment of a room that was left waits for a person to look into it. */
  #ask(
    change: LedgerChange,
    roomId: string,
    rules: readonly Hl7CodeRule[],
    mapping: Hl7Mapping,
  ): { requestId: string | null; words: string } {
    const notReady = { by: null, at: null }
    const asked = this.#requests.openIn(roomId).filter(({ requestedById }) => requestedById !== DISCHARGE.id)
    if (asked.length > 0) {
      // What a person has asked for stays; only its approval waits.
      for (const { id } of asked) change.patchRequest(id, { roomReady: notReady })
      return { requestId: null, words: 'the request that is open waits until the room is empty and stripped' }
    }
    const treatment = treatmentFor(roomId, rules, mapping)
    if (treatment === null) return { requestId: null, words: 'no treatment is mapped, so none was asked for' }
    try {
      const { id } = this.#requests.createIn(change, { roomId, ...treatment }, DISCHARGE, notReady)
      return { requestId: id, words: 'its treatment was asked for' }
    } catch (error) {
      if (!isWardError(error)) throw error
      return { requestId: null, words: `its treatment could not be asked for: ${error.what}` }
    }
  }

  /** @returns whether the room's own request is gone */
  #dropRequests(change: LedgerChange, roomId: string, isBack: boolean): boolean {
    let isGone = false
    for (const { id, requestedById, roomReady } of this.#requests.openIn(roomId)) {
      if (requestedById === DISCHARGE.id) {
        change.patchRequest(id, { status: 'withdrawn' })
        isGone ||= this.#ledger.room(roomId).requestId === id
      } else if (isBack && roomReady !== null) {
        change.patchRequest(id, { roomReady: { by: null, at: null } })
      }
    }
    return isGone
  }

  #roomBefore(change: LedgerChange, roomId: string, visitId: string | null): RoomBefore {
    const { state, missionId } = this.#ledger.room(roomId)
    const mission = missionId === null ? undefined : this.#ledger.missionIfAtHand(missionId)
    const others = [...(this.#patients.get(roomId) ?? [])].filter((id) => id !== visitId).length
    return {
      state,
      status: bedStatusOf(state, {
        isIsolated: this.#contaminations.isIsolated(change, roomId),
        isContaminated: this.#contaminations.isContaminated(change, roomId),
      }),
      heldBy: this.#heldBy(roomId),
      others,
      treatedSinceMs:
        state === 'clean' || state === 'inProgress' ? (mission?.orderedAt.getTime() ?? null) : null,
    }
  }

  #heldBy(roomId: string): string | null {
    const running = this.#ledger.runningInRoom(roomId)
    if (running !== undefined) return `robot ${running.robotId} is at work in this room`
    const { missionId } = this.#ledger.room(roomId)
    const mission = missionId === null ? undefined : this.#ledger.missionIfAtHand(missionId)
    return mission?.mayBeGassed === true ? 'there may be hydrogen peroxide in this room' : null
  }

  /** Somebody is where nobody may be, or will be: a person has to look. */
  #warn(change: LedgerChange, roomId: string, words: string): void {
    const robotId = this.#ledger.runningInRoom(roomId)?.robotId ?? null
    const text = `${words}. Let nobody in; stop the robot where somebody is, or correct the patient data.`
    change.commits.push(() =>
      this.#alarms.heard(alarmSource(roomId), [
        { robotId, roomId, kind: 'hl7.patient', priority: 'urgent', text },
      ]),
    )
  }

  #keepVisit(batch: Hl7Batch, id: string, visit: KeptVisit): void {
    const sealed = sealData(Buffer.from(JSON.stringify(visit)), visitPlace(id), this.#keys)
    batch.visits.push({ id, sealed, updatedAt: this.#ledger.now() })
    batch.change.commits.push(() => this.#showVisit(id, visit))
  }

  #forgetPatients(change: LedgerChange, roomId: string): void {
    const batch = new Hl7Batch(change)
    for (const id of this.#patients.get(roomId) ?? []) {
      this.#keepVisit(batch, id, { ...this.#visits.get(id)!, place: null })
    }
    batch.store()
  }

  /** Two patients are not in one bed: of the one before nobody has said that he left. */
  #displace(batch: Hl7Batch, { roomId, bed }: Place, visitId: string): void {
    if (bed === '') return
    for (const id of this.#patients.get(roomId) ?? []) {
      const visit = this.#visits.get(id)!
      if (id !== visitId && visit.place?.bed === bed) this.#keepVisit(batch, id, { ...visit, place: null })
    }
  }

  #showVisit(id: string, visit: KeptVisit): void {
    const before = this.#visits.get(id)?.place?.roomId
    if (before !== undefined) this.#patients.get(before)?.delete(id)
    this.#visits.set(id, visit)
    if (visit.isOver || visit.place === null) return
    const { roomId } = visit.place
    this.#patients.set(roomId, (this.#patients.get(roomId) ?? new Set()).add(id))
  }

  #noteBed({ change, beds }: Hl7Batch, place: Place, atMs: number): void {
    const id = this.#bedId(place)
    if (atMs <= (this.#beds.get(id) ?? -Infinity)) return
    beds.set(id, { id, lastEventAt: new Date(atMs) })
    change.commits.push(() => this.#beds.set(id, atMs))
  }

  /** A bed is what a message names so: it may be anything. */
  #bedId({ roomId, bed }: Place): string {
    return hiddenName(['bed', roomId, bed], this.#keys)
  }

  #namedRooms(): NamedRoom[] {
    return this.#floor.rooms().map(({ room }) => {
      const own = this.#ledger.room(room.id).name
      return { id: room.id, names: [room.name, ...room.aliases, ...(own === null ? [] : [own])] }
    })
  }

  /** Patients that are in a room are known as long as they are there. */
  async #forgetOld(): Promise<void> {
    await this.#ledger.change((change) => {
      const before = new Date(this.#ledger.now().getTime() - this.#keepDays * DAY_MS)
      const gone = [...this.#visits].filter(
        ([, { last, place }]) => place === null && last.toMs < before.getTime(),
      )
      change.writes.push((tx) => tx.delete(hl7Messages).where(lt(hl7Messages.receivedAt, before)))
      for (const [id] of gone) {
        change.writes.push((tx) => tx.delete(hl7Visits).where(eq(hl7Visits.id, id)))
        change.commits.push(() => this.#visits.delete(id))
      }
    })
  }
}

type StoredMessage = Pick<Hl7MessageRow, 'id' | 'fingerprint' | 'ackCode' | 'answer' | 'attempts'>

function refused(words: string, location: string, roomId: string): Decided {
  return { outcome: 'refused', words, fault: new Hl7Fault('AE', 206, location, words), roomIds: [roomId] }
}

function roomsOf(places: readonly (Place | null)[]): string[] {
  return [...new Set(places.flatMap((place) => (place === null ? [] : [place.roomId])))]
}

/** A message that is sent again may be dated anew (MSH-7), and is still the same. */
function withoutTime(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1')
  const separator = text[3] ?? '|'
  const end = text.search(/[\r\n]/)
  const head = (end === -1 ? text : text.slice(0, end)).split(separator)
  if (head.length > 6) head[6] = ''
  return Buffer.from(head.join(separator) + (end === -1 ? '' : text.slice(end)), 'latin1')
}

function encodeAnswer(message: Hl7Message | null, text: string): Buffer {
  return encodeMessage(text, message?.characterSet ?? '')
}

function isCode(text: string | undefined): text is string {
  return text !== undefined && /^[A-Z0-9]{2,8}$/.test(text)
}

/** MSH-10 has at most 199 characters (v2.6). */
function shortened(text: string | undefined): string {
  return (text ?? '').slice(0, 199)
}

/** A plan that was redrawn may lack the room that somebody was in. */
function inPlan(visit: KeptVisit, rooms: ReadonlySet<string>): KeptVisit {
  const isThere = (place: Place | null) => place === null || rooms.has(place.roomId)
  const { place, move, isolatedRoomId } = visit
  return {
    ...visit,
    place: isThere(place) ? place : null,
    move: move !== null && isThere(move.from) && isThere(move.to) ? move : null,
    isolatedRoomId: isolatedRoomId !== null && rooms.has(isolatedRoomId) ? isolatedRoomId : null,
  }
}

function visitPlace(id: string): string {
  return `hl7_visits/${id}`
}

/** Where a message is sealed to. */
export function messagePlace(id: string): string {
  return `hl7_messages/${id}`
}

function alarmSource(roomId: string): string {
  return `hl7/room/${roomId}`
}
