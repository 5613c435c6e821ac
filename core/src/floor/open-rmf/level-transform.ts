import { wardError } from '../../errors/index.ts'
import { distance, type Point2 } from '../../geometry/index.ts'
import type { PlanProblem } from '../types.ts'
import type { YamlSource } from '../yaml-source.ts'
import type { BuildingFile, BuildingLevel } from './building-file.ts'

/** From a level's drawing units (y up) to the building's frame in metres: turn and scale, then shift. */
export interface LevelTransform {
  /** Scale and rotation as a complex number. */
  readonly re: number
  readonly im: number
  readonly shift: Point2
}

/** Measurements that differ by more than this share from one another are worth a word. */
const SCALE_SPREAD = 0.05
/** Fiducials that miss one another by more than this, metres, are too. */
const FIDUCIAL_MISS_M = 0.3

export function toMetres({ re, im, shift }: LevelTransform, { x, y }: Point2): Point2 {
  return { x: re * x - im * y + shift.x, y: im * x + re * y + shift.y }
}

/**
 * Every level's transform. The reference level gets its scale from its measurements; a level that has
 * two fiducials or more in common with it is laid on it by least squares, as the traffic editor does;
 * any other goes by its own measurements.
 *
 * @throws WARD_ERR_PLAN_SCALE, with the line, when a level has no usable scale.
 */
export function levelTransforms(
  building: BuildingFile,
  source: YamlSource,
  problems: PlanProblem[],
): ReadonlyMap<string, LevelTransform> {
  const reference = building.levels.find(({ id }) => id === building.referenceLevel)!
  const transforms = new Map<string, LevelTransform>()
  if (building.coordinateSystem === 'cartesian_meters') {
    for (const { id } of building.levels) transforms.set(id, scaled(1))
    return transforms
  }
  const referenceScale = measuredScale(reference, source, problems)
  for (const level of building.levels) {
    const pairs = level.fiducials.flatMap(({ name, point }) => {
      const partner = reference.fiducials.find((other) => other.name === name)
      return partner === undefined ? [] : [{ from: point, to: partner.point }]
    })
    if (level === reference || pairs.length < 2) {
      transforms.set(
        level.id,
        scaled(level === reference ? referenceScale : measuredScale(level, source, problems)),
      )
      continue
    }
    const fitted = fit(pairs, referenceScale)
    if (fitted === null) {
      throw scaleError(source, level, 'its fiducials all lie on one spot', 'Move the fiducials apart.')
    }
    const missM = Math.max(
      ...pairs.map(({ from, to }) => distance(toMetres(fitted, from), toMetres(scaled(referenceScale), to))),
    )
    if (missM > FIDUCIAL_MISS_M) {
      problems.push({
        severity: 'warning',
        where: source.place([...level.path, 'fiducials']),
        what: `The fiducials of level "${level.id}" miss those of level "${reference.id}" by up to ${missM.toFixed(2)} m`,
        remedy: 'Place them on the same features of both drawings.',
      })
    }
    transforms.set(level.id, fitted)
  }
  return transforms
}

/** Metres a drawing unit: the mean over the level's measurements. */
function measuredScale(level: BuildingLevel, source: YamlSource, problems: PlanProblem[]): number {
  if (level.measurements.length === 0) {
    throw scaleError(
      source,
      level,
      'it has no measurement',
      'Add a measurement of a known distance to the level.',
    )
  }
  const scales = level.measurements.map(({ path, from, to, parameters }) => {
    const lengthUnits = distance(level.vertices[from]!, level.vertices[to]!)
    const lengthM = Number(parameters['distance'])
    if (!(lengthUnits > 0) || !(lengthM > 0) || !Number.isFinite(lengthM)) {
      throw wardError('WARD_ERR_PLAN_SCALE', {
        what:
          lengthUnits > 0
            ? `A measurement says that the distance is ${JSON.stringify(parameters['distance'] ?? null)}`
            : 'A measurement begins and ends on the same spot',
        where: source.place(path),
        remedy: 'Measure between two spots apart, and give their distance in metres, above zero.',
      })
    }
    return lengthM / lengthUnits
  })
  const mean = scales.reduce((sum, scale) => sum + scale, 0) / scales.length
  const spread = (Math.max(...scales) - Math.min(...scales)) / mean
  if (spread > SCALE_SPREAD) {
    problems.push({
      severity: 'warning',
      where: source.place([...level.path, 'measurements']),
      what: `The measurements of level "${level.id}" differ by ${Math.round(spread * 100)} %; their mean is taken`,
      remedy: 'Correct the wrong one.',
    })
  }
  return mean
}

function scaleError(source: YamlSource, level: BuildingLevel, why: string, remedy: string) {
  return wardError('WARD_ERR_PLAN_SCALE', {
    what: `Level "${level.id}" has no scale: ${why}`,
    where: source.place(level.path),
    remedy,
  })
}

function scaled(scale: number): LevelTransform {
  return { re: scale, im: 0, shift: { x: 0, y: 0 } }
}

/** Least-squares similarity from `from` to `to`, times a scale; `null` when all points coincide. */
function fit(
  pairs: readonly { readonly from: Point2; readonly to: Point2 }[],
  scale: number,
): LevelTransform | null {
  const mean = (points: readonly Point2[]): Point2 => ({
    x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
    y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
  })
  const fromMean = mean(pairs.map(({ from }) => from))
  const toMean = mean(pairs.map(({ to }) => to))
  let re = 0
  let im = 0
  let squared = 0
  for (const { from, to } of pairs) {
    const [fx, fy] = [from.x - fromMean.x, from.y - fromMean.y]
    const [tx, ty] = [to.x - toMean.x, to.y - toMean.y]
    re += fx * tx + fy * ty
    im += fx * ty - fy * tx
    squared += fx * fx + fy * fy
  }
  if (squared < 1e-9 || Math.hypot(re, im) < 1e-9) return null
  const turn = { re: (scale * re) / squared, im: (scale * im) / squared }
  return {
    ...turn,
    shift: {
      x: scale * toMean.x - (turn.re * fromMean.x - turn.im * fromMean.y),
      y: scale * toMean.y - (turn.im * fromMean.x + turn.re * fromMean.y),
    },
  }
}
