import { readLevelMap } from '@wardlight/core/floor'
import type { OccupancyGrid } from '@wardlight/core/geometry'
import type { State, VdaError } from '@wardlight/core/vda5050'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { AgentLog } from '../agent-log.ts'
import { sha256Of, wordsOf } from './download-file.ts'
import type { FileFolder } from './file-folder.ts'
import {
  downloadRefusal,
  EMPTY_MAP_BOOK,
  mapStates,
  withEnabledMap,
  withMap,
  withoutMap,
  type MapBook,
  type MapName,
} from './map-book.ts'

const INDEX = 'maps.json'
const VERSION = 1

const Named = Type.Object({ mapId: Type.String(), mapVersion: Type.String() })
const IndexSchema = Type.Object({
  version: Type.Literal(VERSION),
  kept: Type.Array(Type.Object({ ...Named.properties, sha256: Type.String() })),
  enabled: Type.Array(Named),
})
const indexValidator = Compile(IndexSchema)

/** How something with a file ended: in words why not, and what is to be told among the errors. */
export interface FileEnd {
  readonly refusal: string | null
  readonly error?: Pick<VdaError, 'errorType' | 'errorReferences'>
}

const DONE: FileEnd = { refusal: null }

export interface MapKeeperOptions {
  readonly folder: FileFolder
  /** Of the levels that the robot has a map of by itself. */
  readonly ownIds: ReadonlySet<string>
  readonly isIdle: () => boolean
  /** Whether the robot sees what a map says, from where it stands; `null`: it is on another level, or cannot tell. */
  readonly fits: (mapId: string, grid: OccupancyGrid) => boolean | null
  readonly log: AgentLog
  /** Other maps count now. */
  readonly onEnabled: () => void
}

/**
 * Keeps the maps that the fleet sent, beside the robot's memory. First the disk has it, then it is told. Its methods are to be
 * called one after the other.
 */
export class MapKeeper {
  readonly #options: MapKeeperOptions
  #book: MapBook = EMPTY_MAP_BOOK
  /** Of the maps that are enabled, by `mapId`. */
  readonly #grids = new Map<string, OccupancyGrid>()
  #problem: string | null = null

  constructor(options: MapKeeperOptions) {
    this.#options = options
  }

  /** Looks what the program before has kept. What cannot be used is as if it had never been sent. */
  start(): void {
    const { folder, log } = this.#options
    try {
      const names = folder.names()
      if (names.includes(INDEX)) this.#recall(folder.read(INDEX))
      const wanted = new Set([INDEX, ...this.#book.kept.map(fileName)])
      for (const name of names) if (!wanted.has(name)) void this.#forget(name)
    } catch (error) {
      this.#book = EMPTY_MAP_BOOK
      this.#grids.clear()
      this.#problem = `the maps that were kept cannot be read: ${wordsOf(error)}`
      log.error({ err: error }, 'The maps that were kept cannot be read; the robot has its own.')
    }
    if (this.#grids.size > 0) this.#options.onEnabled()
  }

  get states(): NonNullable<State['maps']> {
    return mapStates(this.#book, this.#options.ownIds)
  }

  get errors(): readonly VdaError[] {
    return this.#problem === null
      ? []
      : [
          {
            errorType: 'MEMORY_LOST',
            errorLevel: 'WARNING',
            errorDescription: this.#problem,
            errorReferences: [],
          },
        ]
  }

  /** The downloaded map that counts on a level; `null`: the robot's own alone. */
  grid(mapId: string): OccupancyGrid | null {
    return this.#grids.get(mapId) ?? null
  }

  /** @param download gets the file. It throws in words why not */
  async download(map: MapName, download: () => Promise<Uint8Array>): Promise<FileEnd> {
    const refusal = downloadRefusal(this.#book, this.#options.ownIds, map)
    if (refusal !== null) return failed(map, refusal.why, refusal.errorType)
    try {
      const bytes = await download()
      const read = readLevelMap(Buffer.from(bytes).toString('utf8'))
      if (typeof read === 'string') return failed(map, read)
      if (read.mapId !== map.mapId) return failed(map, `it is a map of ${read.mapId}`)
      const kept = { mapId: map.mapId, mapVersion: map.mapVersion, sha256: sha256Of(bytes) }
      const next = withMap(this.#book, kept)
      await this.#options.folder.write(fileName(map), bytes)
      await this.#write(next).catch(async (error: unknown) => {
        await this.#forget(fileName(map))
        throw error
      })
      this.#book = next
      this.#problem = null
      return DONE
    } catch (error) {
      return failed(map, wordsOf(error))
    }
  }

  async enable(map: MapName): Promise<FileEnd> {
    const { ownIds, isIdle, fits, onEnabled } = this.#options
    const before = this.#book
    const next = withEnabledMap(before, ownIds, map)
    if (next === null) return { refusal: `there is no map ${map.mapId} of version ${map.mapVersion}` }
    if (!isIdle()) return { refusal: AT_WORK }
    try {
      const grid = next.enabled.has(map.mapId) ? this.#read(next, map) : null
      // It would be lost by it at once, and nobody could send it anywhere.
      if (grid !== null && fits(map.mapId, grid) === false) {
        return { refusal: 'what the lidar sees from here does not fit it' }
      }
      await this.#write(next)
      // An order came while the disk was written: it began with the old map, and ends with it.
      if (!isIdle()) {
        await this.#write(before)
        return { refusal: AT_WORK }
      }
      this.#book = next
      if (grid === null) this.#grids.delete(map.mapId)
      else this.#grids.set(map.mapId, grid)
      onEnabled()
      return DONE
    } catch (error) {
      return { refusal: wordsOf(error) }
    }
  }

  async delete(map: MapName): Promise<FileEnd> {
    const next = withoutMap(this.#book, map)
    if (typeof next === 'string') return { refusal: next }
    try {
      await this.#write(next)
      this.#book = next
      await this.#forget(fileName(map))
      return DONE
    } catch (error) {
      return { refusal: wordsOf(error) }
    }
  }

  #recall(bytes: Uint8Array): void {
    const index: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    const [problem] = indexValidator.Errors(index)
    if (problem !== undefined) throw new Error(`${INDEX}: ${problem.instancePath} ${problem.message}`)
    const { kept, enabled } = index as {
      kept: MapBook['kept']
      enabled: readonly MapName[]
    }
    const asKept: MapBook = {
      kept,
      enabled: new Map(enabled.map(({ mapId, mapVersion }) => [mapId, mapVersion])),
    }
    const whole = kept.filter((map) => {
      try {
        const grid = this.#read(asKept, map)
        if (asKept.enabled.get(map.mapId) === map.mapVersion) this.#grids.set(map.mapId, grid)
        return true
      } catch (error) {
        this.#problem = `the map ${map.mapId} of version ${map.mapVersion} that was kept is lost: ${wordsOf(error)}`
        return false
      }
    })
    this.#book = {
      kept: whole,
      enabled: new Map([...asKept.enabled].filter(([mapId]) => this.#grids.has(mapId))),
    }
  }

  /** @throws when it is not as it was kept */
  #read({ kept }: MapBook, { mapId, mapVersion }: MapName): OccupancyGrid {
    const map = kept.find((each) => each.mapId === mapId && each.mapVersion === mapVersion)!
    const bytes = this.#options.folder.read(fileName(map))
    if (sha256Of(bytes) !== map.sha256) throw new Error('the file is not as it was kept')
    const read = readLevelMap(Buffer.from(bytes).toString('utf8'))
    if (typeof read === 'string') throw new Error(read)
    return read.grid
  }

  async #write(book: MapBook): Promise<void> {
    const enabled = [...book.enabled].map(([mapId, mapVersion]) => ({ mapId, mapVersion }))
    const index = { version: VERSION, kept: book.kept, enabled }
    await this.#options.folder.write(INDEX, Buffer.from(JSON.stringify(index)))
  }

  /** A file that no index names does no harm, and is tried again at the next start. */
  async #forget(name: string): Promise<void> {
    try {
      await this.#options.folder.remove(name)
    } catch (error) {
      this.#options.log.warn({ err: error, name }, 'A map that nobody needs cannot be removed.')
    }
  }
}

const AT_WORK = 'the robot is at work; maps are changed while it is idle'

function failed(map: MapName, why: string, errorType = 'MAP_DOWNLOAD_FAILED'): FileEnd {
  return {
    refusal: why,
    error: {
      errorType,
      errorReferences: [
        { referenceKey: 'mapId', referenceValue: map.mapId },
        { referenceKey: 'mapVersion', referenceValue: map.mapVersion },
      ],
    },
  }
}

/** Names on the wire may be anything, and names of files not. */
function fileName({ mapId, mapVersion }: MapName): string {
  return `${sha256Of(JSON.stringify([mapId, mapVersion])).slice(0, 32)}.map.json`
}
