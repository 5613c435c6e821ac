import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { HoldCancelReason } from './hold-to-arm.ts'
import type { ScreenView } from './screen-view.ts'

const missionName = Type.String({ maxLength: 256 })
const counter = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

/** What a page says. A stop has no sequence: one too many harms nobody, one too few might. */
export const ScreenPageMessageSchema = Type.Union([
  Type.Object({ type: Type.Literal('stop') }, { additionalProperties: false }),
  Type.Object(
    {
      type: Type.Literal('hold'),
      /** Of this connection: 1, 2, 3 … */
      sequence: counter,
      step: Type.Enum(['begin', 'continue', 'end', 'cancel']),
      /** The newest beat that the page has heard. */
      beat: counter,
    },
    { additionalProperties: false },
  ),
  // Answers name their mission: what is asked may have changed under the finger.
  Type.Object(
    { type: Type.Literal('consent'), missionId: missionName, isConsent: Type.Boolean() },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      type: Type.Literal('wiped'),
      missionId: missionName,
      by: Type.String({ maxLength: 80 }),
      items: Type.Array(Type.String({ maxLength: 40 }), { maxItems: 12 }),
    },
    { additionalProperties: false },
  ),
  Type.Object({ type: Type.Literal('endVisit'), missionId: missionName }, { additionalProperties: false }),
])
export type ScreenPageMessage = Static<typeof ScreenPageMessageSchema>

/** Why a hold did not count, beside what the rule says. */
export type HoldRefusal =
  | HoldCancelReason
  /** The checklist is not confirmed, or the button was pressed already. */
  | 'notItsTurn'
  /** The arming went on, or was locked, while the finger was down. */
  | 'armingChanged'
  /** The supervisor refused it. */
  | 'refused'

/** What the robot says to its page. */
export type ScreenRobotMessage =
  /** On connection, and on every change. */
  | { readonly type: 'view'; readonly view: ScreenView }
  /** Ten times a second. A page that has heard none for 2 s has lost the robot, and shows no view until one comes. */
  | { readonly type: 'beat'; readonly beat: number }
  | { readonly type: 'hold'; readonly outcome: 'began' | 'holding' | 'longEnough' | 'counted' }
  | { readonly type: 'hold'; readonly outcome: 'cancelled'; readonly reason: HoldRefusal }
  /** To an answer on an errand. */
  | { readonly type: 'answer'; readonly isTaken: boolean }
  /** Lamp and drive are off. */
  | { readonly type: 'stopped' }

const validator = Compile(ScreenPageMessageSchema)

/** @returns the message, or in words why it is none. */
export function readPageMessage(text: string): ScreenPageMessage | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'the message is no JSON'
  }
  if (validator.Check(value)) return value
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
  if (type === 'consent' || type === 'wiped' || type === 'endVisit') return `this is no ${type}`
  if (type !== 'stop' && type !== 'hold') return 'type must be "stop" or "hold"'
  return type === 'stop'
    ? 'a stop has no other field'
    : 'a hold has sequence and beat, whole numbers from 1, and step begin, continue, end or cancel'
}
