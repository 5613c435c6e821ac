import {
  createGridField,
  createIrradianceField,
  createWasmGridField,
  DEFAULT_LAMP,
  gridFaces,
  lineLampFaceKernel,
  lineLampKernel,
  surfacesOf,
  type FaceKernel,
  type GridField,
  type RoomModel,
  type ShadowGrid,
} from '@wardlight/core/disinfection'
import { createRandom } from '@wardlight/core/random'
import { roomInput } from './bench-rooms.ts'
import { openGridCast, type GridWork } from './grid-cast.ts'
import { compare, elapsedMs, medianMs } from './measure.ts'
import { naiveField } from './naive-field.ts'
import type { BenchRow, BenchSettings, BenchSuite, GrowthTable } from './suite.ts'

/** Patches of an upright face, one above the other: about 15,600 of them on the grid that is measured. */
const FACE_HEIGHTS = 19

interface GridSide {
  readonly id: string
  readonly name: string
  /** How many times faster than the C++ it is to be. */
  readonly goal: number
  readonly create: (work: GridWork, faceKernel?: FaceKernel) => GridField
}

const GRID_SIDES: readonly GridSide[] = [
  {
    id: 'grid-field',
    name: 'createGridField, TypeScript',
    goal: 50,
    create: ({ grid, kernel }, faceKernel) => createGridField(grid, kernel, faceKernel),
  },
  {
    id: 'grid-field-wasm',
    name: 'createWasmGridField, WebAssembly with SIMD',
    goal: 100,
    create: ({ grid, kernel }, faceKernel) => {
      const field = createWasmGridField(grid, kernel, faceKernel)
      if (field === null) throw new Error('there is no WebAssembly with SIMD here')
      return field
    },
  },
]

/** Points of a tube at which the naive field comes within about a hundredth of the exact one. */
const POINTS = 24

export const DOSE_SUITE: BenchSuite = {
  id: 'dose',
  about: 'light on surfaces and on a grid',
  run(settings) {
    const cast = openGridCast()
    try {
      return {
        suite: 'dose',
        rows: [
          exactFieldRow(settings),
          ...GRID_SIDES.map((side) => gridRow(settings, cast, side)),
          ...GRID_SIDES.map((side) => facesRow(settings, side)),
        ],
        growth: [...fieldGrowth(settings), gridGrowth(settings)],
      }
    } finally {
      cast.dispose()
    }
  },
}

/** Places in a room, off its furniture or not: light is light. */
function placesIn({ polygon }: RoomModel, count: number) {
  const random = createRandom(1)
  const xs = polygon.map(({ x }) => x)
  const ys = polygon.map(({ y }) => y)
  const between = (values: readonly number[]) =>
    Math.min(...values) + (0.2 + 0.6 * random.uniform()) * (Math.max(...values) - Math.min(...values))
  return Array.from({ length: count }, () => ({ x: between(xs), y: between(ys), theta: 0 }))
}

function exactFieldRow({ rounds, isQuick }: BenchSettings): BenchRow {
  const { room } = roomInput('I1')
  const surfaces = surfacesOf(room, isQuick ? 1 : 0.25)
  const places = placesIn(room, isQuick ? 2 : 40)
  const naivePlaces = places.slice(0, isQuick ? 1 : 2)
  const field = createIrradianceField(surfaces, room, DEFAULT_LAMP)
  const nanosecondsFor = (ms: number, positions: number) => (1e6 * ms) / (positions * surfaces.length)
  const row = compare(
    {
      id: 'exact-field',
      name: `Exact light with shadows in a furnished isolation room, ${surfaces.length} surfaces, ${room.obstacles.length} obstacles, 8 tubes`,
      unit: 'ns a surface and stop',
      goal: null,
      ours: {
        name: 'createIrradianceField: closed form, exact shadows',
        measure: () =>
          nanosecondsFor(
            elapsedMs(() => places.forEach((place) => field.at(place))),
            places.length,
          ),
      },
      peer: {
        name: `naive: ${POINTS} points a tube, every sight line against everything`,
        measure: () =>
          nanosecondsFor(
            elapsedMs(() =>
              naivePlaces.forEach((place) => naiveField(surfaces, room, DEFAULT_LAMP, place, POINTS)),
            ),
            naivePlaces.length,
          ),
      },
    },
    rounds,
  )
  const exact = field.at(naivePlaces[0]!)
  const naive = naiveField(surfaces, room, DEFAULT_LAMP, naivePlaces[0]!, POINTS)
  const brightest = Math.max(...exact)
  const off = Math.max(...exact.map((value, index) => Math.abs(value - naive[index]!))) / brightest
  return {
    ...row,
    notes: [
      `${Math.round(1e9 / row.ours.figures.median).toLocaleString('en')} surface·stops a second; naively ${Math.round(1e9 / row.peer.figures.median).toLocaleString('en')}`,
      `the naive field is off by up to ${(100 * off).toPrecision(2)} % of the brightest surface`,
    ],
  }
}

function gridWork(width: number, height: number, positions: number): GridWork {
  const random = createRandom(7)
  const isBlocked = new Uint8Array(width * height)
  // A ward's worth of boxes: about a tenth of the floor.
  for (let box = 0; box < (width * height) / 240; box += 1) {
    const [w, h] = [2 + random.integer(8), 2 + random.integer(4)]
    const [left, top] = [random.integer(width), random.integer(height)]
    for (let row = top; row < Math.min(height, top + h); row += 1) {
      isBlocked.fill(1, row * width + left, row * width + Math.min(width, left + w))
    }
  }
  const grid: ShadowGrid = { width, height, isBlocked }
  const places: number[] = []
  while (places.length < 2 * positions) {
    const [column, row] = [random.integer(width), random.integer(height)]
    if (isBlocked[row * width + column] === 0) places.push(column, row)
  }
  return { grid, kernel: lineLampKernel(grid, 0.05, DEFAULT_LAMP, 1), places: Int32Array.from(places) }
}

/** Adds all places of the work, some times over. */
function sweepAll(field: GridField, { places }: GridWork, passes: number): void {
  for (let pass = 0; pass < passes; pass += 1) {
    for (let place = 0; place < places.length; place += 2) field.add(places[place]!, places[place + 1]!, 1)
  }
}

function microsecondsFor(field: GridField, work: GridWork, passes: number): number {
  return (2000 * elapsedMs(() => sweepAll(field, work, passes))) / (passes * work.places.length)
}

function gridWorkOf({ isQuick }: BenchSettings) {
  const work = isQuick ? gridWork(30, 20, 5) : gridWork(120, 100, 200)
  const { width, height } = work.grid
  // So many passes that a round takes as long as one of the peer's: what else runs here weighs on both alike.
  return {
    work,
    passes: isQuick ? 1 : 60,
    about: `a grid of ${width} × ${height} cells, ${work.places.length / 2} positions`,
  }
}

function gridRow(
  settings: BenchSettings,
  cast: ReturnType<typeof openGridCast>,
  { id, name, goal, create }: GridSide,
): BenchRow {
  const { work, passes, about } = gridWorkOf(settings)
  const field = create(work)
  sweepAll(field, work, 1)
  const { sum } = cast.run(work)
  const off = Math.abs(field.dose.reduce((total, value) => total + value, 0) / sum - 1)
  if (!(off < 1e-9)) throw new Error(`the sweep and the ray cast disagree by ${off}: the comparison is void`)
  return {
    ...compare(
      {
        id,
        name: `Light with shadows on ${about}`,
        unit: 'µs a position',
        goal,
        ours: { name, measure: () => microsecondsFor(field, work, passes) },
        peer: { name: cast.name, measure: () => cast.run(work).microseconds },
      },
      settings.rounds,
    ),
    notes: [`both give the same field: their sums differ by ${off.toExponential(1)}`],
  }
}

/** What faces add to a sweep: with them is to take at most 1.7 times as long as without. */
function facesRow(settings: BenchSettings, { id, name, create }: GridSide): BenchRow {
  const { work, passes, about } = gridWorkOf(settings)
  const heightsM = Array.from({ length: FACE_HEIGHTS }, (_, index) => 0.1 * (index + 1))
  const patches = gridFaces(work.grid).count * FACE_HEIGHTS
  const without = create(work)
  const withFaces = create(work, lineLampFaceKernel(work.grid, 0.05, DEFAULT_LAMP, heightsM))
  const row = compare(
    {
      id: `${id}-faces`,
      name: `The same with ${patches.toLocaleString('en')} patches on upright faces, on ${about}`,
      unit: 'µs a position',
      goal: 1 / 1.7,
      ours: { name: `${name}, with faces`, measure: () => microsecondsFor(withFaces, work, passes) },
      peer: { name: `${name}, without`, measure: () => microsecondsFor(without, work, passes) },
    },
    settings.rounds,
  )
  return {
    ...row,
    notes: [`${(1 / row.ratio.median).toPrecision(3)} times as long as without; at most 1.7 is wanted`],
  }
}

function fieldGrowth({ isQuick }: BenchSettings): GrowthTable[] {
  const { room } = roomInput('I1')
  const place = placesIn(room, 1)[0]!
  const runs = isQuick ? 1 : 15
  const cost = (model: RoomModel, sizeM: number) => {
    const surfaces = surfacesOf(model, sizeM)
    const field = createIrradianceField(surfaces, model, DEFAULT_LAMP)
    const ms = medianMs(() => field.at(place), runs)
    return { surfaces: surfaces.length, ms }
  }
  return [
    {
      id: 'field-by-surface-size',
      name: 'Exact light by the size of surfaces, isolation room',
      size: 'size, m',
      figures: ['surfaces', 'ms a stop', 'ns a surface'],
      rows: (isQuick ? [1] : [0.5, 0.25, 0.125]).map((size) => {
        const { surfaces, ms } = cost(room, size)
        return { size, figures: [surfaces, ms, (1e6 * ms) / surfaces] }
      }),
      notes: [],
    },
    {
      id: 'field-by-obstacles',
      name: 'Exact light by the number of obstacles, surfaces of 0.25 m',
      size: 'obstacles',
      figures: ['surfaces', 'ms a stop', 'ns a surface'],
      rows: (isQuick ? [1] : [0, 2, 4, 7]).map((count) => {
        const model = { ...room, obstacles: room.obstacles.slice(0, count), touchPoints: [] }
        const { surfaces, ms } = cost(model, 0.25)
        return { size: count, figures: [surfaces, ms, (1e6 * ms) / surfaces] }
      }),
      notes: [],
    },
  ]
}

function gridGrowth({ isQuick }: BenchSettings): GrowthTable {
  return {
    id: 'grid-by-size',
    name: 'Grid field by the size of the grid',
    size: 'cells',
    figures: ['µs a position', 'ns a cell', 'µs a position in WebAssembly', 'ns a cell in WebAssembly'],
    rows: (isQuick ? [20] : [60, 120, 240, 480]).map((side) => {
      const positions = isQuick ? 2 : 50
      const work = gridWork(side, side, positions)
      const figures = GRID_SIDES.flatMap(({ create }) => {
        const field = create(work)
        const us = (1000 * medianMs(() => sweepAll(field, work, 1), isQuick ? 1 : 15)) / positions
        return [us, (1000 * us) / side ** 2]
      })
      return { size: `${side} × ${side}`, figures }
    }),
    notes: [],
  }
}
