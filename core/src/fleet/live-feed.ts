import Type, { type Static, type TObject } from 'typebox'
import { ScanViewSchema } from './dose-report.ts'
import { AlarmViewSchema } from './robot-care.ts'
import { ScheduleEntryViewSchema } from './schedule-views.ts'
import { MissionViewSchema, RequestViewSchema, RobotViewSchema, RoomViewSchema } from './views.ts'

/**
 * The live feed, `GET /api/live` as a WebSocket. The server sends one `snapshot` first, then `delta`s and
 * `motion`s, numbered together without a gap. A client that finds a gap sends `resync` and gets a new snapshot.
 * All are JSON text frames but `motion`, which is binary (`live-motion.ts`).
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

/** `value` replaces what was there as a whole, or removes it; `set` replaces some fields of what the client has. */
export const LiveChangeSchema = Type.Union([
  ...changesOf('rooms', RoomViewSchema),
  ...changesOf('requests', RequestViewSchema),
  ...changesOf('missions', MissionViewSchema),
  ...changesOf('robots', RobotViewSchema),
  ...changesOf('schedule', ScheduleEntryViewSchema),
  ...changesOf('alarms', AlarmViewSchema),
])
export type LiveChange = Static<typeof LiveChangeSchema>

/** To the centimetre and to 0.1 mrad. */
export const RobotMotionSchema = Type.Object({
  /** `RobotView.feedNumber`. */
  number: Type.Integer({ minimum: 0, maximum: 65_535 }),
  x: Type.Number(),
  y: Type.Number(),
  theta: Type.Number(),
})
export type RobotMotion = Static<typeof RobotMotionSchema>

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
  /** Robots of which nothing changed but where they are, and that they were heard. */
  Type.Object({
    type: Type.Literal('motion'),
    /** One more than the message before. */
    sequence: Type.Integer(),
    at: Type.String(),
    /** All of them were heard then or later: the server's time, ISO 8601. */
    heardAt: Type.String(),
    rows: Type.Array(RobotMotionSchema),
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

function changesOf<Collection extends string, View extends TObject>(collection: Collection, view: View) {
  const which = { collection: Type.Literal(collection), id: Type.String() }
  return [
    Type.Object({ ...which, value: Type.Union([view, Type.Null()]) }),
    Type.Object({ ...which, set: Type.Partial(view) }),
  ] as const
}
