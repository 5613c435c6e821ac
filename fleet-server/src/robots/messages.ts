import { MissionStatusSchema, PeroxideStatusSchema, ScanViewSchema } from '@wardlight/core/fleet'
import {
  ConnectionSchema,
  FactsheetSchema,
  parseRobotTopic,
  StateSchema,
  VisualizationSchema,
  type RobotAddress,
} from '@wardlight/core/vda5050'
import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

const SCHEMAS = {
  connection: ConnectionSchema,
  factsheet: FactsheetSchema,
  state: StateSchema,
  visualization: VisualizationSchema,
  mission: MissionStatusSchema,
  peroxide: PeroxideStatusSchema,
  scan: ScanViewSchema,
} as const

type Kind = keyof typeof SCHEMAS

const VALIDATORS = Object.fromEntries(
  Object.entries(SCHEMAS).map(([kind, schema]) => [kind, Compile(schema as TSchema)]),
)

/** A message of a robot that follows its schema. */
export type RobotMessage = {
  [K in Kind]: {
    readonly kind: K
    readonly address: RobotAddress
    readonly body: Static<(typeof SCHEMAS)[K]>
  }
}[Kind]

/** Reads a robot's message; where it is not one, says what is wrong with it. */
export function readRobotMessage(
  topic: string,
  payload: Uint8Array,
): RobotMessage | { readonly problem: string } {
  const parsed = parseRobotTopic(topic)
  if (parsed === null || !(parsed.topic in SCHEMAS)) return { problem: 'unknown topic' }
  let body: unknown
  try {
    body = JSON.parse(Buffer.from(payload).toString('utf8'))
  } catch {
    return { problem: 'not JSON' }
  }
  const validator = VALIDATORS[parsed.topic]!
  if (!validator.Check(body)) {
    const [error] = validator.Errors(body)
    return {
      problem: `${error?.instancePath ?? ''} ${error?.message ?? 'does not follow the schema'}`.trim(),
    }
  }
  const { manufacturer, serialNumber } = body as Partial<RobotAddress>
  // Wardlight's own topics carry no header; a VDA 5050 header must name the robot whose topic it is.
  if (
    manufacturer !== undefined &&
    (manufacturer !== parsed.address.manufacturer || serialNumber !== parsed.address.serialNumber)
  ) {
    return { problem: `header names ${manufacturer}/${serialNumber}` }
  }
  return { kind: parsed.topic as Kind, address: parsed.address, body } as RobotMessage
}
