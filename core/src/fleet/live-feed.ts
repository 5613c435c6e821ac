import Type, { type Static } from 'typebox'
import { ScanViewSchema } from './dose-report.ts'
import { AlarmViewSchema } from './robot-care.ts'
import { ScheduleEntryViewSchema } from './schedule-views.ts'
import { MissionViewSchema, RequestViewSchema, RobotViewSchema, RoomViewSchema } from './views.ts'

/**
 * The live feed, `GET /api/live` as a WebSocket, JSON text frames. The server sends one `snapshot`
 * first, then `delta`s numbered without a gap. A client that finds a gap sends `resync` and gets a new
 * snapshot. Values replace the ones before them as a whole; `null` removes.
 */
export const LiveStateSchema = Type.Object({
  rooms: Type.Record(Type.String(), RoomViewSchema),
  requests: Type.Record(Type.String(), RequestViewSchema),
  missions: Type.Record(Type.String(), MissionViewSchema),
  robots: Type.Record(Type.String(), RobotViewSchema),
  /** Who goes where next; advice, until a person approves and arms. */
  schedule: Type.Record(Type.String(), ScheduleEntryViewSchema),
  /** Open alarms: active, or not yet seen. */
  alarms: Type.Record(Type.String(), AlarmViewSchema),
})
export type LiveState = Static<typeof LiveStateSchema>
export type LiveCollection = keyof LiveState

export const LiveChangeSchema = Type.Union([
  Type.Object({
    collection: Type.Literal('rooms'),
    id: Type.String(),
    value: Type.Union([RoomViewSchema, Type.Null()]),
  }),
  Type.Object({
    collection: Type.Literal('requests'),
    id: Type.String(),
    value: Type.Union([RequestViewSchema, Type.Null()]),
  }),
  Type.Object({
    collection: Type.Literal('missions'),
    id: Type.String(),
    value: Type.Union([MissionViewSchema, Type.Null()]),
  }),
  Type.Object({
    collection: Type.Literal('robots'),
    id: Type.String(),
    value: Type.Union([RobotViewSchema, Type.Null()]),
  }),
  Type.Object({
    collection: Type.Literal('schedule'),
    id: Type.String(),
    value: Type.Union([ScheduleEntryViewSchema, Type.Null()]),
  }),
  Type.Object({
    collection: Type.Literal('alarms'),
    id: Type.String(),
    value: Type.Union([AlarmViewSchema, Type.Null()]),
  }),
])
export type LiveChange = Static<typeof LiveChangeSchema>

export const LiveServerMessageSchema = Type.Union([
  Type.Object({
    type: Type.Literal('snapshot'),
    sequence: Type.Integer(),
    /** The server's time, ISO 8601. */
    at: Type.String(),
    state: LiveStateSchema,
  }),
  Type.Object({
    type: Type.Literal('delta'),
    /** One more than the message before. */
    sequence: Type.Integer(),
    at: Type.String(),
    changes: Type.Array(LiveChangeSchema),
  }),
  /** At least every second, so that a client notices a dead line within three. Carries the last sequence; not numbered itself. */
  Type.Object({ type: Type.Literal('heartbeat'), sequence: Type.Integer(), at: Type.String() }),
  /** Only for robots that the client watches; not numbered, newest wins. */
  Type.Object({ type: Type.Literal('scan'), robotId: Type.String(), scan: ScanViewSchema }),
])
export type LiveServerMessage = Static<typeof LiveServerMessageSchema>

export const LiveClientMessageSchema = Type.Union([
  Type.Object({ type: Type.Literal('resync') }),
  /** Replaces the set of robots whose scans are wanted. */
  Type.Object({ type: Type.Literal('watchScans'), robotIds: Type.Array(Type.String(), { maxItems: 20 }) }),
])
export type LiveClientMessage = Static<typeof LiveClientMessageSchema>
