import { normalizeAngle } from '../../geometry/index.ts'
import type {
  ActionState,
  Connection,
  MobileRobotPosition,
  State,
  VdaError,
  Visualization,
} from '../messages.ts'
import { headerFromV2, headerToV2, optional, without, type V2Version } from './headers.ts'
import type { V2ActionState, V2AgvPosition, V2Connection, V2State, V2Visualization } from './messages.ts'
import { actionTypeFromV2, actionTypeToV2, nodePositionFromV2, nodePositionToV2 } from './orders.ts'

/** Fields of a 3.0 state that 2.x has no place for. */
const ONLY_IN_V3 = ['zoneSets', 'plannedPath', 'intermediatePath', 'zoneRequests', 'edgeRequests'] as const

/** 2.x names few errors; several of 3.0's (6.6.5.4) are one there (2.1, 6.6.4). Others keep their name. */
const ERROR_TYPES_TO_V2: ReadonlyMap<string, string> = new Map([
  ['VALIDATION_FAILURE', 'validationError'],
  ['NO_ORDER_TO_CANCEL', 'noOrderToCancel'],
  ['INVALID_ORDER_ACTION', 'orderError'],
  ['UNSUPPORTED_PARAMETER', 'orderError'],
  ['OTHER_ORDER_ACTIVE', 'orderError'],
  ['UNKNOWN_MAP_ID', 'orderError'],
  ['MOBILE_ROBOT_NOT_AVAILABLE', 'orderError'],
  ['INSUFFICIENT_MEMORY', 'orderError'],
  ['START_NODE_OUT_OF_RANGE', 'orderError'],
  ['NO_ROUTE_TO_TARGET', 'orderError'],
  ['OUTDATED_ORDER_UPDATE', 'orderUpdateError'],
  ['SAME_ORDER_UPDATE_ID', 'orderUpdateError'],
  ['ORDER_UPDATE_FOLLOWING_CANCEL', 'orderUpdateError'],
])
/** Only what has one meaning; `orderError` and `orderUpdateError` stay what they are. */
const ERROR_TYPES_FROM_V2: ReadonlyMap<string, string> = new Map([
  ['validationError', 'VALIDATION_FAILURE'],
  ['noOrderToCancel', 'NO_ORDER_TO_CANCEL'],
])
/**
 * A state for a fleet of 2.x.
 *
 * Lost: whether an action state belongs to the order, an instant action or a zone (one list there); zone sets,
 * paths and requests; `batteryCurrent`; the levels between WARNING and FATAL; RETRIABLE, STARTUP, INTERVENED;
 * in 2.0 positions of nodes without a heading.
 */
export function stateToV2(state: State, version: V2Version): V2State {
  const { mobileRobotPosition, powerSupply, safetyState, information, zoneActionStates = [] } = state
  return {
    ...headerToV2(
      without(
        state,
        ...ONLY_IN_V3,
        'mobileRobotPosition',
        'powerSupply',
        'instantActionStates',
        'zoneActionStates',
        'information',
      ),
      version,
    ),
    nodeStates: state.nodeStates.map(({ nodePosition, ...node }) => {
      const { nodeDescriptor, ...rest } = node as typeof node & { readonly nodeDescriptor?: string }
      return {
        ...rest,
        ...optional('nodeDescription', nodeDescriptor),
        // The schema of 2.0 wants a heading there, and any would be made up.
        ...(nodePosition === undefined || (version === '2.0' && nodePosition.theta === undefined)
          ? {}
          : { nodePosition: nodePositionToV2(nodePosition) }),
      }
    }),
    edgeStates: state.edgeStates.map((edge) => {
      const { edgeDescriptor, ...rest } = edge as typeof edge & { readonly edgeDescriptor?: string }
      return { ...rest, ...optional('edgeDescription', edgeDescriptor) }
    }),
    ...optional('agvPosition', mobileRobotPosition && positionToV2(mobileRobotPosition)),
    actionStates: [...state.actionStates, ...state.instantActionStates, ...zoneActionStates].map(
      actionStateToV2,
    ),
    batteryState: powerSupplyToV2(powerSupply),
    operatingMode: operatingModeToV2(state.operatingMode),
    errors: state.errors.map(errorToV2),
    ...optional(
      'information',
      information?.map(({ infoDescriptor, ...info }) => ({
        ...info,
        ...optional('infoDescription', infoDescriptor),
      })),
    ),
    safetyState: { eStop: safetyState.activeEmergencyStop, fieldViolation: safetyState.fieldViolation },
  }
}

/**
 * A state of a robot of 2.x.
 *
 * Lost: AUTOACK, which counts as MANUAL (somebody should look), and `zoneSetId`.
 *
 * @param isInstant whether an action was sent as an instant action: 2.x has one list for both
 */
export function stateFromV2(state: V2State, isInstant: (action: ActionState) => boolean): State {
  const { agvPosition, batteryState, safetyState, information } = state
  const actionStates = state.actionStates.map(actionStateFromV2)
  const { eStop, fieldViolation } = safetyState
  return {
    ...headerFromV2(without(state, 'agvPosition', 'batteryState', 'information', 'zoneSetId')),
    nodeStates: state.nodeStates.map(({ nodeDescription, nodePosition, ...node }) => ({
      ...node,
      ...optional('nodeDescriptor', nodeDescription),
      ...optional('nodePosition', nodePosition && nodePositionFromV2(nodePosition)),
    })),
    edgeStates: state.edgeStates.map(({ edgeDescription, ...edge }) => ({
      ...edge,
      ...optional('edgeDescriptor', edgeDescription),
    })),
    ...optional('mobileRobotPosition', agvPosition && positionFromV2(agvPosition)),
    actionStates: actionStates.filter((action) => !isInstant(action)),
    instantActionStates: actionStates.filter((action) => isInstant(action)),
    powerSupply: powerSupplyFromV2(batteryState),
    operatingMode: state.operatingMode === 'TEACHIN' ? 'TEACH_IN' : state.operatingMode,
    errors: state.errors.map((error) => ({
      ...error,
      errorType: ERROR_TYPES_FROM_V2.get(error.errorType) ?? error.errorType,
    })),
    ...optional(
      'information',
      information?.map(({ infoDescription, ...info }) => ({
        ...info,
        ...optional('infoDescriptor', infoDescription),
      })),
    ),
    safetyState: { activeEmergencyStop: eStop === 'AUTOACK' ? 'MANUAL' : eStop, fieldViolation },
  }
}

/** HIBERNATING is unknown in 2.x: such a robot hears nothing, so it is OFFLINE. */
export function connectionToV2(message: Connection, version: V2Version): V2Connection {
  const { connectionState } = message
  return {
    ...headerToV2(message, version),
    connectionState:
      connectionState === 'CONNECTION_BROKEN'
        ? 'CONNECTIONBROKEN'
        : connectionState === 'HIBERNATING'
          ? 'OFFLINE'
          : connectionState,
  }
}

export function connectionFromV2(message: V2Connection): Connection {
  const { connectionState } = message
  return {
    ...headerFromV2(message),
    connectionState: connectionState === 'CONNECTIONBROKEN' ? 'CONNECTION_BROKEN' : connectionState,
  }
}

/** Lost: `referenceStateHeaderId` and the paths. */
export function visualizationToV2(message: Visualization, version: V2Version): V2Visualization {
  const { mobileRobotPosition } = message
  return {
    ...headerToV2(
      without(message, 'mobileRobotPosition', 'referenceStateHeaderId', 'plannedPath', 'intermediatePath'),
      version,
    ),
    ...optional('agvPosition', mobileRobotPosition && positionToV2(mobileRobotPosition)),
  }
}

/** 2.x does not say which state it goes with: `referenceStateHeaderId` is 0. */
export function visualizationFromV2(message: V2Visualization): Visualization {
  const { agvPosition } = message
  return {
    ...headerFromV2(without(message, 'agvPosition')),
    referenceStateHeaderId: 0,
    ...optional('mobileRobotPosition', agvPosition && positionFromV2(agvPosition)),
  }
}

function positionToV2({ localized, ...position }: MobileRobotPosition): V2AgvPosition {
  return { ...position, positionInitialized: localized }
}

function positionFromV2({ positionInitialized, ...position }: V2AgvPosition): MobileRobotPosition {
  // 2.x does not bound it.
  return { ...position, theta: normalizeAngle(position.theta), localized: positionInitialized }
}

function powerSupplyToV2(powerSupply: State['powerSupply']): V2State['batteryState'] {
  const { stateOfCharge, batteryHealth, ...rest } = powerSupply
  const { range, ...others } = rest as typeof rest & { readonly range?: number }
  return {
    ...without(others, 'batteryCurrent'),
    batteryCharge: stateOfCharge,
    // 2.0 has whole percents.
    ...optional('batteryHealth', batteryHealth === undefined ? undefined : Math.round(batteryHealth)),
    ...optional('reach', range),
  }
}

function powerSupplyFromV2({
  batteryCharge,
  batteryHealth = -1,
  reach,
  ...rest
}: V2State['batteryState']): State['powerSupply'] {
  // 2.0 does not bound it, and some robots say -1 for what they do not know.
  const isHealth = batteryHealth >= 0 && batteryHealth <= 100
  return {
    ...rest,
    stateOfCharge: batteryCharge,
    ...(isHealth ? { batteryHealth } : {}),
    ...optional('range', reach),
  }
}

/** RETRIABLE waits for something from outside, which 2.x calls PAUSED (table 2). */
function actionStateToV2({ actionDescriptor, actionResult, ...state }: ActionState): V2ActionState {
  return {
    ...without(state, 'actionType'),
    ...optional('actionType', state.actionType && actionTypeToV2(state.actionType)),
    ...optional('actionDescription', actionDescriptor),
    actionStatus: state.actionStatus === 'RETRIABLE' ? 'PAUSED' : state.actionStatus,
    ...optional('resultDescription', actionResult),
  }
}

function actionStateFromV2({ actionDescription, resultDescription, ...state }: V2ActionState): ActionState {
  return {
    ...without(state, 'actionType'),
    ...optional('actionType', state.actionType && actionTypeFromV2(state.actionType)),
    ...optional('actionDescriptor', actionDescription),
    ...optional('actionResult', resultDescription),
  }
}

/** In all three a fleet may send nothing; INTERVENED is a person at the controls, STARTUP a robot not ready. */
function operatingModeToV2(mode: State['operatingMode']): V2State['operatingMode'] {
  switch (mode) {
    case 'TEACH_IN':
      return 'TEACHIN'
    case 'INTERVENED':
      return 'MANUAL'
    case 'STARTUP':
      return 'SERVICE'
    default:
      return mode
  }
}

/**
 * URGENT lets the robot go on, as WARNING does; CRITICAL does not (3.0, 6.6.5.1), so somebody has to look. Refusals
 * of orders are warnings in 2.x (2.1, 6.6.4), whatever 3.0 says: the robot stays ready for others.
 */
function errorToV2({ errorType, errorLevel, ...error }: VdaError): V2State['errors'][number] {
  const isGrave = errorLevel === 'FATAL' || errorLevel === 'CRITICAL'
  return {
    ...without(error, 'errorDescriptionTranslations', 'errorHintTranslations'),
    errorType: ERROR_TYPES_TO_V2.get(errorType) ?? errorType,
    errorLevel: isGrave && !ERROR_TYPES_TO_V2.has(errorType) ? 'FATAL' : 'WARNING',
  }
}
