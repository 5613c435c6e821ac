import { wardError, type WardErrorCode } from '../../errors/index.ts'
import type { Pose2 } from '../../geometry/index.ts'
import type { YamlSource } from '../yaml-source.ts'

export type MapMode = 'trinary' | 'scale' | 'raw'

/** The fields of a map_server YAML file, checked. */
export interface MapDescription {
  readonly image: string
  readonly resolutionM: number
  /** Pose of the lower left corner of the lower left pixel. */
  readonly origin: Pose2
  readonly negate: boolean
  readonly occupiedThreshold: number
  readonly freeThreshold: number
  readonly mode: MapMode
}

/** What nav2's map_saver writes when nobody says otherwise (`nav2_map_server/src/map_io.cpp`, `checkSaveParameters`). */
const DEFAULTS = { negate: false, occupiedThreshold: 0.65, freeThreshold: 0.25, mode: 'trinary' } as const
const MODES: readonly MapMode[] = ['trinary', 'scale', 'raw']
/** Coarser cells than this cannot show a doorway. */
const MAX_RESOLUTION_M = 1
/** A finer map than this is a mistaken unit (millimetres, or cells per metre turned over). */
const MIN_RESOLUTION_M = 0.001

/**
 * Checks the fields of a `map_server` map. `image`, `resolution` and `origin` must be there.
 *
 * @throws WardError naming file, line and remedy: WARD_ERR_PLAN_SCHEMA, WARD_ERR_PLAN_SCALE.
 */
export function mapDescriptionOf(source: YamlSource): MapDescription {
  const fields = new MapFields(source)
  const occupiedThreshold = fields.fraction('occupied_thresh', DEFAULTS.occupiedThreshold)
  const freeThreshold = fields.fraction('free_thresh', DEFAULTS.freeThreshold)
  if (freeThreshold >= occupiedThreshold) {
    fields.fail(
      'free_thresh',
      `free_thresh is ${freeThreshold}, not below occupied_thresh, ${occupiedThreshold}`,
      'Make free_thresh smaller than occupied_thresh, for instance 0.196 and 0.65.',
    )
  }
  return {
    image: fields.image(),
    resolutionM: fields.resolution(),
    origin: fields.origin(),
    negate: fields.negate(),
    occupiedThreshold,
    freeThreshold,
    mode: fields.mode(),
  }
}

class MapFields {
  private readonly source: YamlSource
  private readonly fields: Readonly<Record<string, unknown>>

  constructor(source: YamlSource) {
    this.source = source
    const { data } = source
    const isMapping = typeof data === 'object' && data !== null && !Array.isArray(data)
    this.fields = isMapping ? (data as Record<string, unknown>) : {}
    if (!isMapping) this.fail(null, 'the file holds no fields', 'Give at least image, resolution and origin.')
  }

  fail(
    field: string | null,
    what: string,
    remedy: string,
    code: WardErrorCode = 'WARD_ERR_PLAN_SCHEMA',
  ): never {
    throw wardError(code, { what, where: this.source.place(field === null ? [] : [field]), remedy })
  }

  image(): string {
    const value = this.value('image')
    if (typeof value === 'string' && value.trim() !== '') return value
    return this.fail(
      'image',
      value === undefined
        ? 'the field image is missing'
        : `image is ${JSON.stringify(value)}, not a file name`,
      'Add the name of the map image beside the YAML file, for instance image: map.pgm.',
    )
  }

  resolution(): number {
    const value = this.value('resolution')
    const remedy = 'Give the metres per pixel, for instance resolution: 0.05.'
    if (value === undefined) {
      return this.fail('resolution', 'the field resolution is missing', remedy, 'WARD_ERR_PLAN_SCALE')
    }
    if (typeof value !== 'number' || !(value >= MIN_RESOLUTION_M && value <= MAX_RESOLUTION_M)) {
      return this.fail(
        'resolution',
        `resolution is ${describe(value)}, not metres per pixel from ${MIN_RESOLUTION_M} to ${MAX_RESOLUTION_M}`,
        remedy,
        'WARD_ERR_PLAN_SCALE',
      )
    }
    return value
  }

  origin(): Pose2 {
    const value = this.value('origin')
    const remedy = 'Give x and y in metres and yaw in radians, for instance origin: [-10.0, -10.0, 0.0].'
    if (value === undefined) return this.fail('origin', 'the field origin is missing', remedy)
    if (!Array.isArray(value) || value.length !== 3) {
      return this.fail('origin', `origin is ${describe(value)}, not three numbers`, remedy)
    }
    const [x, y, theta]: readonly unknown[] = value
    if (!isFiniteNumber(x) || !isFiniteNumber(y) || !isFiniteNumber(theta)) {
      return this.fail('origin', `origin is ${describe(value)}, not three numbers`, remedy)
    }
    return { x, y, theta }
  }

  /** nav2 takes an integer or a boolean. */
  negate(): boolean {
    const value = this.value('negate')
    if (value === undefined) return DEFAULTS.negate
    if (typeof value === 'boolean') return value
    if (typeof value === 'number' && Number.isInteger(value)) return value !== 0
    return this.fail(
      'negate',
      `negate is ${describe(value)}, neither 0 nor 1`,
      'Write negate: 0 or negate: 1.',
    )
  }

  fraction(field: string, fallback: number): number {
    const value = this.value(field)
    if (value === undefined) return fallback
    if (isFiniteNumber(value) && value >= 0 && value <= 1) return value
    return this.fail(
      field,
      `${field} is ${describe(value)}, not a number from 0 to 1`,
      'Give occupied_thresh: 0.65 and free_thresh: 0.196, or leave them out.',
    )
  }

  mode(): MapMode {
    const value = this.value('mode')
    if (value === undefined) return DEFAULTS.mode
    const mode = MODES.find((known) => known === value)
    return mode ?? this.fail('mode', `mode is ${describe(value)}`, `Use one of: ${MODES.join(', ')}.`)
  }

  /** A field without a value counts as absent. */
  private value(field: string): unknown {
    return this.fields[field] ?? undefined
  }
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : JSON.stringify(value)
}
