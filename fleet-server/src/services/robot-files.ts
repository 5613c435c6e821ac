import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { wardError } from '@wardlight/core/errors'
import { drivingMap, levelMapText } from '@wardlight/core/floor'
import { mapVersionOf } from '../domain/map-steps.ts'
import type { FloorIndex } from './floor-index.ts'

/** So long a link is good, milliseconds. Robots are told of a new one with each try. */
const LINK_MS = 3_600_000

export interface LevelMapFile {
  readonly mapVersion: string
  readonly text: string
  /** Hexadecimal. */
  readonly sha256: string
}

/** What a link is good for besides its path. */
export interface LinkProof {
  /** Epoch milliseconds, by the server's wall clock. */
  readonly expires: number
  readonly signature: string
}

/**
 * Files that robots fetch over HTTP. They have no session: a link that they are told over MQTT lets in whoever has it, to
 * that one file, for an hour.
 */
export class RobotFiles {
  readonly #floor: FloorIndex
  readonly #url: () => string | null
  readonly #key: Buffer
  readonly #nowMs: () => number
  readonly #maps = new Map<string, LevelMapFile>()

  constructor(options: {
    floor: FloorIndex
    /** Under which robots reach this server; `null`: not known, there are no links then. */
    url: () => string | null
    /** The same on servers that follow each other. */
    secret: string
    /** The wall clock's. */
    nowMs: () => number
  }) {
    this.#floor = options.floor
    this.#url = options.url
    this.#key = createHmac('sha256', options.secret).update('files for robots').digest()
    this.#nowMs = options.nowMs
  }

  /** The map of a level of the plan, made when it is first asked for. @throws WARD_ERR_LEVEL_UNKNOWN */
  map(levelId: string): LevelMapFile {
    const known = this.#maps.get(levelId)
    if (known !== undefined) return known
    const text = levelMapText({ mapId: levelId, grid: drivingMap(this.#floor.level(levelId)) })
    const sha256 = sha256Of(text)
    const made = { mapVersion: mapVersionOf(sha256), text, sha256 }
    this.#maps.set(levelId, made)
    return made
  }

  mapLink(levelId: string): string | null {
    return this.#link(mapPath(levelId, this.map(levelId).mapVersion))
  }

  zoneSetLink(zoneSetId: string): string | null {
    return this.#link(zoneSetPath(zoneSetId))
  }

  /** @throws WARD_ERR_NOT_FOUND; who guesses is told no more */
  mapByLink(levelId: string, mapVersion: string, proof: LinkProof): string {
    this.#check(mapPath(levelId, mapVersion), proof)
    const map = this.#floor.hasLevel(levelId) ? this.map(levelId) : null
    if (map?.mapVersion !== mapVersion) throw nothingThere()
    return map.text
  }

  /** @throws WARD_ERR_NOT_FOUND */
  checkZoneSetLink(zoneSetId: string, proof: LinkProof): void {
    this.#check(zoneSetPath(zoneSetId), proof)
  }

  #link(path: string): string | null {
    const url = this.#url()
    if (url === null) return null
    const expires = this.#nowMs() + LINK_MS
    const query = new URLSearchParams({ expires: String(expires), signature: this.#sign(path, expires) })
    return `${url}${path}?${query.toString()}`
  }

  #check(path: string, { expires, signature }: LinkProof): void {
    const [given, right] = [signature, this.#sign(path, expires)].map((text) => Buffer.from(text))
    const isRight = given!.length === right!.length && timingSafeEqual(given!, right!)
    if (!isRight || expires < this.#nowMs()) throw nothingThere()
  }

  #sign(path: string, expires: number): string {
    return createHmac('sha256', this.#key).update(`${path}\n${expires}`).digest('base64url')
  }
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** The file of a zone set, as the topic `zoneSet` has it but for the header. */
export function zoneSetText(zoneSet: object): string {
  return JSON.stringify({ zoneSet })
}

function mapPath(levelId: string, mapVersion: string): string {
  return `/api/maps/${encodeURIComponent(levelId)}/${encodeURIComponent(mapVersion)}`
}

function zoneSetPath(zoneSetId: string): string {
  return `/api/zone-sets/${encodeURIComponent(zoneSetId)}`
}

export function nothingThere(): Error {
  return wardError('WARD_ERR_NOT_FOUND', {
    what: 'There is nothing under this link, or it is no longer good',
    where: 'url',
    remedy: 'Links are for robots and good for an hour; the fleet tells them of new ones.',
  })
}
