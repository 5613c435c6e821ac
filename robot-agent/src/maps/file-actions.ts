import { MAP_FORMAT_KEY, ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import { LEVEL_MAP_FORMAT } from '@wardlight/core/floor'
import { ZoneSetSchema, type InstantAction, type VdaError } from '@wardlight/core/vda5050'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { AgentLog } from '../agent-log.ts'
import { actionParameter } from '../missions/order-rules.ts'
import type { ZoneKeeper } from '../zones/zone-keeper.ts'
import { wordsOf, type downloadFile } from './download-file.ts'
import type { FileEnd, MapKeeper } from './map-keeper.ts'

const { downloadMap, enableMap, deleteMap, downloadZoneSet } = ROBOT_ACTION_TYPES

/** What is downloaded says it as the topic `zoneSet` does (3.0, 7.6); the header may be left out. */
const zoneSetValidator = Compile(Type.Object({ zoneSet: ZoneSetSchema }))

/** Instant actions that take a while: files come from the network and go to the disk. One at a time, in their order. */
export class FileActions {
  readonly #maps: MapKeeper | null
  readonly #zones: Pick<ZoneKeeper, 'add'>
  readonly #download: typeof downloadFile
  readonly #log: AgentLog
  readonly #stop = new AbortController()
  #last: Promise<void> = Promise.resolve()

  /** @param options.maps `null`: of a robot that has no place to keep any */
  constructor(options: {
    maps: MapKeeper | null
    zones: Pick<ZoneKeeper, 'add'>
    download: typeof downloadFile
    log: AgentLog
  }) {
    this.#maps = options.maps
    this.#zones = options.zones
    this.#download = options.download
    this.#log = options.log
  }

  takes({ actionType }: InstantAction): boolean {
    return (
      actionType === downloadZoneSet ||
      (this.#maps !== null && [downloadMap, enableMap, deleteMap].some((type) => type === actionType))
    )
  }

  /** @param onEnd called once, later, unless the robot is stopped before */
  begin(action: InstantAction, onEnd: (refusal: string | null, error: VdaError | null) => void): void {
    const work = async () => {
      if (this.#stop.signal.aborted) return
      const { refusal, error } = await this.#carryOut(action)
      if (this.#stop.signal.aborted) return
      onEnd(
        refusal,
        refusal === null || error === undefined
          ? null
          : { ...error, errorLevel: 'WARNING', errorDescription: refusal },
      )
    }
    // What goes wrong in one must not keep the next from being done.
    this.#last = this.#last.then(work).catch((error: unknown) => {
      this.#log.error({ err: error, actionType: action.actionType }, 'An instant action broke off.')
    })
  }

  /** Resolves when the disk is left alone. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#last
  }

  #carryOut(action: InstantAction): Promise<FileEnd> {
    const text = (key: string) => {
      const value = actionParameter(action, key)
      return typeof value === 'string' ? value : ''
    }
    const get = (kind: 'map' | 'zoneSet') => () =>
      this.#download(text(`${kind}DownloadLink`), text(`${kind}Hash`) || null, this.#stop.signal)
    const map = { mapId: text('mapId'), mapVersion: text('mapVersion') }
    switch (action.actionType) {
      case downloadMap:
        return this.#maps!.download(map, async () => {
          const format = text(MAP_FORMAT_KEY) || LEVEL_MAP_FORMAT
          if (format !== LEVEL_MAP_FORMAT) {
            throw new Error(`the robot reads ${LEVEL_MAP_FORMAT}, and this is ${format}`)
          }
          return get('map')()
        })
      case enableMap:
        return this.#maps!.enable(map)
      case deleteMap:
        return this.#maps!.delete(map)
      default:
        return this.#takeZoneSet(text('zoneSetId'), get('zoneSet'))
    }
  }

  async #takeZoneSet(zoneSetId: string, download: () => Promise<Uint8Array>): Promise<FileEnd> {
    const failed = (refusal: string, errorType = 'ZONE_SET_DOWNLOAD_FAILED') => ({
      refusal,
      error: { errorType, errorReferences: [{ referenceKey: 'zoneSetId', referenceValue: zoneSetId }] },
    })
    try {
      const file: unknown = JSON.parse(Buffer.from(await download()).toString('utf8'))
      if (!zoneSetValidator.Check(file))
        return failed('it is no zone set, or has zones that are not supported')
      const { zoneSet } = file
      if (zoneSet.zoneSetId !== zoneSetId) return failed(`it is the zone set ${zoneSet.zoneSetId}`)
      if (this.#zones.add(zoneSet)) return { refusal: null }
      return failed(`there is a zone set ${zoneSetId} already`, 'DUPLICATE_ZONE_SET')
    } catch (error) {
      return failed(wordsOf(error))
    }
  }
}
