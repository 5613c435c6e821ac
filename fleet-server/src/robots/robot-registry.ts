import type { LampModel } from '@wardlight/core/disinfection'
import {
  LAMP_HOURS_INFORMATION,
  MAP_FORMAT_KEY,
  NEVER_OUT_OF_SERVICE,
  robotIdOf,
  ROBOT_ACTION_TYPES,
  SCREEN_INFORMATION,
  type OffenceView,
  type PlaceSearchView,
  type RobotService,
  type RobotView,
} from '@wardlight/core/fleet'
import type { Pose2 } from '@wardlight/core/geometry'
import type {
  Connection,
  Factsheet,
  MobileRobotPosition,
  RobotAddress,
  State,
  Visualization,
  WireVersion,
} from '@wardlight/core/vda5050'
import { fixedLampOf, isFixed } from '../domain/fixed-unit.ts'
import { isNewWear, UNKNOWN_WEAR, wearOf, type RobotWear } from '../domain/robot-wear.ts'
import { isOrderDone } from '../domain/robot-state.ts'
import { zoneOfferOf, type ZoneOffer } from '../domain/zone-sets.ts'
import { vaporiserOf, type VaporiserOffer } from '../domain/vaporiser-offer.ts'
import type { LiveBoard } from '../live/live-board.ts'
import type { OffenceBook } from './offence-book.ts'

const NO_ZONE_OFFER = zoneOfferOf(null)
/** Footprint until the factsheet tells it, metres. */
const ASSUMED_SIZE_M = 0.6

interface RobotRecord {
  readonly feedNumber: number
  readonly address: RobotAddress
  /** What it speaks, as it was last heard or as somebody configured. */
  version: WireVersion | null
  isVersionConfigured: boolean
  connection: RobotView['connection']
  state: State | null
  position: MobileRobotPosition | null
  /** By the robot's own clock. */
  positionSaidAtMs: number
  factsheet: Factsheet | null
  zoneOffer: ZoneOffer
  takesMaps: boolean
  isLampLit: boolean
  missionId: string | null
  trafficNote: TrafficNote | null
  home: (Pose2 & { readonly levelId: string }) | null
  service: RobotService
  placeSearch: PlaceSearchView | null
  wear: RobotWear
  /** As it is stored. */
  keptWear: RobotWear
  heardAt: Date | null
}

/** What traffic has to say of a robot: that it does not get on, or what it waits for. */
export interface TrafficNote {
  readonly type: 'traffic.stalled' | 'traffic.waiting'
  readonly description: string
}

/** What of a robot's words outlives the server. */
export interface RobotFacts {
  saveHome(robotId: string, home: Pose2 & { readonly levelId: string }): void
  saveWear(robotId: string, wear: RobotWear): void
}

/** What robots say of themselves, merged into one view each. */
export class RobotRegistry {
  readonly #records = new Map<string, RobotRecord>()
  readonly #board: LiveBoard
  readonly #now: () => Date
  readonly #facts: RobotFacts
  readonly #offences: OffenceBook

  constructor(board: LiveBoard, now: () => Date, facts: RobotFacts, offences: OffenceBook) {
    this.#board = board
    this.#now = now
    this.#facts = facts
    this.#offences = offences
  }

  add(
    address: RobotAddress,
    {
      home = null,
      service = null,
      wear = null,
    }: { home?: RobotRecord['home']; service?: RobotService | null; wear?: RobotWear | null } = {},
  ): void {
    const id = robotIdOf(address)
    if (this.#records.has(id)) return
    this.#records.set(id, {
      feedNumber: this.#records.size,
      address,
      version: null,
      isVersionConfigured: false,
      connection: 'UNKNOWN',
      state: null,
      position: null,
      positionSaidAtMs: -Infinity,
      factsheet: null,
      zoneOffer: NO_ZONE_OFFER,
      takesMaps: false,
      isLampLit: false,
      missionId: null,
      trafficNote: null,
      home,
      service: service ?? NEVER_OUT_OF_SERVICE,
      placeSearch: null,
      wear: wear ?? UNKNOWN_WEAR,
      keptWear: wear ?? UNKNOWN_WEAR,
      heardAt: null,
    })
    this.#show(id, true)
  }

  has(robotId: string): boolean {
    return this.#records.has(robotId)
  }

  address(robotId: string): RobotAddress | undefined {
    return this.#records.get(robotId)?.address
  }

  /** What it speaks; 3.0 before it has said anything. */
  version(robotId: string): WireVersion {
    return this.#records.get(robotId)?.version ?? '3.0'
  }

  /** From now on it is spoken to in this version, and not heard in another. */
  setVersion(robotId: string, version: WireVersion): void {
    const record = this.#records.get(robotId)
    if (record === undefined) return
    record.version = version
    record.isVersionConfigured = true
  }

  /**
   * Learns from a message what the robot speaks.
   *
   * @returns whether the message counts: a farewell in a version that it no longer speaks is one that a broker
   *   retained, and what is configured is not changed by what it says
   */
  speaks(robotId: string, message: { readonly version: WireVersion; readonly body: object }): boolean {
    const record = this.#records.get(robotId)
    if (record === undefined) return false
    if (record.version === message.version) return true
    const { connectionState } = message.body as Partial<Connection>
    const isFarewell = connectionState !== undefined && connectionState !== 'ONLINE'
    if (record.isVersionConfigured || (record.version !== null && isFarewell)) return false
    record.version = message.version
    return true
  }

  /** Something beside its own words is to be shown. */
  refresh(robotId: string): void {
    if (this.#records.has(robotId)) this.#show(robotId, false)
  }

  offences(robotId: string): OffenceView[] {
    return this.#offences.of(robotId)
  }

  view(robotId: string): RobotView | undefined {
    return this.#board.get('robots', robotId)
  }

  views(): RobotView[] {
    return this.#board.all('robots')
  }

  state(robotId: string): State | null {
    return this.#records.get(robotId)?.state ?? null
  }

  home(robotId: string): RobotRecord['home'] {
    return this.#records.get(robotId)?.home ?? null
  }

  isOnline(robotId: string): boolean {
    return this.#records.get(robotId)?.connection === 'ONLINE'
  }

  /** Whether its last state shows nothing left to do; `false` before the first one. */
  isIdle(robotId: string): boolean {
    const state = this.state(robotId)
    return state !== null && isOrderDone(state)
  }

  /** Whether it says that it can be on this level. */
  hasMap(robotId: string, levelId: string): boolean {
    return this.state(robotId)?.maps?.some(({ mapId }) => mapId === levelId) ?? false
  }

  actionTypes(robotId: string): ReadonlySet<string> | null {
    const factsheet = this.#records.get(robotId)?.factsheet
    if (factsheet === undefined || factsheet === null) return null
    return new Set(factsheet.protocolFeatures.mobileRobotActions.map(({ actionType }) => actionType))
  }

  /** Whether it can be sent maps, and reads ours, by its factsheet. */
  takesMaps(robotId: string): boolean {
    return this.#records.get(robotId)?.takesMaps ?? false
  }

  /** By its factsheet. */
  zoneOffer(robotId: string): ZoneOffer {
    return this.#records.get(robotId)?.zoneOffer ?? NO_ZONE_OFFER
  }

  /** Whether it does not move, by its factsheet. */
  isFixed(robotId: string): boolean {
    return isFixed(this.#records.get(robotId)?.factsheet ?? null)
  }

  /** Of a robot that does not move, by its factsheet; `null` where it does not say. */
  fixedLamp(robotId: string): LampModel | null {
    const factsheet = this.#records.get(robotId)?.factsheet ?? null
    return factsheet === null ? null : fixedLampOf(factsheet)
  }

  /** By its factsheet. */
  vaporiser(robotId: string): VaporiserOffer | null {
    const factsheet = this.#records.get(robotId)?.factsheet ?? null
    return factsheet === null ? null : vaporiserOf(factsheet)
  }

  heardConnection(robotId: string, { connectionState }: Connection): void {
    this.#heard(robotId, (record) => {
      const isChanged = record.connection !== connectionState
      record.connection = connectionState
      // A robot that was started again may have another clock.
      record.positionSaidAtMs = -Infinity
      return isChanged
    })
  }

  heardState(robotId: string, state: State): void {
    this.#heard(robotId, (record) => {
      const isUrgent =
        record.state?.safetyState.activeEmergencyStop !== state.safetyState.activeEmergencyStop ||
        record.state.operatingMode !== state.operatingMode
      record.state = state
      record.wear = wearOf(state, record.wear)
      if (isNewWear(record.keptWear, record.wear)) {
        record.keptWear = record.wear
        this.#facts.saveWear(robotId, record.wear)
      }
      locate(record, state)
      const { position } = record
      if (
        record.home === null &&
        record.missionId === null &&
        position?.localized === true &&
        isOrderDone(state)
      ) {
        const { x, y, theta, mapId } = position
        record.home = { x, y, theta, levelId: mapId }
        this.#facts.saveHome(robotId, record.home)
      }
      return isUrgent
    })
  }

  heardVisualization(robotId: string, visualization: Visualization): void {
    this.#heard(robotId, (record) => {
      locate(record, visualization)
      return false
    })
  }

  heardFactsheet(robotId: string, factsheet: Factsheet): void {
    this.#heard(robotId, (record) => {
      record.factsheet = factsheet
      record.zoneOffer = zoneOfferOf(factsheet)
      record.takesMaps = readsOurMaps(factsheet)
      return false
    })
  }

  setLampLit(robotId: string, isLampLit: boolean): void {
    this.#heard(robotId, (record) => {
      const isChanged = record.isLampLit !== isLampLit
      record.isLampLit = isLampLit
      return isChanged
    })
  }

  setService(robotId: string, service: RobotService): void {
    const record = this.#records.get(robotId)
    if (record === undefined) return
    record.service = service
    this.#show(robotId, true)
  }

  setPlaceSearch(robotId: string, search: PlaceSearchView): void {
    const record = this.#records.get(robotId)
    if (record === undefined) return
    record.placeSearch = search
    this.#show(robotId, true)
  }

  setMission(robotId: string, missionId: string | null): void {
    const record = this.#records.get(robotId)
    if (record === undefined || record.missionId === missionId) return
    record.missionId = missionId
    this.#show(robotId, true)
  }

  setTrafficNote(robotId: string, note: TrafficNote | null): void {
    const record = this.#records.get(robotId)
    if (record === undefined || record.trafficNote?.description === note?.description) return
    record.trafficNote = note
    this.#show(robotId, note?.type === 'traffic.stalled')
  }

  #heard(robotId: string, update: (record: RobotRecord) => boolean): void {
    const record = this.#records.get(robotId)
    if (record === undefined) return
    record.heardAt = this.#now()
    const isUrgent = update(record)
    this.#show(robotId, isUrgent)
  }

  #show(robotId: string, isUrgent: boolean): void {
    const record = this.#records.get(robotId)!
    this.#board.put('robots', robotView(robotId, record, this.#offences.recent(robotId)), isUrgent)
  }
}

/** A state may overtake a visualization or the other way round, having another quality of service: the newer one counts. */
function locate(
  record: RobotRecord,
  { mobileRobotPosition, timestamp }: Pick<State, 'mobileRobotPosition' | 'timestamp'>,
): void {
  const saidAtMs = Date.parse(timestamp)
  if (mobileRobotPosition === undefined || saidAtMs < record.positionSaidAtMs) return
  record.position = mobileRobotPosition
  record.positionSaidAtMs = saidAtMs
}

/** Where its own screen is served. Only an address that a browser opens: what a robot says becomes a link. */
function screenUrlOf(state: State | null): string | null {
  const told = state?.information?.find(({ infoType }) => infoType === SCREEN_INFORMATION.infoType)
  const url = told?.infoReferences?.find(
    ({ referenceKey }) => referenceKey === SCREEN_INFORMATION.urlKey,
  )?.referenceValue
  return url !== undefined && /^https?:\/\//.test(url) && URL.canParse(url) ? url : null
}

/** What does not read as hours of hours is left out. */
function lampTubesOf(state: State | null): RobotView['lampTubes'] {
  const told = state?.information?.find(({ infoType }) => infoType === LAMP_HOURS_INFORMATION)
  return (told?.infoReferences ?? []).flatMap(({ referenceKey: id, referenceValue }) => {
    const read = /^(\d{1,6}(?:\.\d+)?)\/(\d{1,6}(?:\.\d+)?)$/.exec(referenceValue)
    return read === null ? [] : [{ id, hours: Number(read[1]), ratedLifeHours: Number(read[2]) }]
  })
}

function robotView(id: string, record: RobotRecord, offences: readonly OffenceView[]): RobotView {
  const { address, state, position, factsheet } = record
  return {
    id,
    feedNumber: record.feedNumber,
    manufacturer: address.manufacturer,
    serialNumber: address.serialNumber,
    connection: record.connection,
    position:
      position === null
        ? null
        : {
            x: position.x,
            y: position.y,
            theta: position.theta,
            levelId: position.mapId,
            isLocalized: position.localized,
          },
    // Finer than anybody reads them they would be news ten times a second.
    batteryFraction: state === null ? null : Math.round(10 * state.powerSupply.stateOfCharge) / 1000,
    batteryHealth: record.wear.batteryHealth,
    drivenM: record.wear.drivenM === null ? null : 10 * Math.round(record.wear.drivenM / 10),
    isCharging: state?.powerSupply.charging ?? false,
    isFixed: isFixed(factsheet),
    isDriving: state?.driving ?? false,
    isPaused: state?.paused ?? false,
    isLampLit: record.isLampLit,
    operatingMode: state?.operatingMode ?? null,
    emergencyStop: state?.safetyState.activeEmergencyStop ?? 'NONE',
    orderId: state === null || state.orderId === '' ? null : state.orderId,
    missionId: record.missionId,
    errors: [
      ...(state?.errors ?? []).map(({ errorType, errorLevel, errorDescription }) => ({
        type: errorType,
        level: errorLevel,
        description: errorDescription ?? '',
      })),
      // What the fleet has against it, which it would not say itself.
      ...offences.map(({ kind, detail }) => ({ type: kind, level: 'WARNING', description: detail })),
      ...trafficErrors(record.trafficNote),
    ],
    vaporiser: factsheet === null ? null : (vaporiserOf(factsheet)?.method ?? null),
    screenUrl: screenUrlOf(state),
    lampTubes: lampTubesOf(state),
    service: record.service,
    placeSearch: record.placeSearch,
    lengthM: factsheet?.physicalParameters.length ?? ASSUMED_SIZE_M,
    widthM: factsheet?.physicalParameters.width ?? ASSUMED_SIZE_M,
    updatedAt: record.heardAt?.toISOString() ?? null,
  }
}

function trafficErrors(note: TrafficNote | null): RobotView['errors'] {
  if (note === null) return []
  return [{ ...note, level: note.type === 'traffic.stalled' ? 'URGENT' : 'INFO' }]
}

/** Its `downloadMap` declares our format, and it can be told which of its maps counts and which may go. */
function readsOurMaps({ protocolFeatures: { mobileRobotActions } }: Factsheet): boolean {
  const offered = (type: string) => mobileRobotActions.find(({ actionType }) => actionType === type)
  return (
    offered(ROBOT_ACTION_TYPES.enableMap) !== undefined &&
    offered(ROBOT_ACTION_TYPES.deleteMap) !== undefined &&
    (offered(ROBOT_ACTION_TYPES.downloadMap)?.actionParameters ?? []).some(
      ({ key }) => key === MAP_FORMAT_KEY,
    )
  )
}
