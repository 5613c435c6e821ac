import { LAMP_HOURS_INFORMATION, ODOMETER_INFORMATION, SCREEN_INFORMATION } from '@wardlight/core/fleet'
import type { Pose2 } from '@wardlight/core/geometry'
import type {
  ActionState,
  Header,
  MobileRobotPosition,
  State,
  VdaError,
  ZoneRequest,
  ZoneSetState,
} from '@wardlight/core/vda5050'
import type { OrderContext } from '../missions/order-execution.ts'
import { LAMP_WORN, type TubeHours } from '../robot/lamp-life.ts'
import { hazardsAnywhere, SUPERVISOR_LIMITS, type SupervisorState } from '../safety/supervisor.ts'

export interface StateInput {
  readonly header: Header
  readonly levelId: string
  readonly maps: NonNullable<State['maps']>
  readonly order: OrderContext
  /** Evidence that no broker has confirmed yet, of this order or of those before it. */
  readonly undelivered: readonly ActionState[]
  readonly isWaitingForBase: boolean
  readonly instantActionStates: readonly ActionState[]
  readonly supervisor: SupervisorState
  readonly nowMs: number
  readonly pose: Pose2 | null
  readonly speedMps: number
  readonly turnRadPerS: number
  readonly battery: {
    readonly fraction: number
    readonly isCharging: boolean
    readonly voltage: number
    readonly health: number | null
  } | null
  /** Errors of orders and instant actions, until the next good one. */
  readonly errors: readonly VdaError[]
  readonly notes: readonly string[]
  readonly zoneSets: readonly ZoneSetState[]
  readonly zoneRequests: readonly ZoneRequest[]
  readonly zoneActionStates: readonly ActionState[]
  /** `INTERVENED` while a person drives and the order waits; AUTOMATIC by default. */
  readonly operatingMode?: State['operatingMode']
  /** Where the robot's own screen is served; `null` where it has none. */
  readonly screenUrl: string | null
  readonly tubes: readonly TubeHours[]
  /** In its life; `null` of a unit that does not move. */
  readonly drivenM: number | null
  /** Its sensors have had no time yet to say anything: their silence is no error. */
  readonly isComingUp?: boolean
}

/** Slower than this is standing: odometry never is quite still. */
const STANDING_MPS = 0.01
const STANDING_RAD_PER_S = 0.02

export function positionOf(
  pose: Pose2 | null,
  levelId: string,
  supervisor: SupervisorState,
): MobileRobotPosition | null {
  if (pose === null) return null
  return {
    ...pose,
    mapId: levelId,
    localized:
      supervisor.deviationM <= SUPERVISOR_LIMITS.maxDeviationM &&
      supervisor.deviationRad <= SUPERVISOR_LIMITS.maxDeviationRad,
    ...(Number.isFinite(supervisor.deviationM) ? { deviationRange: supervisor.deviationM } : {}),
  }
}

/** The `state` message of VDA 5050 3.0. */
export function stateOf(input: StateInput): State {
  const { order, supervisor } = input
  const position = positionOf(input.pose, input.levelId, supervisor)
  return {
    ...input.header,
    maps: [...input.maps],
    zoneSets: [...input.zoneSets],
    orderId: order.order?.orderId ?? '',
    orderUpdateId: order.order?.orderUpdateId ?? 0,
    lastNodeId: order.lastNodeId,
    lastNodeSequenceId: order.lastNodeSequenceId,
    nodeStates: order.nodes.map(({ nodeId, sequenceId, released, nodePosition }) => ({
      nodeId,
      sequenceId,
      released,
      ...(nodePosition === undefined ? {} : { nodePosition }),
    })),
    edgeStates: order.edges.map(({ edgeId, sequenceId, released }) => ({ edgeId, sequenceId, released })),
    ...(position === null ? {} : { mobileRobotPosition: position }),
    velocity: { vx: input.speedMps, vy: 0, omega: input.turnRadPerS },
    driving: input.speedMps > STANDING_MPS || Math.abs(input.turnRadPerS) > STANDING_RAD_PER_S,
    paused: order.isPaused,
    newBaseRequest: input.isWaitingForBase,
    distanceSinceLastNode: 0,
    zoneRequests: [...input.zoneRequests],
    actionStates: [
      ...input.undelivered.filter(
        ({ actionId }) => !order.actionStates.some((state) => state.actionId === actionId),
      ),
      ...order.actionStates,
    ],
    instantActionStates: [...input.instantActionStates],
    zoneActionStates: [...input.zoneActionStates],
    powerSupply: {
      // ROS says NaN where nothing is measured, and JSON has none.
      stateOfCharge: Math.round(100 * Math.min(1, Math.max(0, input.battery?.fraction || 0))),
      ...(Number.isFinite(input.battery?.voltage) ? { batteryVoltage: input.battery!.voltage } : {}),
      ...(input.battery?.health == null ? {} : { batteryHealth: Math.round(100 * input.battery.health) }),
      charging: input.battery?.isCharging ?? false,
    },
    operatingMode: input.operatingMode ?? 'AUTOMATIC',
    errors: [
      ...input.errors,
      ...hardwareErrors(supervisor, input.nowMs, input.isComingUp ?? false),
      ...unreachable(order),
    ],
    information: [
      ...input.notes.map((infoDescriptor) => ({
        infoType: 'roomAsFound',
        infoDescriptor,
        infoLevel: 'INFO' as const,
      })),
      ...screenInformation(input.screenUrl),
      tubeInformation(input.tubes),
      ...odometerInformation(input.drivenM),
    ],
    safetyState: {
      activeEmergencyStop: supervisor.isEmergencyStopPressed
        ? 'MANUAL'
        : supervisor.isRemotelyStopped
          ? 'REMOTE'
          : 'NONE',
      fieldViolation: supervisor.isBumperPressed,
    },
  }
}

/** For people's browsers, which is what `information` is for: no fleet decides by it. */
function screenInformation(url: string | null): NonNullable<State['information']> {
  if (url === null) return []
  const { infoType, urlKey } = SCREEN_INFORMATION
  return [{ infoType, infoReferences: [{ referenceKey: urlKey, referenceValue: url }], infoLevel: 'INFO' }]
}

/** To ten metres: a state must not differ for every one of them. */
function odometerInformation(drivenM: number | null): NonNullable<State['information']> {
  if (drivenM === null) return []
  const { infoType, drivenKey } = ODOMETER_INFORMATION
  const referenceValue = String(10 * Math.floor(drivenM / 10))
  return [{ infoType, infoReferences: [{ referenceKey: drivenKey, referenceValue }], infoLevel: 'INFO' }]
}

/** To the hour: a state must not differ for every minute of light. */
function tubeInformation(tubes: readonly TubeHours[]): NonNullable<State['information']>[number] {
  return {
    infoType: LAMP_HOURS_INFORMATION,
    infoReferences: tubes.map(({ id, hours, ratedLifeHours }) => ({
      referenceKey: id,
      referenceValue: `${Math.floor(hours)}/${ratedLifeHours}`,
    })),
    infoLevel: 'INFO',
  }
}

/** @param problem why nobody can say what the lamp gives */
export function lampErrors(problem: string | null): VdaError[] {
  if (problem === null) return []
  return [{ errorType: LAMP_WORN, errorLevel: 'WARNING', errorDescription: problem, errorReferences: [] }]
}

const HARDWARE_ERRORS = {
  'lamp.stuckOn': { errorType: 'LAMP_STUCK_ON', errorLevel: 'FATAL' },
  'lamp.linkLost': { errorType: 'LAMP_LINK_LOST', errorLevel: 'URGENT' },
  'sensor.stale': { errorType: 'SENSOR_SILENT', errorLevel: 'URGENT' },
  'localisation.lost': { errorType: 'LOCALIZATION_ERROR', errorLevel: 'FATAL' },
  'battery.low': { errorType: 'BATTERY_LOW', errorLevel: 'URGENT' },
} as const

function hardwareErrors(supervisor: SupervisorState, nowMs: number, isComingUp: boolean): VdaError[] {
  return hazardsAnywhere(supervisor, nowMs).flatMap(({ kind, detail }) => {
    const error = HARDWARE_ERRORS[kind as keyof typeof HARDWARE_ERRORS]
    const isTold = error !== undefined && (!isComingUp || kind === 'lamp.stuckOn')
    return !isTold ? [] : [{ ...error, errorDescription: detail }]
  })
}

function unreachable({ unreachableNodeId, order }: OrderContext): VdaError[] {
  if (unreachableNodeId === null) return []
  return [
    {
      errorType: 'NODE_UNREACHABLE',
      errorLevel: 'CRITICAL',
      errorDescription: `no way to ${unreachableNodeId}; the order has ended`,
      errorReferences: [
        { referenceKey: 'orderId', referenceValue: order?.orderId ?? '' },
        { referenceKey: 'nodeId', referenceValue: unreachableNodeId },
      ],
    },
  ]
}
