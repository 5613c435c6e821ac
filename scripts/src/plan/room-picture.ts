import {
  organismById,
  surfacesOf,
  waysAmong,
  type Surface,
  type TreatmentStop,
} from '@wardlight/core/disinfection'
import { boundsOf, centroid, type Point2, type Polygon } from '@wardlight/core/geometry'
import { minutes } from '../minutes.ts'
import { doseAtHeight, type DoseRaster } from './dose-at-height.ts'
import { FONT_FAMILY } from './render-svg.ts'
import type { RoomPlan } from './room-plan.ts'

/** Pixels. */
const LONGEST_SIDE = 900
const MOST_PER_METRE = 180
const MARGIN = 36
const TITLE = 84
const LEGEND = 260
const LEAST_HEIGHT = 640

/** The height at which hands touch most. */
const DOSE_HEIGHT_M = 1

/** Dose as a multiple of the target, from here on; warm is too little, cool is enough. */
const BANDS = [
  { from: 0, colour: '#7f3b08', label: 'under 0.1 ×' },
  { from: 0.1, colour: '#e08214', label: '0.1 – 0.3 ×' },
  { from: 0.3, colour: '#fdd49e', label: '0.3 – 1 ×: too little' },
  { from: 1, colour: '#e3f1f7', label: '1 – 3 ×: enough' },
  { from: 3, colour: '#b5d9ea', label: '3 – 10 ×' },
  { from: 10, colour: '#7fb8d8', label: '10 – 30 ×' },
  { from: 30, colour: '#4a90bd', label: '30 – 100 ×' },
  { from: 100, colour: '#23648f', label: 'over 100 ×' },
] as const

const INK = '#1d2733'
const MUTED = '#5b6775'
const FURNITURE = '#9aa5b1'
const MISSED = '#c4006a'
const WAY = '#3d2b8f'

/** The room of a plan from above, as SVG: walls, furniture, dose, stops in order, ways, and what is not promised. */
export function roomPicture({ roomName, levelName, target, input, lamp, plan }: RoomPlan): string {
  const { room, stops } = plan
  const bounds = boundsOf(room.polygon)
  const widthM = bounds.maxX - bounds.minX
  const depthM = bounds.maxY - bounds.minY
  const perMetre = Math.min(MOST_PER_METRE, LONGEST_SIDE / Math.max(widthM, depthM))
  const view: View = {
    perMetre,
    x: (x) => MARGIN + (x - bounds.minX) * perMetre,
    y: (y) => TITLE + (bounds.maxY - y) * perMetre,
  }
  const legendX = Math.max(2 * MARGIN + widthM * perMetre, 420)
  const width = Math.ceil(legendX + LEGEND)
  const height = Math.ceil(Math.max(LEAST_HEIGHT, TITLE + depthM * perMetre + MARGIN))
  const goal =
    target === null
      ? `${tenths(plan.targetMjPerCm2)} mJ/cm²`
      : `${organismById(target.organismId).name}, ${target.log} log (${tenths(plan.targetMjPerCm2)} mJ/cm²)`
  const missed = new Set(plan.unreachable.map(({ id }) => id))
  const surfaces = surfacesOf(room, plan.surfaceSizeM)

  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT_FAMILY}" fill="${INK}">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(MARGIN, 36, 22, `${roomName} (${levelName})`, 'font-weight="600"'),
    text(
      MARGIN,
      60,
      14,
      `${goal}: ${stops.length} stops, ${minutes(plan.plannedS)}; ${surfaces.length - missed.size} of ${surfaces.length} surfaces`,
      `fill="${MUTED}"`,
    ),
    ...doseBands(doseAtHeight(plan, lamp, DOSE_HEIGHT_M), plan.targetMjPerCm2, view),
    ...furniture(room.obstacles, view),
    walls(room.polygon, view),
    ...room.doors.map(({ a, b }) => line(view, a, b, 'stroke="#ffffff" stroke-width="4"')),
    ...missedMarks(surfaces, missed, view),
    ...way([input.entry, ...stops], room.obstacles, room.polygon, input.robot.radiusM, view),
    startMark(view.x(input.entry.x), view.y(input.entry.y)),
    ...stopMarks(stops, view),
    ...legend(legendX, TITLE, perMetre),
    '</svg>',
    '',
  ].join('\n')
}

/** From metres of the map to pixels. */
interface View {
  readonly perMetre: number
  x(x: number): number
  y(y: number): number
}

function doseBands({ bounds, cellM, columns, rows, doses }: DoseRaster, targetMjPerCm2: number, view: View) {
  const paths = BANDS.map((): string[] => [])
  const side = cellM * view.perMetre
  for (let row = 0; row < rows; row += 1) {
    const top = view.y(bounds.minY + (row + 1) * cellM)
    for (let column = 0; column < columns;) {
      const band = bandOf(doses[row * columns + column]! / targetMjPerCm2)
      let end = column + 1
      while (end < columns && bandOf(doses[row * columns + end]! / targetMjPerCm2) === band) end += 1
      const left = view.x(bounds.minX + column * cellM)
      // A little larger, lest seams show.
      paths[band]?.push(
        `M${tenths(left)} ${tenths(top)}h${tenths((end - column) * side + 0.4)}v${tenths(side + 0.4)}H${tenths(left)}z`,
      )
      column = end
    }
  }
  return BANDS.map(({ colour }, band) => `<path fill="${colour}" d="${paths[band]!.join('')}"/>`)
}

/** -1 where there is no dose to show. */
function bandOf(ofTarget: number): number {
  return BANDS.findLastIndex(({ from }) => ofTarget >= from)
}

function furniture(obstacles: RoomPlan['plan']['room']['obstacles'], view: View): string[] {
  return obstacles.flatMap(({ name, footprint, zMinM, zMaxM }) => {
    const isInTheWay = zMinM <= DOSE_HEIGHT_M && DOSE_HEIGHT_M < zMaxM
    const middle = centroid(footprint)
    const { minX, maxX } = boundsOf(footprint)
    const size = Math.min(13, (1.5 * (maxX - minX) * view.perMetre) / name.length)
    return [
      `<polygon points="${points(footprint, view)}" fill="${isInTheWay ? FURNITURE : '#ffffff'}" fill-opacity="${isInTheWay ? 1 : 0.35}" stroke="${INK}" stroke-width="1.2"/>`,
      ...(size < 8
        ? []
        : [
            text(
              view.x(middle.x),
              view.y(middle.y) + size / 3,
              size,
              name,
              `text-anchor="middle" ${halo('#ffffff')}`,
            ),
          ]),
    ]
  })
}

function walls(polygon: Polygon, view: View): string {
  return `<polygon points="${points(polygon, view)}" fill="none" stroke="${INK}" stroke-width="6" stroke-linejoin="round"/>`
}

/** Upright surfaces are seen from above as one line for all heights: full when none of them is promised. */
function missedMarks(surfaces: readonly Surface[], missed: ReadonlySet<string>, view: View): string[] {
  const columns = new Map<string, Surface[]>()
  const marks: string[] = []
  for (const surface of surfaces) {
    const { centre, normal } = surface
    if (Math.abs(normal.z) < 0.5) {
      const key = [centre.x, centre.y, normal.x, normal.y].map((value) => value.toFixed(3)).join()
      columns.set(key, [...(columns.get(key) ?? []), surface])
    } else if (missed.has(surface.id)) {
      const x = view.x(centre.x)
      const y = view.y(centre.y)
      marks.push(cross(x, y))
    }
  }
  for (const column of columns.values()) {
    const dark = column.filter(({ id }) => missed.has(id)).length
    if (dark === 0) continue
    const { centre, normal, sizeM } = column[0]!
    const half = sizeM[0] / 2
    const off = 4 / view.perMetre
    const end = (sign: number) => ({
      x: centre.x + off * normal.x - sign * half * normal.y,
      y: centre.y + off * normal.y + sign * half * normal.x,
    })
    marks.push(line(view, end(-1), end(1), missedStroke(dark === column.length)))
  }
  return marks
}

function missedStroke(isWhole: boolean): string {
  return isWhole
    ? `stroke="${MISSED}" stroke-width="5"`
    : `stroke="${MISSED}" stroke-width="3" stroke-dasharray="4 3"`
}

function cross(x: number, y: number): string {
  return `<path d="M${tenths(x - 4)} ${tenths(y - 4)}l8 8m0 -8l-8 8" stroke="${MISSED}" stroke-width="2.2" fill="none"/>`
}

function way(
  places: readonly Point2[],
  obstacles: RoomPlan['plan']['room']['obstacles'],
  polygon: Polygon,
  radiusM: number,
  view: View,
): string[] {
  const ways = waysAmong(
    places,
    { obstacles: obstacles.map(({ footprint }) => footprint), bounds: polygon },
    radiusM,
  )
  return places.slice(1).map((_, index) => {
    const corners = ways.between(index, index + 1)
    return `<polyline points="${points(corners, view)}" fill="none" stroke="${WAY}" stroke-width="2" stroke-dasharray="7 5"/>`
  })
}

function startMark(x: number, y: number): string {
  return `<circle cx="${tenths(x)}" cy="${tenths(y)}" r="6" fill="#ffffff" stroke="${WAY}" stroke-width="2.5"/>`
}

/** Where the seconds stand beside a stop, the best place first: pixels from its middle, and how they align. */
const LABEL_PLACES = [
  { dx: 0, dy: 26, anchor: 'middle', reach: 0 },
  { dx: 0, dy: -17, anchor: 'middle', reach: 0 },
  { dx: 16, dy: 4, anchor: 'start', reach: 16 },
  { dx: -16, dy: 4, anchor: 'end', reach: -16 },
] as const

/** The numbered stops, with their seconds where no other stop and no other seconds are. */
function stopMarks(stops: readonly TreatmentStop[], view: View): string[] {
  const taken: Point2[] = stops.map(({ x, y }) => ({ x: view.x(x), y: view.y(y) }))
  const labels = stops.map((stop) => {
    const x = view.x(stop.x)
    const y = view.y(stop.y)
    const isFree = ({ dx, dy, reach }: (typeof LABEL_PLACES)[number]) =>
      taken.every((at) => Math.abs(at.x - x - dx - reach) > 30 || Math.abs(at.y - y - dy + 4) > 19)
    const place = LABEL_PLACES.find(isFree) ?? LABEL_PLACES[0]
    taken.push({ x: x + place.dx + place.reach, y: y + place.dy - 4 })
    return text(
      x + place.dx,
      y + place.dy,
      12,
      `${Math.round(stop.dwellS)} s`,
      `text-anchor="${place.anchor}" font-weight="600" ${halo('#ffffff')}`,
    )
  })
  // Numbers above all seconds.
  return [...labels, ...stops.map(({ x, y }, index) => stopMark(view.x(x), view.y(y), String(index + 1)))]
}

function stopMark(x: number, y: number, label: string): string {
  return (
    `<circle cx="${tenths(x)}" cy="${tenths(y)}" r="12" fill="${WAY}" stroke="#ffffff" stroke-width="1.5"/>` +
    text(x, y + 4.5, 13, label, 'text-anchor="middle" fill="#ffffff" font-weight="600"')
  )
}

function legend(x: number, top: number, perMetre: number): string[] {
  const row = (index: number) => top + 24 + index * 24
  const labelX = x + 44
  const heading = (y: number, words: string) => text(x, y, 13, words, 'font-weight="600"')
  const marksTop = BANDS.length + 2.4
  const mark = (index: number, drawing: (y: number) => string, words: string) => [
    drawing(row(marksTop + index)),
    text(labelX, row(marksTop + index) + 4.5, 13, words),
  ]
  const sample = (y: number, attributes: string) =>
    `<line x1="${x}" y1="${y}" x2="${x + 32}" y2="${y}" ${attributes}/>`
  return [
    heading(top + 8, `Dose ${DOSE_HEIGHT_M} m above the floor, facing`),
    heading(top + 26, 'the lamp, against the target'),
    ...BANDS.toReversed().flatMap(({ colour, label }, index) => [
      `<rect x="${x}" y="${row(index + 1) - 10}" width="32" height="20" fill="${colour}" stroke="${MUTED}" stroke-width="0.6"/>`,
      text(labelX, row(index + 1) + 4.5, 13, label),
    ]),
    ...mark(0, (y) => stopMark(x + 16, y, '1'), 'stop, seconds of light'),
    ...mark(
      1,
      (y) => sample(y, `stroke="${WAY}" stroke-width="2" stroke-dasharray="7 5"`) + startMark(x + 6, y),
      'way of the robot',
    ),
    ...mark(2, (y) => sample(y, missedStroke(true)), 'not promised, all heights'),
    ...mark(3, (y) => sample(y, missedStroke(false)), 'not promised, some heights'),
    ...mark(4, (y) => cross(x + 16, y), 'top or underside, not promised'),
    ...mark(
      5,
      (y) => `<rect x="${x}" y="${y - 8}" width="32" height="16" fill="${FURNITURE}" stroke="${INK}"/>`,
      `reaches through ${DOSE_HEIGHT_M} m`,
    ),
    ...mark(
      6,
      (y) =>
        `<line x1="${x}" y1="${y}" x2="${x + 32}" y2="${y}" stroke="${INK}" stroke-width="6"/>` +
        `<line x1="${x + 8}" y1="${y}" x2="${x + 24}" y2="${y}" stroke="#ffffff" stroke-width="4"/>`,
      'wall with door',
    ),
    `<path d="M${x} ${row(marksTop + 7.6) - 5}v10m0 -5h${perMetre}m0 -5v10" stroke="${INK}" stroke-width="1.5" fill="none"/>`,
    text(x + perMetre + 8, row(marksTop + 7.6) + 4.5, 13, '1 m'),
  ]
}

function line(view: View, a: Point2, b: Point2, attributes: string): string {
  return `<line x1="${tenths(view.x(a.x))}" y1="${tenths(view.y(a.y))}" x2="${tenths(view.x(b.x))}" y2="${tenths(view.y(b.y))}" ${attributes}/>`
}

function points(polygon: Polygon, view: View): string {
  return polygon.map(({ x, y }) => `${tenths(view.x(x))},${tenths(view.y(y))}`).join(' ')
}

function text(x: number, y: number, size: number, words: string, attributes = ''): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${tenths(x)}" y="${tenths(y)}" font-size="${tenths(size)}" ${attributes}>${escaped}</text>`
}

function halo(colour: string): string {
  return `stroke="${colour}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"`
}

function tenths(value: number): number {
  return Math.round(10 * value) / 10
}
