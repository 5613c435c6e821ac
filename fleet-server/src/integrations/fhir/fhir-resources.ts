import { setImmediate } from 'node:timers/promises'
import { wardError } from '@wardlight/core/errors'
import type { ProofReport, ProofView } from '@wardlight/core/fleet'
import type { DiagnosticReport, Location, Observation, Reference, Task } from 'fhir/r4.js'
import type { Month } from '../../domain/compliance/months.ts'
import type { Proofs } from '../../reports/proofs.ts'
import type { Compliance } from '../../services/compliance.ts'
import type { Contaminations } from '../../services/contaminations.ts'
import type { Evidence } from '../../services/evidence.ts'
import type { FloorIndex, PlacedRoom } from '../../services/floor-index.ts'
import type { Ledger } from '../../services/ledger.ts'
import type { MissionReports } from '../../services/mission-reports.ts'
import type { MissionRow, RequestRow } from '../../store/schema.ts'
import { bedStatusOf } from '../hl7/bed-status.ts'
import type { ServedType } from './capability-statement.ts'
import { buildingId, fhirId, plainIdOf } from './ids.ts'
import {
  bedStatusCoding,
  buildingLocation,
  levelLocation,
  locationStatus,
  roomLocation,
  roomReference,
} from './location.ts'
import { measure, measureReport, measureReportId, MEASURE_IDS, type MeasureId } from './measures.ts'
import {
  diagnosticReport,
  documentReference,
  measuresOf,
  observationId,
  observations,
  reportStatus,
} from './report-resources.ts'
import type { Candidate } from './searchset.ts'
import { SYSTEMS } from './systems.ts'
import { missionTask, missionTaskState, requestTask, requestTaskState, type TaskContext } from './task.ts'
import type { TaskOrders } from './task-orders.ts'

export interface FhirParts {
  readonly hospitalName: string
  readonly floor: FloorIndex
  readonly ledger: Ledger
  readonly contaminations: Contaminations
  readonly evidence: Evidence
  readonly reports: MissionReports
  readonly proofs: Proofs
  readonly compliance: Compliance
  readonly orders: TaskOrders
}

type Ended = MissionRow & { readonly verdict: NonNullable<MissionRow['verdict']> }

/** The hospital's rooms, requests, missions and proofs as resources of FHIR. */
export class FhirResources {
  readonly #parts: FhirParts
  readonly #roomIds: ReadonlyMap<string, string>

  constructor(parts: FhirParts) {
    this.#parts = parts
    this.#roomIds = new Map(parts.floor.rooms().map(({ room }) => [fhirId('room', room.id), room.id]))
  }

  /** Of a Location; `null`: it is no room. */
  roomIdOf(locationId: string): string | null {
    return this.#roomIds.get(locationId) ?? null
  }

  /** Everything of a type that a search looks through, newest first where it has a time. @param origin of this server */
  async all(type: ServedType, origin: string): Promise<Candidate[]> {
    const { ledger, floor } = this.#parts
    switch (type) {
      case 'Location':
        return [
          this.#building(),
          ...floor.plan.levels.map((level) => this.#level(level.id)),
          ...floor.rooms().map((placed) => this.#room(placed)),
        ]
      case 'Task':
        return [
          ...(await this.#requests(ledger.requests().toReversed())),
          ...ledger
            .missions()
            .toReversed()
            .map((row) => this.#missionTask(row)),
        ]
      case 'DiagnosticReport':
        return this.#ended().map((row) => this.#report(row))
      case 'Observation':
        return this.#ended().flatMap((row) => this.#observations(row))
      case 'DocumentReference':
        return this.#documents(this.#ended(), origin)
      case 'Measure':
        return MEASURE_IDS.map((measureId) => this.#measure(measureId))
      case 'MeasureReport':
        return this.#measureReports()
    }
  }

  /** @throws WARD_ERR_NOT_FOUND */
  async one(type: ServedType, id: string, origin: string): Promise<Candidate> {
    const found = await this.#find(type, id, origin)
    if (found !== null) return found
    throw wardError('WARD_ERR_NOT_FOUND', {
      what: `There is no ${type} ${JSON.stringify(id)}`,
      where: 'id',
      remedy: `Search for it: GET ${type}.`,
    })
  }

  async requestTask(row: RequestRow): Promise<Task> {
    const [candidate] = await this.#requests([row])
    return candidate!.make() as Task
  }

  async #find(type: ServedType, id: string, origin: string): Promise<Candidate | null> {
    const { ledger, proofs, floor } = this.#parts
    switch (type) {
      case 'Location': {
        const roomId = this.roomIdOf(id)
        if (roomId !== null) return this.#room(floor.room(roomId))
        if (id === buildingId()) return this.#building()
        const level = floor.plan.levels.find((each) => fhirId('level', each.id) === id)
        return level === undefined ? null : this.#level(level.id)
      }
      case 'Task': {
        const requestId = plainIdOf('request', id)
        if (requestId !== null) return (await this.#requests([await ledger.request(requestId)]))[0]!
        const missionId = plainIdOf('mission', id)
        return missionId === null ? null : this.#missionTask(await ledger.mission(missionId))
      }
      case 'DiagnosticReport': {
        const row = await this.#endedMission(plainIdOf('mission', id))
        return row === null ? null : this.#report(row)
      }
      case 'Observation': {
        const [missionFhirId = ''] = id.split('.')
        const row = await this.#endedMission(plainIdOf('mission', missionFhirId))
        if (row === null) return null
        return this.#observations(row).find(({ tokens }) => tokens['_id']![0]!.code === id) ?? null
      }
      case 'DocumentReference': {
        const sequence = plainIdOf('proof', id)
        if (sequence === null || !/^[1-9]\d{0,8}$/.test(sequence)) return null
        const row = await ledger.mission(await proofs.missionOf(Number(sequence)))
        return (
          (await this.#documents([row], origin)).find(({ tokens }) => tokens['_id']![0]!.code === id) ?? null
        )
      }
      case 'Measure':
      case 'MeasureReport':
        return (await this.all(type, origin)).find(({ tokens }) => tokens['_id']![0]!.code === id) ?? null
    }
  }

  #building(): Candidate {
    const { hospitalName } = this.#parts
    return {
      roomId: null,
      tokens: { _id: [{ code: buildingId() }], status: [{ system: SYSTEMS.locationStatus, code: 'active' }] },
      references: {},
      make: () => buildingLocation(hospitalName),
    }
  }

  #level(levelId: string): Candidate {
    const level = this.#parts.floor.level(levelId)
    return {
      roomId: null,
      tokens: {
        _id: [{ code: fhirId('level', levelId) }],
        identifier: [{ system: SYSTEMS.level, code: levelId }],
        status: [{ system: SYSTEMS.locationStatus, code: 'active' }],
      },
      references: { partof: [`Location/${buildingId()}`] },
      make: () => levelLocation(level),
    }
  }

  #room({ level, room }: PlacedRoom): Candidate {
    const { ledger, contaminations } = this.#parts
    const row = ledger.room(room.id)
    const bedStatus = bedStatusOf(row.state, {
      isIsolated: contaminations.isIsolated(null, room.id),
      isContaminated: contaminations.isContaminated(null, room.id),
    })
    return {
      roomId: room.id,
      tokens: {
        _id: [{ code: fhirId('room', room.id) }],
        identifier: [{ system: SYSTEMS.room, code: room.id }],
        status: [{ system: SYSTEMS.locationStatus, code: locationStatus(row.state) }],
        'operational-status': [bedStatusCoding(bedStatus)],
      },
      references: { partof: [`Location/${fhirId('level', level.id)}`] },
      make: (): Location => roomLocation(level.id, room, row, bedStatus),
    }
  }

  async #requests(rows: readonly RequestRow[]): Promise<Candidate[]> {
    const { ledger, orders } = this.#parts
    const identifiers = await orders.identifiersOf(rows.map(({ id }) => id))
    const candidates: Candidate[] = []
    for (const row of rows) {
      const ids = row.steps.flatMap(({ missionId }) => missionId ?? [])
      const missions: MissionRow[] = []
      for (const id of ids) missions.push(await ledger.mission(id))
      const last = missions.at(-1) ?? null
      const isRoomsNewest = last !== null && this.#isRoomsNewest(last)
      const own = identifiers.get(row.id)
      const { status, code } = requestTaskState(row, last, isRoomsNewest)
      const room = this.#roomReference(row.roomId)
      candidates.push({
        roomId: row.roomId,
        tokens: {
          _id: [{ code: fhirId('request', row.id) }],
          identifier: [
            { system: SYSTEMS.request, code: row.id },
            ...(own === undefined ? [] : [{ system: own.system, code: own.value }]),
          ],
          status: [{ system: SYSTEMS.taskStatus, code: status }],
          'business-status': [{ system: SYSTEMS.businessStatus, code }],
          code: [{ system: SYSTEMS.taskCode, code: 'disinfect-room' }],
        },
        references: { focus: [room.reference!], subject: [room.reference!] },
        make: () =>
          requestTask(row, missions, isRoomsNewest, own === undefined ? [] : [own], this.#context(room)),
      })
    }
    return candidates
  }

  #missionTask(row: MissionRow): Candidate {
    const { status, code } = missionTaskState(row)
    const room = this.#roomReference(row.roomId)
    return {
      roomId: row.roomId,
      tokens: {
        _id: [{ code: fhirId('mission', row.id) }],
        identifier: [{ system: SYSTEMS.mission, code: row.id }],
        status: [{ system: SYSTEMS.taskStatus, code: status }],
        'business-status': [{ system: SYSTEMS.businessStatus, code }],
        code: [{ system: SYSTEMS.taskCode, code: 'treat-room' }],
      },
      references: {
        focus: [room.reference!],
        subject: [room.reference!],
        'part-of': [`Task/${fhirId('request', row.requestId)}`],
      },
      make: () => missionTask(row, this.#context(room)),
    }
  }

  #report(row: Ended): Candidate {
    const room = this.#roomReference(row.roomId)
    return {
      roomId: row.roomId,
      tokens: {
        _id: [{ code: fhirId('mission', row.id) }],
        identifier: [{ system: SYSTEMS.mission, code: row.id }],
        status: [{ system: SYSTEMS.reportStatus, code: reportStatus(row.verdict) }],
      },
      references: { subject: [room.reference!] },
      make: async (): Promise<DiagnosticReport> => diagnosticReport(await this.#reportOf(row), room),
    }
  }

  #observations(row: Ended): Candidate[] {
    // As in its report: evidence that is missing or does not hold together has no numbers.
    if (row.reportText === null || row.reportProblem !== null) return []
    const room = this.#roomReference(row.roomId)
    let made: Promise<Observation[]> | null = null
    return measuresOf(row.method).map((measure) => {
      const id = observationId(row.id, measure)
      return {
        roomId: row.roomId,
        tokens: { _id: [{ code: id }] },
        references: { subject: [room.reference!] },
        make: async (): Promise<Observation> => {
          made ??= this.#reportOf(row).then((report) => observations(report, room))
          return (await made).find((observation) => observation.id === id)!
        },
      }
    })
  }

  /** Reports are large: what robots say is heard between two of them. */
  async #reportOf({ id }: Ended): Promise<ProofReport> {
    await setImmediate()
    return this.#parts.reports.provable(id, this.#parts.ledger)
  }

  async #documents(rows: readonly MissionRow[], origin: string): Promise<Candidate[]> {
    const byId = new Map(rows.map((row) => [row.id, row]))
    const views = await this.#parts.proofs.ofMissions([...byId.keys()])
    const newest = new Map(views.map(({ missionId, sequence }) => [missionId, sequence]))
    return views
      .toReversed()
      .map((view) =>
        this.#document(view, byId.get(view.missionId)!, origin, newest.get(view.missionId) === view.sequence),
      )
  }

  #document(
    view: ProofView,
    { roomId, requestId }: MissionRow,
    origin: string,
    isNewest: boolean,
  ): Candidate {
    const room = this.#roomReference(roomId)
    const document = documentReference(view, requestId, room, origin, isNewest)
    return {
      roomId,
      tokens: {
        _id: [{ code: document.id! }],
        identifier: [{ system: SYSTEMS.proofSha256, code: view.sha256 }],
        status: [{ system: SYSTEMS.documentStatus, code: document.status }],
      },
      references: { related: document.context!.related!.flatMap(({ reference }) => reference ?? []) },
      make: () => document,
    }
  }

  #measure(measureId: MeasureId): Candidate {
    return {
      roomId: null,
      tokens: { _id: [{ code: measureId }], status: [{ system: SYSTEMS.publicationStatus, code: 'active' }] },
      references: {},
      make: () => measure(measureId),
    }
  }

  async #measureReports(): Promise<Candidate[]> {
    const { compliance } = this.#parts
    const wards = compliance.wards()
    return (await compliance.monthsOfAll())
      .toReversed()
      .flatMap((month) =>
        wards.flatMap(({ ward, roomId }) =>
          MEASURE_IDS.map((measureId) =>
            this.#measureReport(measureId, month, ward, ward === null ? null : roomId),
          ),
        ),
      )
  }

  /** @param roomId one of the ward's: whoever may see it may see what is counted of all of them */
  #measureReport(measureId: MeasureId, month: Month, ward: string | null, roomId: string | null): Candidate {
    const { compliance } = this.#parts
    const isOver = compliance.isOver(month)
    return {
      roomId,
      tokens: {
        _id: [{ code: measureReportId(measureId, month.name, ward) }],
        status: [{ system: SYSTEMS.measureReportStatus, code: isOver ? 'complete' : 'pending' }],
      },
      references: { measure: [`Measure/${measureId}`] },
      make: async () =>
        measureReport(measureId, { month: month.name, ward, isOver }, await compliance.figures(month, ward)),
    }
  }

  #ended(): Ended[] {
    return this.#parts.ledger.missions().filter(isEnded).toReversed()
  }

  async #endedMission(missionId: string | null): Promise<Ended | null> {
    if (missionId === null) return null
    const row = await this.#parts.ledger.mission(missionId)
    return isEnded(row) ? row : null
  }

  #isRoomsNewest({ id, roomId }: MissionRow): boolean {
    return this.#hasRoom(roomId) && this.#parts.ledger.room(roomId).missionId === id
  }

  /** The plan may have been redrawn since: then the room has its id alone. */
  #roomReference(roomId: string): Reference {
    if (!this.#hasRoom(roomId)) return { reference: `Location/${fhirId('room', roomId)}` }
    const { floor, ledger } = this.#parts
    return roomReference(floor.room(roomId).room, ledger.room(roomId))
  }

  #hasRoom(roomId: string): boolean {
    return this.#roomIds.has(fhirId('room', roomId))
  }

  #context(room: Reference): TaskContext {
    const { evidence } = this.#parts
    return {
      room,
      organismName: (id) => evidence.organisms.find((organism) => organism.id === id)?.name ?? id,
    }
  }
}

function isEnded(row: MissionRow): row is Ended {
  return row.finishedAt !== null && row.verdict !== null
}
