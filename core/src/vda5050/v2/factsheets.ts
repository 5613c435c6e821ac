import type { Factsheet, FactsheetAction } from '../messages.ts'
import { headerFromV2, headerToV2, optional, without, type V2Version } from './headers.ts'
import type { V2Factsheet, V2FactsheetAction } from './messages.ts'

type Names = ReadonlyMap<string, string>

const KINEMATICS: Names = new Map([
  ['DIFFERENTIAL', 'DIFF'],
  ['OMNIDIRECTIONAL', 'OMNI'],
  ['THREE_WHEEL', 'THREEWHEEL'],
])
const NAVIGATION: Names = new Map([['FREELY_NAVIGATING', 'AUTONOMOUS']])
const STRING_LENGTHS: Names = new Map([
  ['maximumMessageLength', 'msgLen'],
  ['maximumTopicSerialLength', 'topicSerialLen'],
  ['maximumTopicElementLength', 'topicElemLen'],
  ['maximumIdLength', 'idLen'],
  ['maximumLoadIdLength', 'loadIdLen'],
])
/** The classes of 2.1, 6.15.1. It closes the list; 3.0 leaves it open. */
const V2_CLASSES: ReadonlySet<string> = new Set(['FORKLIFT', 'CONVEYOR', 'TUGGER', 'CARRIER'])

/** Of a unit that does not move: 2.x closes these lists, and its maximum speed of 0 says it. DIFF stands for it. */
const FIXED = 'FIXED'

/**
 * Lost: `pauseAllowed`, `cancelAllowed`, zone actions, a class that 2.x does not know (CARRIER stands for it), and
 * `blockingTypes`: the published schema of 2.1 declares them so that no value is valid.
 */
export function factsheetToV2(factsheet: Factsheet, version: V2Version): V2Factsheet {
  const { typeSpecification: type, physicalParameters: body, protocolLimits, protocolFeatures } = factsheet
  const { timing } = protocolLimits
  return {
    ...headerToV2(
      without(
        factsheet,
        'typeSpecification',
        'physicalParameters',
        'protocolLimits',
        'protocolFeatures',
        'mobileRobotGeometry',
        'mobileRobotConfiguration',
      ),
      version,
    ),
    typeSpecification: {
      seriesName: type.seriesName,
      ...optional('seriesDescription', type.seriesDescription),
      agvKinematic:
        type.mobileRobotKinematics === FIXED
          ? 'DIFF'
          : (KINEMATICS.get(type.mobileRobotKinematics) ?? type.mobileRobotKinematics),
      agvClass: V2_CLASSES.has(type.mobileRobotClass) ? type.mobileRobotClass : 'CARRIER',
      maxLoadMass: type.maximumLoadMass,
      localizationTypes: type.localizationTypes.filter((name) => name !== FIXED),
      navigationTypes: type.navigationTypes.map((name) => NAVIGATION.get(name) ?? name),
    },
    physicalParameters: {
      speedMin: body.minimumSpeed,
      speedMax: body.maximumSpeed,
      accelerationMax: body.maximumAcceleration,
      decelerationMax: body.maximumDeceleration,
      heightMin: body.minimumHeight,
      heightMax: body.maximumHeight,
      width: body.width,
      length: body.length,
    },
    protocolLimits: {
      maxStringLens: renamed(protocolLimits.maximumStringLengths, STRING_LENGTHS),
      maxArrayLens: protocolLimits.maximumArrayLengths,
      timing: {
        minOrderInterval: timing.minimumOrderInterval,
        minStateInterval: timing.minimumStateInterval,
        ...optional('defaultStateInterval', timing.defaultStateInterval),
        ...optional('visualizationInterval', timing.visualizationInterval),
      },
    },
    protocolFeatures: {
      optionalParameters: protocolFeatures.optionalParameters,
      agvActions: protocolFeatures.mobileRobotActions.flatMap(actionToV2),
    },
    agvGeometry: geometryToV2(factsheet.mobileRobotGeometry),
  }
}

/** A robot of 2.x does not say which actions may be paused or cancelled: none, then. Lost: its configuration. */
export function factsheetFromV2(factsheet: V2Factsheet): Factsheet {
  const { typeSpecification: type, physicalParameters: body, protocolLimits, protocolFeatures } = factsheet
  const { timing } = protocolLimits
  return {
    ...headerFromV2(
      without(
        factsheet,
        'typeSpecification',
        'physicalParameters',
        'protocolLimits',
        'protocolFeatures',
        'agvGeometry',
        'vehicleConfig',
      ),
    ),
    typeSpecification: {
      seriesName: type.seriesName,
      ...optional('seriesDescription', type.seriesDescription),
      mobileRobotKinematics: reversed(KINEMATICS).get(type.agvKinematic) ?? type.agvKinematic,
      mobileRobotClass: type.agvClass,
      maximumLoadMass: type.maxLoadMass,
      localizationTypes: type.localizationTypes,
      navigationTypes: type.navigationTypes.map((name) => reversed(NAVIGATION).get(name) ?? name),
    },
    physicalParameters: {
      minimumSpeed: body.speedMin,
      maximumSpeed: body.speedMax,
      maximumAcceleration: body.accelerationMax,
      maximumDeceleration: body.decelerationMax,
      minimumHeight: body.heightMin ?? body.heightMax,
      maximumHeight: body.heightMax,
      width: body.width,
      length: body.length,
    },
    protocolLimits: {
      maximumStringLengths: renamed(protocolLimits.maxStringLens, reversed(STRING_LENGTHS)),
      maximumArrayLengths: protocolLimits.maxArrayLens,
      timing: {
        minimumOrderInterval: timing.minOrderInterval,
        minimumStateInterval: timing.minStateInterval,
        ...optional('defaultStateInterval', timing.defaultStateInterval),
        ...optional('visualizationInterval', timing.visualizationInterval),
      },
    },
    protocolFeatures: {
      optionalParameters: protocolFeatures.optionalParameters,
      mobileRobotActions: protocolFeatures.agvActions.map(actionFromV2),
    },
    mobileRobotGeometry: geometryFromV2(factsheet.agvGeometry),
  }
}

function actionToV2(action: FactsheetAction): V2FactsheetAction[] {
  const {
    actionScopes,
    actionResult,
    pauseAllowed: _,
    cancelAllowed: __,
    blockingTypes: ___,
    ...rest
  } = action
  const scopes = actionScopes.filter((scope) => scope !== 'ZONE')
  if (scopes.length === 0) return []
  return [{ ...rest, actionScopes: scopes, ...optional('resultDescription', actionResult) }]
}

function actionFromV2({
  resultDescription,
  actionParameters,
  ...action
}: V2FactsheetAction): FactsheetAction {
  return {
    ...action,
    ...optional(
      'actionParameters',
      actionParameters?.map(({ valueDataType, ...parameter }) => ({
        ...parameter,
        valueDataType: valueDataType === 'FLOAT' ? ('NUMBER' as const) : valueDataType,
      })),
    ),
    ...optional('actionResult', resultDescription),
    pauseAllowed: false,
    cancelAllowed: false,
  }
}

interface Envelopes {
  readonly envelopes2d?: readonly object[]
  readonly envelopes3d?: readonly object[]
}
const ENVELOPE_2D: Names = new Map([
  ['envelope2dId', 'set'],
  ['vertices', 'polygonPoints'],
])
const ENVELOPE_3D: Names = new Map([['envelope3dId', 'set']])

function geometryToV2(geometry: object): object {
  const { envelopes2d, envelopes3d, ...rest } = geometry as Envelopes
  return {
    ...rest,
    ...optional(
      'envelopes2d',
      envelopes2d?.map((envelope) => renamed(envelope, ENVELOPE_2D)),
    ),
    ...optional(
      'envelopes3d',
      envelopes3d?.map((envelope) => renamed(envelope, ENVELOPE_3D)),
    ),
  }
}

function geometryFromV2(geometry: object): object {
  const { envelopes2d, envelopes3d, ...rest } = geometry as Envelopes
  return {
    ...rest,
    ...optional(
      'envelopes2d',
      envelopes2d?.map((envelope) => renamed(envelope, reversed(ENVELOPE_2D))),
    ),
    ...optional(
      'envelopes3d',
      envelopes3d?.map((envelope) => renamed(envelope, reversed(ENVELOPE_3D))),
    ),
  }
}

function renamed(value: object, names: Names): object {
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [names.get(key) ?? key, entry as unknown]),
  )
}

function reversed(names: Names): Names {
  return new Map([...names].map(([from, to]) => [to, from]))
}
