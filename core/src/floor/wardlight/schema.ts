import Type, { type Static } from 'typebox'
import { ANNOUNCEMENT_LIMITS } from '../../fleet/robot-actions.ts'

/**
 * Wardlight's own plan format, version 1, made to be written by hand. Metres, degrees counter-clockwise
 * from +x; x east, y north. Walls are lines: neighbouring rooms share the line between them, every
 * room's outline is a wall, and doors are cut into those.
 */
export const WARDLIGHT_PLAN_VERSION = 1

/** It becomes part of addresses. */
const Id = Type.String({ pattern: '^[A-Za-z0-9_.-]+$' })
const Text = Type.String({ minLength: 1 })
const PointSchema = Type.Tuple([Type.Number(), Type.Number()])
/** West edge, south edge, width along x, depth along y. */
const RectSchema = Type.Tuple([Type.Number(), Type.Number(), Type.Number(), Type.Number()])
const Positive = Type.Number({ exclusiveMinimum: 0 })
const closed = { additionalProperties: false }

const ROOM_KINDS = [
  'patientRoom',
  'isolationRoom',
  'anteroom',
  'bathroom',
  'operatingTheatre',
  'corridor',
  'staffStation',
  'store',
  'utility',
  'lobby',
  'other',
] as const

const FURNITURE_KINDS = [
  'bed',
  'bedsideTable',
  'overbedTable',
  'table',
  'chair',
  'cabinet',
  'sink',
  'toilet',
  'curtain',
  'equipment',
  'other',
] as const

const DOOR_KINDS = ['hinged', 'doubleHinged', 'sliding', 'doubleSliding', 'opening'] as const
const SIDES = ['north', 'east', 'south', 'west'] as const

export const PlanFurnitureSchema = Type.Object(
  {
    kind: Type.Enum(FURNITURE_KINDS),
    /** Unique in its room; by default the kind, numbered. */
    id: Type.Optional(Id),
    name: Type.Optional(Text),
    /** Its centre, from the south-west corner of the room's bounding box. */
    at: PointSchema,
    /** Where its length points; 0 is east. */
    turnDeg: Type.Optional(Type.Number()),
    /** Length and width; by default the usual ones of its kind. */
    sizeM: Type.Optional(Type.Tuple([Positive, Positive])),
    /** Lower and upper edge above the floor; by default the usual ones of its kind. */
    heightM: Type.Optional(Type.Tuple([Type.Number({ minimum: 0 }), Positive])),
  },
  closed,
)
export type PlanFurniture = Static<typeof PlanFurnitureSchema>

/** What hands touch often beside what follows from the furniture: a light switch, a dispenser, a call button. */
export const PlanTouchPointSchema = Type.Object(
  {
    /** Unique in its room; by default `touch`, numbered. */
    id: Type.Optional(Id),
    name: Text,
    /** Its middle, from the south-west corner of the room's bounding box, and above the floor. */
    at: Type.Tuple([Type.Number(), Type.Number(), Type.Number({ minimum: 0 })]),
    /** Where its touched side looks, or `up`. */
    facingDeg: Type.Union([Type.Number(), Type.Literal('up')]),
    /** Width and height; by default 0.12 × 0.12 m. */
    sizeM: Type.Optional(Type.Tuple([Positive, Positive])),
  },
  closed,
)
export type PlanTouchPoint = Static<typeof PlanTouchPointSchema>

export const PlanRoomSchema = Type.Object(
  {
    id: Id,
    name: Type.Optional(Text),
    aliases: Type.Optional(Type.Array(Text)),
    kind: Type.Enum(ROOM_KINDS),
    ward: Type.Optional(Text),
    /** Either `rect` or `polygon`. */
    rect: Type.Optional(RectSchema),
    polygon: Type.Optional(Type.Array(PointSchema, { minItems: 3 })),
    heightM: Type.Optional(Positive),
    airChangesPerHour: Type.Optional(Type.Number({ minimum: 0 })),
    /** A named layout of furniture, if wished mirrored left to right (`x`), top to bottom (`y`) or both. */
    layout: Type.Optional(Text),
    mirror: Type.Optional(Type.Enum(['x', 'y', 'xy'])),
    furniture: Type.Optional(Type.Array(PlanFurnitureSchema)),
    highTouch: Type.Optional(Type.Array(PlanTouchPointSchema)),
  },
  closed,
)
export type PlanRoom = Static<typeof PlanRoomSchema>

export const PlanDoorSchema = Type.Object(
  {
    id: Id,
    name: Type.Optional(Text),
    kind: Type.Optional(Type.Enum(DOOR_KINDS)),
    automatic: Type.Optional(Type.Boolean()),
    /** Either `room` with `side`, `offsetM` from that side's west or south end, and `widthM` … */
    room: Type.Optional(Id),
    side: Type.Optional(Type.Enum(SIDES)),
    offsetM: Type.Optional(Type.Number({ minimum: 0 })),
    widthM: Type.Optional(Positive),
    /** … or both ends. */
    from: Type.Optional(PointSchema),
    to: Type.Optional(PointSchema),
  },
  closed,
)
export type PlanDoor = Static<typeof PlanDoorSchema>

export const PlanLevelSchema = Type.Object(
  {
    id: Id,
    name: Type.Optional(Text),
    elevationM: Type.Optional(Type.Number()),
    rooms: Type.Array(PlanRoomSchema, { minItems: 1 }),
    doors: Type.Optional(Type.Array(PlanDoorSchema)),
    /** Walls beside the rooms' outlines; on an outline they say what it is made of. */
    walls: Type.Optional(
      Type.Array(
        Type.Object(
          { from: PointSchema, to: PointSchema, material: Type.Optional(Type.Enum(['solid', 'glass'])) },
          closed,
        ),
      ),
    ),
    zones: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: Id,
            name: Type.Optional(Text),
            /** In a `decontamination` zone robots are wiped down; into a `release` zone the fleet lets one at a time; in an `announce` zone they show its `text`. */
            kind: Type.Enum([
              'clean',
              'dirty',
              'isolation',
              'decontamination',
              'keepOut',
              'speedLimit',
              'release',
              'announce',
            ]),
            /** Of an `isolation` zone: ids of organisms; left out: nobody has named any. */
            organisms: Type.Optional(Type.Array(Text, { minItems: 1 })),
            rect: Type.Optional(RectSchema),
            polygon: Type.Optional(Type.Array(PointSchema, { minItems: 3 })),
            speedLimitMps: Type.Optional(Positive),
            /** Of an `announce` zone. */
            text: Type.Optional(Type.String({ minLength: 1, maxLength: ANNOUNCEMENT_LIMITS.longestText })),
          },
          closed,
        ),
      ),
    ),
    docks: Type.Optional(
      Type.Array(
        Type.Object(
          { id: Id, name: Type.Optional(Text), at: PointSchema, facingDeg: Type.Optional(Type.Number()) },
          closed,
        ),
      ),
    ),
    /** Left out, it is made from the doors: along the corridors and through every door. */
    navigation: Type.Optional(
      Type.Object(
        {
          nodes: Type.Array(Type.Object({ id: Id, name: Type.Optional(Text), at: PointSchema }, closed)),
          edges: Type.Array(
            Type.Object(
              {
                from: Id,
                to: Id,
                oneWay: Type.Optional(Type.Boolean()),
                speedLimitMps: Type.Optional(Positive),
              },
              closed,
            ),
          ),
        },
        closed,
      ),
    ),
  },
  closed,
)
export type PlanLevel = Static<typeof PlanLevelSchema>

export const PlanLiftSchema = Type.Object(
  {
    id: Id,
    name: Type.Optional(Text),
    rect: RectSchema,
    /** One for each level that it serves, or more. */
    doors: Type.Array(
      Type.Object(
        { level: Id, side: Type.Enum(SIDES), offsetM: Type.Number({ minimum: 0 }), widthM: Positive },
        closed,
      ),
      { minItems: 1 },
    ),
  },
  closed,
)
export type PlanLift = Static<typeof PlanLiftSchema>

export const WardlightPlanSchema = Type.Object(
  {
    wardlightPlan: Type.Integer(),
    id: Id,
    name: Text,
    /** What holds for every room that does not say otherwise. */
    defaults: Type.Optional(Type.Object({ heightM: Type.Optional(Positive) }, closed)),
    layouts: Type.Optional(Type.Record(Type.String(), Type.Array(PlanFurnitureSchema))),
    levels: Type.Array(PlanLevelSchema, { minItems: 1 }),
    lifts: Type.Optional(Type.Array(PlanLiftSchema)),
  },
  closed,
)
export type WardlightPlan = Static<typeof WardlightPlanSchema>
