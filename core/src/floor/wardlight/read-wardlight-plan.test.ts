import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distance, distanceToBoundary } from '../../geometry/index.ts'
import { readFloorPlan } from '../read-floor-plan.ts'
import { errorOf } from '../testing/error-of.ts'
import { memoryFiles } from '../testing/memory-files.ts'

const PATH = 'plans/ward.yaml'

const WARD = `wardlightPlan: 1
id: ward
name: Ward
layouts:
  single:
    - { kind: bed, at: [1.2, 1.5] }
    - { kind: chair, at: [3, 3], name: visitor's chair }
levels:
  - id: L1
    rooms:
      - { id: corridor, kind: corridor, rect: [0, 0, 8, 2.4] }
      - { id: r1, kind: patientRoom, ward: A, rect: [0, 2.4, 4, 5], airChangesPerHour: 6, layout: single }
      - { id: r2, kind: patientRoom, polygon: [[4, 2.4], [8, 2.4], [8, 7.4], [4, 7.4]], layout: single, mirror: xy }
    doors:
      - { id: d1, room: r1, side: south, offsetM: 1, widthM: 1.2 }
      - { id: d2, from: [5, 2.4], to: [6.1, 2.4], kind: sliding, automatic: true }
    walls:
      - { from: [4, 2.4], to: [8, 2.4], material: glass }
    docks:
      - { id: dock, at: [7.5, 1.2], facingDeg: 180 }
    zones:
      - { id: slow, kind: speedLimit, speedLimitMps: 0.4, rect: [0, 0, 8, 2.4] }
lifts:
  - id: lift
    rect: [8, 0, 2, 2.4]
    doors: [{ level: L1, side: west, offsetM: 0.6, widthM: 1.2 }]
`

function read(text: string) {
  return readFloorPlan(PATH, memoryFiles({ [PATH]: text }))
}

describe('a plan of our own', () => {
  const { plan, problems } = read(WARD)
  const level = plan.levels[0]!
  const room = (id: string) => level.rooms.find((other) => other.id === id)!

  it('is read whole', () => {
    expect(problems).toEqual([])
    expect(room('r1')).toMatchObject({
      name: 'r1',
      ward: 'A',
      heightM: 2.7,
      airChangesPerHour: 6,
      doorIds: ['d1'],
    })
    expect(room('r1').volumeM3).toBeCloseTo(4 * 5 * 2.7, 9)
    expect(room('corridor').doorIds.toSorted()).toEqual(['d1', 'd2', 'lift.L1'])
    expect(level.doors.map(({ id, kind, automatic }) => [id, kind, automatic])).toEqual([
      ['d1', 'hinged', false],
      ['d2', 'sliding', true],
      ['lift.L1', 'doubleSliding', true],
    ])
    expect(level.zones[0]).toMatchObject({ kind: 'speedLimit', speedLimitMps: 0.4 })
    expect(level.docks[0]!.pose.theta).toBeCloseTo(Math.PI, 9)
    expect(plan.lifts[0]).toMatchObject({ levelIds: ['L1'], doorIds: { L1: ['lift.L1'] } })
  })

  it('knows what its isolation zones are for, and where robots are decontaminated', () => {
    const zones = (lines: string) => WARD.replace('    zones:\n', `    zones:\n${lines}`)
    const { plan } = read(
      zones(
        '      - { id: iso, kind: isolation, organisms: [mrsa], rect: [0, 0, 1, 1] }\n' +
          '      - { id: wash, kind: decontamination, rect: [1, 0, 1, 1] }\n',
      ),
    )
    expect(plan.levels[0]!.zones.slice(0, 2)).toMatchObject([
      { kind: 'isolation', organismIds: ['mrsa'] },
      { kind: 'decontamination' },
    ])
    expect(() =>
      read(zones('      - { id: wrong, kind: clean, organisms: [mrsa], rect: [0, 0, 1, 1] }\n')),
    ).toThrow('names organisms')
  })

  it('knows what robots announce in a zone, and that only such a zone has words', () => {
    const zone = (fields: string) =>
      WARD.replace('    zones:\n', `    zones:\n      - { id: words, rect: [0, 0, 1, 1], ${fields} }\n`)
    const { plan } = read(zone('kind: announce, text: "Robot coming through"'))
    expect(plan.levels[0]!.zones[0]).toMatchObject({ kind: 'announce', text: 'Robot coming through' })
    expect(() => read(zone('kind: announce'))).toThrow('has no words')
    expect(() => read(zone('kind: release, text: "Robot coming through"'))).toThrow('has words')
    expect(() => read(zone(`kind: announce, text: ${'x'.repeat(201)}`))).toThrow('200')
  })

  it('has each wall once, with gaps at the doors, and glass where it says so', () => {
    const length = (material: string) =>
      level.walls
        .filter((wall) => wall.material === material)
        .reduce((sum, { a, b }) => sum + distance(a, b), 0)
    expect(length('glass')).toBeCloseTo(4 - 1.1, 6)
    // Outlines 8 + 8 + 7.4 + 7.4, between rooms 4 + 5, three sides of the cabin 2 + 2 + 2.4, less two doors.
    expect(length('solid')).toBeCloseTo(30.8 + 9 + 6.4 - 1.2 - 1.2, 6)
  })

  it('places the furniture of a layout from the corner of its room, mirrored where it says so', () => {
    const bed = (id: string) => room(id).furniture[0]!
    expect(bed('r1').id).toBe('r1.bed-1')
    const centre = (id: string) => {
      const { footprint } = bed(id)
      return [0, 1].map((axis) => footprint.reduce((sum, { x, y }) => sum + (axis === 0 ? x : y) / 4, 0))
    }
    expect(centre('r1')).toEqual([expect.closeTo(1.2, 9), expect.closeTo(3.9, 9)])
    expect(centre('r2')).toEqual([expect.closeTo(6.8, 9), expect.closeTo(5.9, 9)])
    expect(room('r1').furniture[1]!.name).toBe("visitor's chair")
  })

  it('gets a navigation graph through every door, clear of the walls', () => {
    const { nodes, edges } = level.graph
    const reached = new Set(['L1.dock.dock'])
    for (let before = 0; before < reached.size;) {
      before = reached.size
      for (const { fromNodeId, toNodeId } of edges) {
        if (reached.has(fromNodeId) || reached.has(toNodeId)) reached.add(fromNodeId).add(toNodeId)
      }
    }
    expect([...reached].toSorted()).toEqual(nodes.map(({ id }) => id).toSorted())
    for (const node of nodes.filter(({ id }) => /^L1\.(r1|r2|corridor)\./.test(id))) {
      const inside = level.rooms.find(({ id }) => node.id.startsWith(`L1.${id}.`))!
      expect(distanceToBoundary(node, inside.polygon)).toBeGreaterThan(0.6)
    }
  })
})

describe('rooms drawn side by side', () => {
  it('give doors to both their rooms and walls of the right length, whatever their sizes', () => {
    const size = fc.integer({ min: 20, max: 90 }).map((tenths) => tenths / 10)
    fc.assert(
      fc.property(fc.array(size, { minLength: 1, maxLength: 6 }), size, (widths, depth) => {
        const xs = widths.reduce(
          (sums, width) => [...sums, Math.round(10 * (sums.at(-1)! + width)) / 10],
          [0],
        )
        const total = xs.at(-1)!
        const rooms = widths.map(
          (width, index) => `{ id: r${index}, kind: other, rect: [${xs[index]}, 2, ${width}, ${depth}] }`,
        )
        const doors = widths.map(
          (_, index) => `{ id: d${index}, room: r${index}, side: south, offsetM: 0.5, widthM: 1 }`,
        )
        const text = [
          'wardlightPlan: 1',
          'id: row',
          'name: Row',
          'levels:',
          '  - id: L1',
          '    rooms:',
          ...[`{ id: corridor, kind: corridor, rect: [0, 0, ${total}, 2] }`, ...rooms].map(
            (line) => `      - ${line}`,
          ),
          '    doors:',
          ...doors.map((line) => `      - ${line}`),
        ].join('\n')
        const { plan, problems } = read(text)
        expect(problems).toEqual([])
        const level = plan.levels[0]!
        for (const [index, door] of level.doors.entries()) {
          expect([...door.roomIds].toSorted()).toEqual(['corridor', `r${index}`])
        }
        const wallM = level.walls.reduce((sum, { a, b }) => sum + distance(a, b), 0)
        const expectedM = 3 * total + 2 * 2 + (widths.length + 1) * depth - widths.length
        expect(wallM).toBeCloseTo(expectedM, 3)
      }),
      { numRuns: 50 },
    )
  })
})

describe('a broken plan', () => {
  it.each([
    ['bad YAML', ['rooms:', 'rooms: ['], 'WARD_ERR_PLAN_YAML', /:\d+:\d+$/, /./],
    ['version 2', ['wardlightPlan: 1', 'wardlightPlan: 2'], 'WARD_ERR_PLAN_VERSION', /:1 /, /version 2/],
    ['no version', ['wardlightPlan: 1\n', ''], 'WARD_ERR_PLAN_VERSION', /ward\.yaml/, /which version/],
    ['a misspelt field', ['ward: A', 'wards: A'], 'WARD_ERR_PLAN_SCHEMA', /:12 /, /"wards"/],
    [
      'a room without kind',
      ['id: r1, kind: patientRoom,', 'id: r1,'],
      'WARD_ERR_PLAN_SCHEMA',
      /:12 /,
      /"kind"/,
    ],
    [
      'an unknown kind',
      ['kind: patientRoom, ward', 'kind: bedroom, ward'],
      'WARD_ERR_PLAN_SCHEMA',
      /:12 /,
      /bedroom/,
    ],
    ['a word for a number', ['offsetM: 1,', 'offsetM: one,'], 'WARD_ERR_PLAN_SCHEMA', /:15 /, /"one"/],
    ['a room twice', ['id: r2', 'id: r1'], 'WARD_ERR_PLAN_SCHEMA', /:13 /, /two rooms "r1"/],
    ['a door twice', ['id: d2', 'id: d1'], 'WARD_ERR_PLAN_SCHEMA', /:16 /, /two doors "d1"/],
    ['an id that no address can hold', ['id: r2', 'id: "r 2"'], 'WARD_ERR_PLAN_SCHEMA', /:13 /, /r 2/],
    [
      'a door beside the wall',
      ['from: [5, 2.4]', 'from: [5, 2.6]'],
      'WARD_ERR_PLAN_SCHEMA',
      /:16 /,
      /on no wall/,
    ],
    ['a door of no room', ['room: r1', 'room: r9'], 'WARD_ERR_PLAN_SCHEMA', /:15 /, /no room "r9"/],
    ['half a door', ['offsetM: 1, ', ''], 'WARD_ERR_PLAN_SCHEMA', /:15 /, /unclear where door "d1"/],
    [
      'rooms that overlap',
      ['[0, 2.4, 4, 5]', '[0, 2.2, 4, 5]'],
      'WARD_ERR_PLAN_SCHEMA',
      /:12 /,
      /overlaps room "corridor"/,
    ],
    [
      'an outline that crosses itself',
      ['[8, 7.4], [4, 7.4]', '[4, 7.4], [8, 7.4]'],
      'WARD_ERR_PLAN_SCHEMA',
      /:13 /,
      /crosses/,
    ],
    ['a room without outline', ['rect: [0, 2.4, 4, 5], ', ''], 'WARD_ERR_PLAN_SCHEMA', /:12 /, /no outline/],
    [
      'a layout that there is not',
      ['layout: single, mirror', 'layout: double, mirror'],
      'WARD_ERR_PLAN_SCHEMA',
      /:13 /,
      /no layout "double"/,
    ],
    [
      'a lift to nowhere',
      ['level: L1, side', 'level: L5, side'],
      'WARD_ERR_PLAN_SCHEMA',
      /:\d+ /,
      /no level "L5"/,
    ],
  ] as const)('with %s is refused with line and remedy', (_, [from, to], code, where, what) => {
    expect(WARD).toContain(from)
    const error = errorOf(() => read(WARD.replace(from, to)))
    expect(error.code).toBe(code)
    expect(error.where).toContain(PATH)
    expect(error.where).toMatch(where)
    expect(error.what).toMatch(what)
    expect(error.remedy.length).toBeGreaterThan(10)
  })

  it.each([
    ['furniture outside its room', ['at: [3, 3]', 'at: [3, 9]'], /sticks out/],
    [
      'a room without a door',
      ['      - { id: d1, room: r1, side: south, offsetM: 1, widthM: 1.2 }\n', ''],
      /"r1" has no door/,
    ],
    ['a narrow door', ['widthM: 1.2 }\n      - { id: d2', 'widthM: 0.7 }\n      - { id: d2'], /0\.70 m wide/],
    ['a dock outside', ['at: [7.5, 1.2]', 'at: [7.5, -1.2]'], /in no room/],
  ] as const)('with %s is read, and says so', (_, [from, to], what) => {
    expect(WARD).toContain(from)
    const { problems } = read(WARD.replace(from, to))
    expect(problems.map((problem) => problem.what).join()).toMatch(what)
    for (const problem of problems) expect(problem.where).toMatch(/^plans\/ward\.yaml:\d+/)
  })

  it.each([
    ['something else', 'apples: 3\n'],
    ['a list', '- 1\n'],
    ['nothing', ''],
  ])('that is %s is told apart', (_, text) => {
    expect(errorOf(() => read(text)).code).toBe('WARD_ERR_PLAN_FORMAT')
  })

  it('that is an image is told apart', () => {
    const error = errorOf(() => readFloorPlan('maps/ward.pgm', memoryFiles({})))
    expect([error.code, error.where]).toEqual(['WARD_ERR_PLAN_FORMAT', 'maps/ward.pgm'])
  })
})
