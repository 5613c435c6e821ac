import Type, { type Static } from 'typebox'
import { ActionParameterSchema, ActionSchema, BlockingTypeSchema } from './actions.ts'
import { HeaderSchema } from './header.ts'
import { ZONE_TYPES, ZoneRequestSchema, ZoneSetStateSchema } from './zones.ts'

/**
 * The messages of VDA 5050 3.0 that Wardlight sends and reads, after the JSON schemas of the VDA
 * (github.com/VDA5050/VDA5050, 3.0). Unknown fields are allowed: vendors add their own.
 * Lengths in metres, angles in radians, times ISO 8601 UTC with milliseconds.
 */
export const VDA5050_VERSION = '3.0.0'

const Id = Type.String({ minLength: 1, maxLength: 256 })
const header = HeaderSchema.properties

export const NodePositionSchema = Type.Object({
  x: Type.Number(),
  y: Type.Number(),
  theta: Type.Optional(Type.Number({ minimum: -Math.PI, maximum: Math.PI })),
  allowedDeviationXY: Type.Optional(
    Type.Object({
      a: Type.Number({ minimum: 0 }),
      b: Type.Number({ minimum: 0 }),
      theta: Type.Number({ minimum: -Math.PI / 2, maximum: Math.PI / 2 }),
    }),
  ),
  allowedDeviationTheta: Type.Optional(Type.Number({ minimum: 0, maximum: Math.PI })),
  mapId: Type.String(),
})
export type NodePosition = Static<typeof NodePositionSchema>

export const OrderNodeSchema = Type.Object({
  nodeId: Id,
  sequenceId: Type.Integer({ minimum: 0 }),
  nodeDescriptor: Type.Optional(Type.String()),
  released: Type.Boolean(),
  nodePosition: Type.Optional(NodePositionSchema),
  actions: Type.Array(ActionSchema),
})
export type OrderNode = Static<typeof OrderNodeSchema>

export const OrderEdgeSchema = Type.Object({
  edgeId: Id,
  sequenceId: Type.Integer({ minimum: 0 }),
  edgeDescriptor: Type.Optional(Type.String()),
  released: Type.Boolean(),
  maximumSpeed: Type.Optional(Type.Number({ minimum: 0 })),
  actions: Type.Array(ActionSchema),
})
export type OrderEdge = Static<typeof OrderEdgeSchema>

export const OrderSchema = Type.Object({
  ...header,
  orderId: Id,
  orderUpdateId: Type.Integer({ minimum: 0 }),
  orderDescription: Type.Optional(Type.String()),
  nodes: Type.Array(OrderNodeSchema, { minItems: 1 }),
  edges: Type.Array(OrderEdgeSchema),
})
export type Order = Static<typeof OrderSchema>

export const InstantActionSchema = Type.Object({
  actionType: Id,
  actionId: Id,
  actionDescriptor: Type.Optional(Type.String()),
  blockingType: Type.Literal('NONE'),
  actionParameters: Type.Optional(Type.Array(ActionParameterSchema)),
})
export type InstantAction = Static<typeof InstantActionSchema>

export const InstantActionsSchema = Type.Object({ ...header, actions: Type.Array(InstantActionSchema) })
export type InstantActions = Static<typeof InstantActionsSchema>

export const ActionStatusSchema = Type.Enum([
  'WAITING',
  'INITIALIZING',
  'RUNNING',
  'PAUSED',
  'RETRIABLE',
  'FINISHED',
  'FAILED',
])
export type ActionStatus = Static<typeof ActionStatusSchema>

export const ActionStateSchema = Type.Object({
  actionId: Id,
  actionType: Type.Optional(Type.String()),
  actionDescriptor: Type.Optional(Type.String()),
  actionStatus: ActionStatusSchema,
  actionResult: Type.Optional(Type.String()),
})
export type ActionState = Static<typeof ActionStateSchema>

export const MobileRobotPositionSchema = Type.Object({
  x: Type.Number(),
  y: Type.Number(),
  theta: Type.Number({ minimum: -Math.PI, maximum: Math.PI }),
  mapId: Type.String(),
  localized: Type.Boolean(),
  localizationScore: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  deviationRange: Type.Optional(Type.Number({ minimum: 0 })),
})
export type MobileRobotPosition = Static<typeof MobileRobotPositionSchema>

export const VelocitySchema = Type.Object({
  vx: Type.Optional(Type.Number()),
  vy: Type.Optional(Type.Number()),
  omega: Type.Optional(Type.Number()),
})

export const ErrorReferenceSchema = Type.Object({
  referenceKey: Type.String(),
  referenceValue: Type.String(),
})

export const VdaErrorSchema = Type.Object({
  errorType: Type.String(),
  errorReferences: Type.Optional(Type.Array(ErrorReferenceSchema)),
  errorDescription: Type.Optional(Type.String()),
  errorHint: Type.Optional(Type.String()),
  errorLevel: Type.Enum(['WARNING', 'URGENT', 'CRITICAL', 'FATAL']),
})
export type VdaError = Static<typeof VdaErrorSchema>

const sequenced = { sequenceId: Type.Integer({ minimum: 0 }), released: Type.Boolean() }

export const StateSchema = Type.Object({
  ...header,
  maps: Type.Optional(
    Type.Array(
      Type.Object({
        mapId: Type.String(),
        mapVersion: Type.String(),
        mapStatus: Type.Enum(['ENABLED', 'DISABLED']),
      }),
    ),
  ),
  zoneSets: Type.Optional(Type.Array(ZoneSetStateSchema)),
  orderId: Type.String(),
  orderUpdateId: Type.Integer({ minimum: 0 }),
  lastNodeId: Type.String(),
  lastNodeSequenceId: Type.Integer({ minimum: 0 }),
  nodeStates: Type.Array(
    Type.Object({ nodeId: Id, ...sequenced, nodePosition: Type.Optional(NodePositionSchema) }),
  ),
  edgeStates: Type.Array(Type.Object({ edgeId: Id, ...sequenced })),
  mobileRobotPosition: Type.Optional(MobileRobotPositionSchema),
  velocity: Type.Optional(VelocitySchema),
  driving: Type.Boolean(),
  paused: Type.Optional(Type.Boolean()),
  newBaseRequest: Type.Optional(Type.Boolean()),
  distanceSinceLastNode: Type.Optional(Type.Number()),
  zoneRequests: Type.Optional(Type.Array(ZoneRequestSchema)),
  actionStates: Type.Array(ActionStateSchema),
  instantActionStates: Type.Array(ActionStateSchema),
  /** Of a robot that supports ACTION zones: those that run, and those that are over until `clearZoneActions`. */
  zoneActionStates: Type.Optional(Type.Array(ActionStateSchema)),
  powerSupply: Type.Object({
    /** Percent. */
    stateOfCharge: Type.Number({ minimum: 0, maximum: 100 }),
    batteryVoltage: Type.Optional(Type.Number()),
    /** Percent of what it held when it was new. */
    batteryHealth: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
    batteryCurrent: Type.Optional(Type.Number()),
    charging: Type.Boolean(),
  }),
  operatingMode: Type.Enum([
    'STARTUP',
    'AUTOMATIC',
    'SEMIAUTOMATIC',
    'INTERVENED',
    'MANUAL',
    'SERVICE',
    'TEACH_IN',
  ]),
  errors: Type.Array(VdaErrorSchema),
  information: Type.Optional(
    Type.Array(
      Type.Object({
        infoType: Type.String(),
        infoReferences: Type.Optional(Type.Array(ErrorReferenceSchema)),
        infoDescriptor: Type.Optional(Type.String()),
        infoLevel: Type.Enum(['INFO', 'DEBUG']),
      }),
    ),
  ),
  safetyState: Type.Object({
    activeEmergencyStop: Type.Enum(['MANUAL', 'REMOTE', 'NONE']),
    fieldViolation: Type.Boolean(),
  }),
})
export type State = Static<typeof StateSchema>

export const ConnectionSchema = Type.Object({
  ...header,
  connectionState: Type.Enum(['ONLINE', 'OFFLINE', 'HIBERNATING', 'CONNECTION_BROKEN']),
})
export type Connection = Static<typeof ConnectionSchema>

export const VisualizationSchema = Type.Object({
  ...header,
  referenceStateHeaderId: Type.Integer({ minimum: 0 }),
  mobileRobotPosition: Type.Optional(MobileRobotPositionSchema),
  velocity: Type.Optional(VelocitySchema),
})
export type Visualization = Static<typeof VisualizationSchema>

export const FactsheetActionSchema = Type.Object({
  actionType: Type.String(),
  actionDescription: Type.Optional(Type.String()),
  actionScopes: Type.Array(Type.Enum(['INSTANT', 'NODE', 'EDGE', 'ZONE'])),
  actionParameters: Type.Optional(
    Type.Array(
      Type.Object({
        key: Type.String(),
        valueDataType: Type.Enum(['BOOL', 'NUMBER', 'INTEGER', 'STRING', 'OBJECT', 'ARRAY']),
        description: Type.Optional(Type.String()),
        isOptional: Type.Optional(Type.Boolean()),
      }),
    ),
  ),
  actionResult: Type.Optional(Type.String()),
  blockingTypes: Type.Optional(Type.Array(BlockingTypeSchema)),
  pauseAllowed: Type.Boolean(),
  cancelAllowed: Type.Boolean(),
})
export type FactsheetAction = Static<typeof FactsheetActionSchema>

export const FactsheetSchema = Type.Object({
  ...header,
  typeSpecification: Type.Object({
    seriesName: Type.String(),
    seriesDescription: Type.Optional(Type.String()),
    mobileRobotKinematics: Type.String(),
    mobileRobotClass: Type.String(),
    maximumLoadMass: Type.Number({ minimum: 0 }),
    localizationTypes: Type.Array(Type.String()),
    navigationTypes: Type.Array(Type.String()),
    supportedZones: Type.Optional(Type.Array(Type.Enum([...ZONE_TYPES]))),
  }),
  physicalParameters: Type.Object({
    minimumSpeed: Type.Number({ minimum: 0 }),
    maximumSpeed: Type.Number({ minimum: 0 }),
    maximumAcceleration: Type.Number({ minimum: 0 }),
    maximumDeceleration: Type.Number(),
    minimumHeight: Type.Number(),
    maximumHeight: Type.Number(),
    width: Type.Number(),
    length: Type.Number(),
  }),
  protocolLimits: Type.Object({
    maximumStringLengths: Type.Object({}, { additionalProperties: true }),
    maximumArrayLengths: Type.Object({}, { additionalProperties: true }),
    timing: Type.Object({
      minimumOrderInterval: Type.Number({ minimum: 0 }),
      minimumStateInterval: Type.Number({ minimum: 0 }),
      defaultStateInterval: Type.Optional(Type.Number({ minimum: 0 })),
      visualizationInterval: Type.Optional(Type.Number({ minimum: 0 })),
    }),
  }),
  protocolFeatures: Type.Object({
    optionalParameters: Type.Array(
      Type.Object({
        parameter: Type.String(),
        support: Type.Enum(['SUPPORTED', 'REQUIRED']),
        description: Type.Optional(Type.String()),
      }),
    ),
    mobileRobotActions: Type.Array(FactsheetActionSchema),
  }),
  mobileRobotGeometry: Type.Object({}, { additionalProperties: true }),
  mobileRobotConfiguration: Type.Optional(
    Type.Object({
      /** Versions of hardware and software, by keys of the manufacturer's own. */
      versions: Type.Optional(Type.Array(Type.Object({ key: Type.String(), value: Type.String() }))),
    }),
  ),
  loadSpecification: Type.Object({}, { additionalProperties: true }),
})
export type Factsheet = Static<typeof FactsheetSchema>
