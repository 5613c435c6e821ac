import { HeaderSchema, ResponsesSchema, ZONE_TYPES } from '@wardlight/core/vda5050'
import Type from 'typebox'
import { Value } from 'typebox/value'
import type { Judgement } from './judge-messages.ts'

/** What a fleet says of zones, and what the robot had asked for until then. */
export interface ZoneWord {
  readonly topic: 'zoneSet' | 'responses'
  /** `undefined`: no JSON. */
  readonly body: unknown
  readonly atMs: number
  readonly requestIds: ReadonlySet<string>
}

/** Zones of every kind (3.0, 7.6), not only of those that our robot keeps to. */
export const AnyZoneSetSchema = Type.Object({
  ...HeaderSchema.properties,
  zoneSet: Type.Object({
    mapId: Type.String(),
    zoneSetId: Type.String(),
    zones: Type.Array(
      Type.Object({
        zoneId: Type.String(),
        zoneType: Type.Enum([...ZONE_TYPES]),
        vertices: Type.Array(Type.Object({ x: Type.Number(), y: Type.Number() }), { minItems: 3 }),
      }),
    ),
  }),
})

const SCHEMAS = { zoneSet: AnyZoneSetSchema, responses: ResponsesSchema }
/** What a kind of zone needs beside (3.0, 6.4.1). */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  RELEASE: ['releaseLossBehavior'],
  SPEED_LIMIT: ['maximumSpeed'],
  ACTION: ['entryActions', 'duringActions', 'exitActions'],
  PRIORITY: ['priorityFactor'],
  PENALTY: ['penaltyFactor'],
  DIRECTED: ['direction', 'directedLimitation'],
  BIDIRECTED: ['direction', 'bidirectedLimitation'],
}

export function zoneSetsOf(words: readonly ZoneWord[]) {
  return words.flatMap(({ body }) => (Value.Check(AnyZoneSetSchema, body) ? [body.zoneSet] : []))
}

export function zoneSetProblems(words: readonly ZoneWord[]): Judgement {
  const contents = new Map<string, string>()
  const problems = zoneSetsOf(words).flatMap(({ zoneSetId, mapId, zones }) => {
    const content = JSON.stringify([mapId, zones])
    const before = contents.get(zoneSetId)
    contents.set(zoneSetId, before ?? content)
    const lacks = zones.flatMap((zone) =>
      (NEEDED[zone.zoneType] ?? [])
        .filter((field) => !(field in zone))
        .map((field) => `zone ${zone.zoneId} is ${zone.zoneType} and has no ${field}`),
    )
    const ids = zones.map(({ zoneId }) => zoneId)
    const isTwice = new Set(ids).size < ids.length
    return [
      ...lacks,
      ...(isTwice ? [`a zoneId comes twice in ${zoneSetId}`] : []),
      ...(before === undefined || before === content ? [] : [`${zoneSetId} comes with another content`]),
    ]
  })
  return [...schemaProblemsOf(words, 'zoneSet'), ...problems]
}

export function responseProblems(words: readonly ZoneWord[]): Judgement {
  const strangers = words.flatMap(({ body, requestIds }) =>
    responsesOf(body).flatMap(({ requestId }) =>
      requestIds.has(requestId) ? [] : [`a response names ${requestId}, which was not asked`],
    ),
  )
  return [...schemaProblemsOf(words, 'responses'), ...strangers]
}

export function leaseProblems(words: readonly ZoneWord[]): Judgement {
  return words.flatMap(({ body, atMs }) =>
    responsesOf(body).flatMap(({ requestId, grantType, leaseExpiry }) => {
      if (leaseExpiry === undefined) return []
      if (grantType !== 'GRANTED') return [`${requestId} is ${grantType} and has a lease`]
      // NaN, too, is not ahead.
      return Date.parse(leaseExpiry) > atMs ? [] : [`the lease of ${requestId} ends at ${leaseExpiry}`]
    }),
  )
}

function responsesOf(body: unknown) {
  return Value.Check(ResponsesSchema, body) ? body.responses : []
}

function schemaProblemsOf(words: readonly ZoneWord[], topic: ZoneWord['topic']): Judgement {
  return words
    .filter((word) => word.topic === topic)
    .flatMap(({ body }) =>
      [...Value.Errors(SCHEMAS[topic], body)].map(
        ({ instancePath, message }) => `${topic} ${instancePath} ${message}`,
      ),
    )
}
