import {
  MissionStatusSchema,
  PeroxideStatusSchema,
  ROBOT_ACTION_TYPES,
  ScanViewSchema,
} from '@wardlight/core/fleet'
import {
  fromWire,
  isInstantOnly,
  parseRobotTopic,
  WIRE_SCHEMAS,
  wireVersionOf,
  type ActionState,
  type RobotAddress,
  type RobotTopic,
  type WireMessages,
  type WireVersion,
} from '@wardlight/core/vda5050'
import type { Static } from 'typebox'
import { Compile } from 'typebox/compile'

const SPOKEN = ['connection', 'factsheet', 'state', 'visualization'] as const
const OWN_SCHEMAS = {
  mission: MissionStatusSchema,
  peroxide: PeroxideStatusSchema,
  scan: ScanViewSchema,
} as const
type SpokenTopic = (typeof SPOKEN)[number]
type OwnTopic = keyof typeof OWN_SCHEMAS

const VALIDATORS: ReadonlyMap<string, ReturnType<typeof Compile>> = new Map(
  [
    ...([2, 3] as const).flatMap((major) =>
      SPOKEN.map((topic) => [`${major}/${topic}`, WIRE_SCHEMAS[major][topic]] as const),
    ),
    ...Object.entries(OWN_SCHEMAS).map(([topic, schema]) => [`null/${topic}`, schema] as const),
  ].map(([key, schema]) => [key, Compile(schema)]),
)

/** What this server sends as instant actions only, beside those that are nothing else; 2.x lists them among those of the order. */
const OWN_INSTANT_ACTIONS: ReadonlySet<string | undefined> = new Set([
  ROBOT_ACTION_TYPES.confirmChecklist,
  ROBOT_ACTION_TYPES.startTreatment,
  ROBOT_ACTION_TYPES.emergencyStop,
  ROBOT_ACTION_TYPES.enableMap,
])

/** A message of a robot that follows its schema, in the words of 3.0. */
export type RobotMessage =
  | {
      [Topic in SpokenTopic]: {
        readonly kind: Topic
        readonly address: RobotAddress
        /** In which the robot said it. */
        readonly version: WireVersion
        readonly body: WireMessages[Topic]
      }
    }[SpokenTopic]
  | {
      [Topic in OwnTopic]: {
        readonly kind: Topic
        readonly address: RobotAddress
        readonly version: null
        readonly body: Static<(typeof OWN_SCHEMAS)[Topic]>
      }
    }[OwnTopic]

export interface MessageProblem {
  readonly problem: string
  /** Where the schema was broken first, as a JSON pointer; empty where there was no object at all. */
  readonly path: string
}

interface ReadableTopic {
  readonly parsed: RobotTopic
  readonly validator: ReturnType<typeof Compile>
}

/** Robots say much on few topics: taking one apart costs more than checking its message. */
const KNOWN_TOPICS = new Map<string, ReadableTopic>()
/** Some thousand robots have so many; beyond it somebody makes names up. */
const MOST_KNOWN_TOPICS = 20_000

function readTopic(topic: string): ReadableTopic | null {
  const known = KNOWN_TOPICS.get(topic)
  if (known !== undefined) return known
  const parsed = parseRobotTopic(topic)
  const validator = parsed === null ? undefined : VALIDATORS.get(`${parsed.major}/${parsed.topic}`)
  if (parsed === null || validator === undefined) return null
  if (KNOWN_TOPICS.size >= MOST_KNOWN_TOPICS) KNOWN_TOPICS.clear()
  const readable = { parsed, validator }
  KNOWN_TOPICS.set(topic, readable)
  return readable
}

/** Reads a robot's message; where it is not one, says what is wrong with it. */
export function readRobotMessage(topic: string, payload: Buffer): RobotMessage | MessageProblem {
  const readable = readTopic(topic)
  if (readable === null) return { problem: 'unknown topic', path: '' }
  const { parsed, validator } = readable
  let body: unknown
  try {
    body = JSON.parse(payload.toString('utf8'))
  } catch {
    return { problem: 'not JSON', path: '' }
  }
  if (!validator.Check(body)) {
    const [error] = validator.Errors(body)
    const path = error?.instancePath ?? ''
    return { problem: `${path} ${error?.message ?? 'does not follow the schema'}`.trim(), path }
  }
  const { address, major } = parsed
  if (major === null) return { kind: parsed.topic, address, version: null, body } as RobotMessage
  const { manufacturer, serialNumber, version } = body as WireMessages['connection']
  if (manufacturer !== address.manufacturer || serialNumber !== address.serialNumber) {
    return { problem: `header names ${manufacturer}/${serialNumber}`, path: '/manufacturer' }
  }
  return {
    kind: parsed.topic,
    address,
    version: wireVersionOf(major, version),
    body: fromWire(major, parsed.topic as SpokenTopic, body, isInstant),
  } as RobotMessage
}

function isInstant(action: ActionState): boolean {
  return isInstantOnly(action) || OWN_INSTANT_ACTIONS.has(action.actionType)
}
