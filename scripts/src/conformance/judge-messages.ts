import {
  majorOf,
  WIRE_SCHEMAS,
  type RobotAddress,
  type WireTopic,
  type WireVersion,
} from '@wardlight/core/vda5050'
import { Value } from 'typebox/value'
import type { Heard } from './heard.ts'

/** The longest that may pass between two states, seconds (3.0, 6.6; 2.1, 6.10), and a little for the way. */
const STATE_INTERVAL_S = 30
const ON_THE_WAY_S = 2
/** What counts as a right clock: a state may be that old by the rule above. */
const CLOCK_TOLERANCE_MS = 30_000

interface AnyHeader {
  readonly headerId?: unknown
  readonly timestamp?: unknown
  readonly version?: unknown
  readonly manufacturer?: unknown
  readonly serialNumber?: unknown
}

/** What is wrong with the messages, each named once; empty when nothing is. Pure. */
export type Judgement = readonly string[]

export function schemaProblems(
  messages: readonly Heard[],
  version: WireVersion,
  isJudged: (topic: WireTopic) => boolean,
): Judgement {
  return distinct(
    messages
      .filter(({ topic }) => isJudged(topic))
      .flatMap(({ topic, body }) => {
        if (body === undefined) return [`${topic} is no JSON`]
        return [...Value.Errors(WIRE_SCHEMAS[majorOf(version)][topic], body)].map(
          ({ instancePath, message }) => `${topic} ${instancePath.replaceAll(/\/\d+/g, '/*')} ${message}`,
        )
      }),
  )
}

export function batteryProblems(messages: readonly Heard[], version: WireVersion): Judgement {
  const [object, charge] =
    version === '3.0'
      ? (['powerSupply', 'stateOfCharge'] as const)
      : (['batteryState', 'batteryCharge'] as const)
  return distinct(
    of(messages, 'state').flatMap(({ body }) => {
      const battery = (body as Readonly<Record<string, unknown>> | undefined)?.[object]
      if (typeof battery !== 'object' || battery === null) return [`${object} is ${String(battery)}`]
      const fields = battery as Readonly<Record<string, unknown>>
      return [
        ...Object.entries(fields).flatMap(([key, value]) =>
          value === null ? [`${object}.${key} is null`] : [],
        ),
        ...(typeof fields[charge] === 'number' ? [] : [`${object}.${charge} is no number`]),
      ]
    }),
  )
}

export function headerProblems(
  messages: readonly Heard[],
  version: WireVersion,
  { manufacturer, serialNumber }: RobotAddress,
): Judgement {
  return distinct(
    messages.flatMap(({ topic, body }) => {
      const header = (body ?? {}) as AnyHeader
      return [
        ...(header.manufacturer === manufacturer && header.serialNumber === serialNumber
          ? []
          : [`${topic} names ${String(header.manufacturer)}/${String(header.serialNumber)}`]),
        ...(typeof header.version === 'string' && header.version.startsWith(`${version}.`)
          ? []
          : [`${topic} says version ${String(header.version)}, not ${version}.x`]),
      ]
    }),
  )
}

/** @param isNewSession whether the sender may have begun anew with this message */
export function countingProblems(
  messages: readonly Heard[],
  topic: WireTopic,
  isNewSession: (message: Heard) => boolean = () => false,
): Judgement {
  const problems: string[] = []
  let before: number | null = null
  for (const message of of(messages, topic)) {
    const { headerId } = (message.body ?? {}) as AnyHeader
    if (typeof headerId !== 'number') continue
    if (before !== null && headerId !== before + 1 && !isNewSession(message)) {
      problems.push(`${topic} ${headerId} comes after ${before}`)
    }
    before = headerId
  }
  return problems.slice(0, 5)
}

export function timestampProblems(messages: readonly Heard[]): Judgement {
  const problems: string[] = []
  const newest = new Map<WireTopic, string>()
  for (const { topic, body, retain } of messages) {
    const { timestamp } = (body ?? {}) as AnyHeader
    if (typeof timestamp !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(timestamp)) {
      problems.push(`${topic} has the timestamp ${String(timestamp)}`)
      continue
    }
    // A last will and what a broker retained are older than they come (3.0, 6.5).
    if (retain || topic === 'connection') continue
    const before = newest.get(topic)
    if (before !== undefined && Date.parse(timestamp) < Date.parse(before)) {
      problems.push(`${topic} goes back from ${before} to ${timestamp}`)
    }
    newest.set(topic, timestamp)
  }
  return distinct(problems).slice(0, 5)
}

export function clockProblems({ body, atMs }: Heard): Judgement {
  const { timestamp } = (body ?? {}) as AnyHeader
  const errorMs = Date.parse(String(timestamp)) - atMs
  return Math.abs(errorMs) <= CLOCK_TOLERANCE_MS
    ? []
    : [`${String(timestamp)} is ${(errorMs / 1000).toFixed(1)} s away from the clock of this machine`]
}

/** @param untilMs when the listening ended */
export function intervalProblems(messages: readonly Heard[], untilMs: number): Judgement {
  const times = [...of(messages, 'state').map(({ atMs }) => atMs), untilMs]
  const gaps = times.slice(1).map((atMs, index) => (atMs - times[index]!) / 1000)
  const longestS = Math.max(0, ...gaps)
  return longestS <= STATE_INTERVAL_S + ON_THE_WAY_S ? [] : [`no state for ${longestS.toFixed(1)} s`]
}

export function of(messages: readonly Heard[], topic: WireTopic): Heard[] {
  return messages.filter((message) => message.topic === topic)
}

function distinct(problems: readonly string[]): string[] {
  return [...new Set(problems)]
}
