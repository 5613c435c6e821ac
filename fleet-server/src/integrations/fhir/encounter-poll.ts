import type { Clock } from '@wardlight/core/clock'
import { eq } from 'drizzle-orm'
import type { FastifyBaseLogger } from 'fastify'
import { pause } from '../../cluster/pause.ts'
import type { Alarms } from '../../services/alarms.ts'
import type { Database } from '../../store/database.ts'
import { fhirPolls } from '../../store/schema.ts'
import { whyNoAnswer } from '../../why-no-answer.ts'
import {
  isEncounter,
  isEncounterPage,
  isLocation,
  type Encounter,
  type EncounterPage,
  type Location,
} from './encounter.ts'
import { messageOfEncounter, type PlaceChain } from './encounter-message.ts'

/** Where encounters are asked for. */
export interface EncounterSource {
  /** Base of the FHIR server, without a slash at its end. */
  readonly url: string
  /** Of `Authorization: Bearer`; `null`: it asks for none. */
  readonly token: string | null
  readonly everyMs: number
}

/** Proposed: a patient who has left is known within a quarter of a minute. */
export const POLL_EVERY_MS = 15_000
/** Proposed: a server that does not answer within this does not answer, milliseconds. */
const ANSWER_MS = 30_000
/** Proposed: what was changed at the same moment may be found a little later, milliseconds. */
const OVERLAP_MS = 10_000
/** Patients of whom nobody hears for so long want a person, milliseconds (proposed, as for beds that nobody takes). */
const ALARM_AFTER_MS = 300_000
/** Proposed: places are renamed and moved between wards rarely, milliseconds. */
const PLACES_KNOWN_MS = 600_000
const PAGE_SIZE = 100
/** A page of 100 encounters is far below, bytes. */
const MOST_BYTES = 20_000_000
/** A bed is part of a room, of a ward, of a building, of a site. */
const DEEPEST = 6
const SOURCE = 'fhir/encounters'
const PRESENT = 'arrived,triaged,in-progress,onleave'

/**
 * Asks a FHIR server again and again which encounters were changed (R4, search by `_lastUpdated`), and has each taken as
 * the message that it would have been. How far it has come is stored after what it says is.
 */
export class EncounterPoll {
  readonly #source: EncounterSource
  readonly #database: Database
  readonly #receive: (message: Buffer, peer: string) => Promise<Buffer>
  readonly #alarms: Alarms
  readonly #wallClock: Clock
  readonly #log: FastifyBaseLogger
  readonly #stopping = new AbortController()
  readonly #host: string
  /** When each version that was taken was written, by its name; of the last moments alone. */
  readonly #taken = new Map<string, number>()
  #places = new Map<string, Location | null>()
  #placesSinceMs = -Infinity
  #running: Promise<void> = Promise.resolve()

  constructor(
    source: EncounterSource,
    parts: {
      database: Database
      /** @returns the acknowledgement */
      receive: (message: Buffer, peer: string) => Promise<Buffer>
      alarms: Alarms
      wallClock: Clock
      log: FastifyBaseLogger
    },
  ) {
    this.#source = source
    this.#host = new URL(source.url).host
    this.#database = parts.database
    this.#receive = parts.receive
    this.#alarms = parts.alarms
    this.#wallClock = parts.wallClock
    this.#log = parts.log
  }

  start(): void {
    this.#running = this.#poll(this.#stopping.signal)
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #poll(signal: AbortSignal): Promise<void> {
    let failingSinceMs: number | null = null
    while (!signal.aborted) {
      try {
        await this.#round(signal)
        failingSinceMs = null
        this.#alarms.heard(SOURCE, [])
      } catch (error) {
        if (signal.aborted) break
        const words = whyNoAnswer(error)
        this.#log.warn({ host: this.#host, problem: words }, 'Encounters could not be asked for')
        failingSinceMs ??= this.#wallClock.monotonicMs()
        if (this.#wallClock.monotonicMs() - failingSinceMs >= ALARM_AFTER_MS) this.#warn(words)
      }
      await pause(this.#wallClock, this.#source.everyMs, signal)
    }
  }

  async #round(signal: AbortSignal): Promise<void> {
    if (this.#wallClock.monotonicMs() - this.#placesSinceMs > PLACES_KNOWN_MS) {
      this.#places = new Map()
      this.#placesSinceMs = this.#wallClock.monotonicMs()
    }
    const since = await this.#cursor()
    const query = new URLSearchParams({ _sort: '_lastUpdated', _count: `${PAGE_SIZE}` })
    // The first time, who is there; afterwards, what has changed.
    if (since === null) query.set('status', PRESENT)
    else query.set('_lastUpdated', `ge${new Date(since.getTime() - OVERLAP_MS).toISOString()}`)
    let newestMs = since?.getTime() ?? null
    for (
      let url: string | null = `${this.#source.url}/Encounter?${query.toString()}`;
      url !== null && !signal.aborted;
    ) {
      const page = await this.#page(url, signal)
      for (const entry of page.entry ?? []) {
        const atMs = await this.#take(entry.resource, signal)
        if (atMs !== null) newestMs = Math.max(newestMs ?? atMs, atMs)
      }
      if (newestMs !== null && newestMs !== since?.getTime()) await this.#keepCursor(new Date(newestMs))
      url = this.#next(page)
    }
    const before = (newestMs ?? 0) - 2 * OVERLAP_MS
    for (const [version, atMs] of this.#taken) if (atMs < before) this.#taken.delete(version)
  }

  /** @returns when it was written; `null` for what is no encounter */
  async #take(resource: unknown, signal: AbortSignal): Promise<number | null> {
    if (!isEncounter.Check(resource)) {
      // A server may put an outcome among what it found.
      const type = (resource as { readonly resourceType?: unknown } | undefined)?.resourceType
      if (type === 'Encounter') this.#log.warn({ host: this.#host }, 'An Encounter could not be read')
      return null
    }
    const { id, meta } = resource
    const atMs = Date.parse(meta.lastUpdated)
    if (Number.isNaN(atMs)) return null
    const version = `${id}/${meta.versionId ?? meta.lastUpdated}`
    if (this.#taken.has(version)) return atMs
    const message = messageOfEncounter(resource, await this.#chainsOf(resource, signal), this.#host)
    if (message !== null) {
      const answer = (await this.#receive(Buffer.from(message), `FHIR ${this.#host}`)).toString('latin1')
      // AE stands in the log, and would be the same again; AR says that it could not be stored.
      if (answer.includes('\rMSA|AR')) throw new Error('what it says could not be stored')
    }
    this.#taken.set(version, atMs)
    return atMs
  }

  async #chainsOf({ location = [] }: Encounter, signal: AbortSignal): Promise<(PlaceChain | null)[]> {
    const chains: (PlaceChain | null)[] = []
    for (const { location: place } of location) {
      const chain: Location[] = []
      for (let reference = place.reference; reference !== undefined && chain.length < DEEPEST;) {
        const found = await this.#place(reference, signal)
        if (found === null) break
        chain.push(found)
        reference = found.partOf?.reference
      }
      chains.push(chain.length > 0 ? chain : null)
    }
    return chains
  }

  /** @returns `null` where it is nowhere, or nothing that can be read */
  async #place(reference: string, signal: AbortSignal): Promise<Location | null> {
    // Only of the server itself: it may name addresses of others.
    const [, id] =
      /^(?:\.\/)?Location\/([A-Za-z0-9.-]{1,64})(?:\/_history\/.+)?$/.exec(
        reference.startsWith(`${this.#source.url}/`)
          ? reference.slice(this.#source.url.length + 1)
          : reference,
      ) ?? []
    if (id === undefined) return null
    const known = this.#places.get(id)
    if (known !== undefined) return known
    const body = await this.#get(`${this.#source.url}/Location/${id}`, signal, true)
    const place = isLocation.Check(body) ? body : null
    this.#places.set(id, place)
    return place
  }

  async #page(url: string, signal: AbortSignal): Promise<EncounterPage> {
    const body = await this.#get(url, signal, false)
    if (!isEncounterPage.Check(body)) throw new Error('its answer is no Bundle')
    return body
  }

  #next({ link = [] }: EncounterPage): string | null {
    const next = link.find(({ relation }) => relation === 'next')?.url
    if (next === undefined) return null
    const url = new URL(next, `${this.#source.url}/`)
    // The token is for this server alone.
    if (url.origin !== new URL(this.#source.url).origin) throw new Error(`its next page is at ${url.host}`)
    return url.href
  }

  async #get(url: string, signal: AbortSignal, mayBeGone: boolean): Promise<unknown> {
    const { token } = this.#source
    const answer = await fetch(url, {
      redirect: 'error',
      headers: {
        accept: 'application/fhir+json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    })
    const text = await textWithin(answer, MOST_BYTES)
    if (mayBeGone && (answer.status === 404 || answer.status === 410)) return null
    if (!answer.ok) throw new Error(`it answered ${answer.status}`)
    try {
      return JSON.parse(text) as unknown
    } catch {
      throw new Error('its answer is no JSON')
    }
  }

  async #cursor(): Promise<Date | null> {
    const [row] = await this.#database.queries
      .select()
      .from(fhirPolls)
      .where(eq(fhirPolls.url, this.#source.url))
    return row?.lastUpdatedAt ?? null
  }

  async #keepCursor(lastUpdatedAt: Date): Promise<void> {
    const row = { url: this.#source.url, lastUpdatedAt }
    await this.#database.write((tx) =>
      tx.insert(fhirPolls).values(row).onConflictDoUpdate({ target: fhirPolls.url, set: { lastUpdatedAt } }),
    )
  }

  #warn(words: string): void {
    this.#alarms.heard(SOURCE, [
      {
        robotId: null,
        roomId: null,
        kind: 'fhir.encounters',
        priority: 'high',
        text: `Nobody hears from ${this.#host} who is in which room: ${words}. Look before a room is treated.`,
      },
    ])
  }
}

/** @throws where it is longer */
async function textWithin(answer: Response, mostBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of answer.body ?? []) {
    bytes += (chunk as Uint8Array).length
    if (bytes > mostBytes) throw new Error(`its answer is longer than ${mostBytes} bytes`)
    chunks.push(chunk as Uint8Array)
  }
  return Buffer.concat(chunks).toString('utf8')
}
