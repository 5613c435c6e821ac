import Type, { type Static } from 'typebox'
import { ActionParameterSchema } from '../actions.ts'
import { ErrorReferenceSchema, FactsheetSchema, VelocitySchema } from '../messages.ts'

/**
 * The messages of VDA 5050 2.0 and 2.1 that Wardlight reads and sends at the edge, after the JSON schemas and
 * the text of the VDA. Where the two disagree the text counts: the published state schema lacks the status
 * PAUSED (2.1, table 2), and the one of 2.0 calls an instant action's `actionType` `actionName`.
 */
const Id = Type.String({ minLength: 1, maxLength: 256 })

const header = {
  headerId: Type.Integer({ minimum: 0 }),
  /** 2.1, 6.4: UTC, two decimals; robots in the field send none to six. */
  timestamp: Type.String({ pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$` }),
  version: Type.String(),
  manufacturer: Type.String({ minLength: 1 }),
  serialNumber: Type.String({ minLength: 1 }),
}

export const V2ActionSchema = Type.Object({
  actionType: Id,
  actionId: Id,
  actionDescription: Type.Optional(Type.String()),
  blockingType: Type.Enum(['NONE', 'SOFT', 'HARD']),
  actionParameters: Type.Optional(Type.Array(ActionParameterSchema)),
})
export type V2Action = Static<typeof V2ActionSchema>

export const V2NodePositionSchema = Type.Object({
  x: Type.Number(),
  y: Type.Number(),
  theta: Type.Optional(Type.Number({ minimum: -Math.PI, maximum: Math.PI })),
  /** Radius, metres. */
  allowedDeviationXY: Type.Optional(Type.Number({ minimum: 0 })),
  allowedDeviationTheta: Type.Optional(Type.Number({ minimum: 0, maximum: Math.PI })),
  mapId: Type.String(),
  mapDescription: Type.Optional(Type.String()),
})
export type V2NodePosition = Static<typeof V2NodePositionSchema>

export const V2OrderNodeSchema = Type.Object({
  nodeId: Id,
  sequenceId: Type.Integer({ minimum: 0 }),
  nodeDescription: Type.Optional(Type.String()),
  released: Type.Boolean(),
  nodePosition: Type.Optional(V2NodePositionSchema),
  actions: Type.Array(V2ActionSchema),
})
export type V2OrderNode = Static<typeof V2OrderNodeSchema>

export const V2OrderEdgeSchema = Type.Object({
  edgeId: Id,
  sequenceId: Type.Integer({ minimum: 0 }),
  edgeDescription: Type.Optional(Type.String()),
  released: Type.Boolean(),
  startNodeId: Type.String(),
  endNodeId: Type.String(),
  maxSpeed: Type.Optional(Type.Number({ minimum: 0 })),
  actions: Type.Array(V2ActionSchema),
})
export type V2OrderEdge = Static<typeof V2OrderEdgeSchema>

export const V2OrderSchema = Type.Object({
  ...header,
  orderId: Id,
  orderUpdateId: Type.Integer({ minimum: 0 }),
  zoneSetId: Type.Optional(Type.String()),
  nodes: Type.Array(V2OrderNodeSchema, { minItems: 1 }),
  edges: Type.Array(V2OrderEdgeSchema),
})
export type V2Order = Static<typeof V2OrderSchema>

export const V2InstantActionsSchema = Type.Object({ ...header, actions: Type.Array(V2ActionSchema) })
export type V2InstantActions = Static<typeof V2InstantActionsSchema>

export const V2ActionStateSchema = Type.Object({
  actionId: Id,
  actionType: Type.Optional(Type.String()),
  actionDescription: Type.Optional(Type.String()),
  actionStatus: Type.Enum(['WAITING', 'INITIALIZING', 'RUNNING', 'PAUSED', 'FINISHED', 'FAILED']),
  resultDescription: Type.Optional(Type.String()),
})
export type V2ActionState = Static<typeof V2ActionStateSchema>

export const V2AgvPositionSchema = Type.Object({
  x: Type.Number(),
  y: Type.Number(),
  theta: Type.Number(),
  mapId: Type.String(),
  positionInitialized: Type.Boolean(),
  localizationScore: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  deviationRange: Type.Optional(Type.Number({ minimum: 0 })),
})
export type V2AgvPosition = Static<typeof V2AgvPositionSchema>

const sequenced = { sequenceId: Type.Integer({ minimum: 0 }), released: Type.Boolean() }

export const V2StateSchema = Type.Object({
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
  orderId: Type.String(),
  orderUpdateId: Type.Integer({ minimum: 0 }),
  lastNodeId: Type.String(),
  lastNodeSequenceId: Type.Integer({ minimum: 0 }),
  nodeStates: Type.Array(
    Type.Object({
      nodeId: Id,
      ...sequenced,
      nodeDescription: Type.Optional(Type.String()),
      nodePosition: Type.Optional(V2NodePositionSchema),
    }),
  ),
  edgeStates: Type.Array(
    Type.Object({ edgeId: Id, ...sequenced, edgeDescription: Type.Optional(Type.String()) }),
  ),
  agvPosition: Type.Optional(V2AgvPositionSchema),
  velocity: Type.Optional(VelocitySchema),
  driving: Type.Boolean(),
  paused: Type.Optional(Type.Boolean()),
  newBaseRequest: Type.Optional(Type.Boolean()),
  distanceSinceLastNode: Type.Optional(Type.Number()),
  actionStates: Type.Array(V2ActionStateSchema),
  batteryState: Type.Object({
    /** Percent. */
    batteryCharge: Type.Number({ minimum: 0, maximum: 100 }),
    batteryVoltage: Type.Optional(Type.Number()),
    batteryHealth: Type.Optional(Type.Number()),
    charging: Type.Boolean(),
    /** Metres. */
    reach: Type.Optional(Type.Number({ minimum: 0 })),
  }),
  operatingMode: Type.Enum(['AUTOMATIC', 'SEMIAUTOMATIC', 'MANUAL', 'SERVICE', 'TEACHIN']),
  errors: Type.Array(
    Type.Object({
      errorType: Type.String(),
      errorReferences: Type.Optional(Type.Array(ErrorReferenceSchema)),
      errorDescription: Type.Optional(Type.String()),
      errorHint: Type.Optional(Type.String()),
      errorLevel: Type.Enum(['WARNING', 'FATAL']),
    }),
  ),
  information: Type.Optional(
    Type.Array(
      Type.Object({
        infoType: Type.String(),
        infoReferences: Type.Optional(Type.Array(ErrorReferenceSchema)),
        infoDescription: Type.Optional(Type.String()),
        infoLevel: Type.Enum(['INFO', 'DEBUG']),
      }),
    ),
  ),
  safetyState: Type.Object({
    eStop: Type.Enum(['AUTOACK', 'MANUAL', 'REMOTE', 'NONE']),
    fieldViolation: Type.Boolean(),
  }),
})
export type V2State = Static<typeof V2StateSchema>

export const V2ConnectionSchema = Type.Object({
  ...header,
  connectionState: Type.Enum(['ONLINE', 'OFFLINE', 'CONNECTIONBROKEN']),
})
export type V2Connection = Static<typeof V2ConnectionSchema>

export const V2VisualizationSchema = Type.Object({
  ...header,
  agvPosition: Type.Optional(V2AgvPositionSchema),
  velocity: Type.Optional(VelocitySchema),
})
export type V2Visualization = Static<typeof V2VisualizationSchema>

export const V2FactsheetActionSchema = Type.Object({
  actionType: Type.String(),
  actionDescription: Type.Optional(Type.String()),
  actionScopes: Type.Array(Type.Enum(['INSTANT', 'NODE', 'EDGE'])),
  actionParameters: Type.Optional(
    Type.Array(
      Type.Object({
        key: Type.String(),
        valueDataType: Type.Enum(['BOOL', 'NUMBER', 'INTEGER', 'FLOAT', 'STRING', 'OBJECT', 'ARRAY']),
        description: Type.Optional(Type.String()),
        isOptional: Type.Optional(Type.Boolean()),
      }),
    ),
  ),
  resultDescription: Type.Optional(Type.String()),
  blockingTypes: Type.Optional(Type.Array(Type.Enum(['NONE', 'SOFT', 'HARD']))),
})
export type V2FactsheetAction = Static<typeof V2FactsheetActionSchema>

export const V2FactsheetSchema = Type.Object({
  ...header,
  typeSpecification: Type.Object({
    seriesName: Type.String(),
    seriesDescription: Type.Optional(Type.String()),
    agvKinematic: Type.String(),
    agvClass: Type.String(),
    maxLoadMass: Type.Number({ minimum: 0 }),
    localizationTypes: Type.Array(Type.String()),
    navigationTypes: Type.Array(Type.String()),
  }),
  physicalParameters: Type.Object({
    speedMin: Type.Number({ minimum: 0 }),
    speedMax: Type.Number({ minimum: 0 }),
    accelerationMax: Type.Number({ minimum: 0 }),
    decelerationMax: Type.Number(),
    heightMin: Type.Optional(Type.Number()),
    heightMax: Type.Number(),
    width: Type.Number(),
    length: Type.Number(),
  }),
  protocolLimits: Type.Object({
    maxStringLens: Type.Object({}, { additionalProperties: true }),
    maxArrayLens: Type.Object({}, { additionalProperties: true }),
    timing: Type.Object({
      minOrderInterval: Type.Number({ minimum: 0 }),
      minStateInterval: Type.Number({ minimum: 0 }),
      defaultStateInterval: Type.Optional(Type.Number({ minimum: 0 })),
      visualizationInterval: Type.Optional(Type.Number({ minimum: 0 })),
    }),
  }),
  protocolFeatures: Type.Object({
    optionalParameters: FactsheetSchema.properties.protocolFeatures.properties.optionalParameters,
    agvActions: Type.Array(V2FactsheetActionSchema),
  }),
  agvGeometry: Type.Object({}, { additionalProperties: true }),
  loadSpecification: Type.Object({}, { additionalProperties: true }),
})
export type V2Factsheet = Static<typeof V2FactsheetSchema>
