import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findRoom, roomAt } from '../find-room.ts'
import { readFloorPlan } from '../read-floor-plan.ts'
import { drawnBuilding, walls, type DrawingOptions, type DrawnLevel } from '../testing/drawn-building.ts'
import { errorOf } from '../testing/error-of.ts'
import { memoryFiles } from '../testing/memory-files.ts'

const PATH = 'maps/ward.building.yaml'

function read(text: string) {
  return readFloorPlan(PATH, memoryFiles({ [PATH]: text }))
}

function draw(level: DrawnLevel, options: Partial<DrawingOptions> = {}) {
  return read(drawnBuilding({ L1: level }, { pixelsPerMetre: 30, ...options }))
}

/** A corridor with two rooms to its north, their doors drawn as the traffic editor does: gaps with a door in them. */
const WARD: DrawnLevel = {
  walls: [
    { from: { x: 0, y: 0 }, to: { x: 8, y: 0 } },
    { from: { x: 8, y: 0 }, to: { x: 8, y: 7 } },
    { from: { x: 8, y: 7 }, to: { x: 0, y: 7 } },
    { from: { x: 0, y: 7 }, to: { x: 0, y: 0 } },
    { from: { x: 4, y: 2 }, to: { x: 4, y: 7 } },
    { from: { x: 0, y: 2 }, to: { x: 1, y: 2 } },
    { from: { x: 2, y: 2 }, to: { x: 5, y: 2 } },
    { from: { x: 6, y: 2 }, to: { x: 8, y: 2 } },
  ],
  doors: [
    { from: { x: 1, y: 2 }, to: { x: 2, y: 2 }, name: 'isolation_a', parameters: 'type: [1, sliding]' },
    { from: { x: 5, y: 2 }, to: { x: 6, y: 2 }, name: 'wc', parameters: 'plugin: [1, none]' },
  ],
}

describe('rooms of a building', () => {
  it('are the faces that walls and shut doors enclose', () => {
    const { plan, problems } = draw(WARD)
    const [level] = plan.levels
    expect(problems).toEqual([])
    expect(level!.rooms.map(({ id, kind, areaM2 }) => [id, kind, Math.round(areaM2 * 10) / 10])).toEqual([
      ['isolation_a', 'isolationRoom', 20],
      ['wc', 'bathroom', 20],
      ['L1_corridor_1', 'corridor', 16],
    ])
    expect(
      level!.doors.map(({ kind, automatic, roomIds }) => [kind, automatic, [...roomIds].toSorted()]),
    ).toEqual([
      ['sliding', true, ['L1_corridor_1', 'isolation_a']],
      ['hinged', false, ['L1_corridor_1', 'wc']],
    ])
  })

  it('have y up, in metres', () => {
    const { plan } = draw(WARD)
    expect(roomAt(plan.levels[0]!, { x: 1, y: 5 })?.id).toBe('isolation_a')
    expect(roomAt(plan.levels[0]!, { x: 1, y: 1 })?.id).toBe('L1_corridor_1')
  })

  it('answer to their waypoints and doors, and a door means the room that it leads into', () => {
    const { plan } = draw({
      ...WARD,
      waypoints: [
        { x: 2, y: 5, name: 'ward_7' },
        { x: 7, y: 5, name: 'robot_charger', parameters: 'is_charger: [4, true]' },
      ],
    })
    expect(findRoom(plan, 'WARD_7').room.id).toBe('ward_7')
    expect(findRoom(plan, 'isolation_a').room.id).toBe('ward_7')
    expect(findRoom(plan, 'wc').room.id).toBe('wc')
    expect(plan.levels[0]!.docks.map(({ id }) => id)).toEqual(['robot_charger'])
    const error = errorOf(() => findRoom(plan, 'ward_8'))
    expect(error.code).toBe('WARD_ERR_ROOM_UNKNOWN')
    expect(error.remedy).toContain('"ward_7"')
  })

  it('come out the same whatever the order and direction of the walls, and the scale of the drawing', () => {
    const expected = draw(WARD).plan.levels[0]!.rooms.map(({ id, areaM2 }) => [id, areaM2.toFixed(3)])
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...WARD.walls], { minLength: WARD.walls.length }),
        fc.array(fc.boolean(), { minLength: WARD.walls.length, maxLength: WARD.walls.length }),
        fc.integer({ min: 3, max: 200 }),
        (shuffled, turns, pixelsPerMetre) => {
          const turned = shuffled.map((wall, index) =>
            turns[index] === true ? { from: wall.to, to: wall.from } : wall,
          )
          const { plan } = draw({ ...WARD, walls: turned }, { pixelsPerMetre })
          expect(plan.levels[0]!.rooms.map(({ id, areaM2 }) => [id, areaM2.toFixed(3)])).toEqual(expected)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('keep their columns and inner walls as obstacles', () => {
    const { plan } = draw({
      ...WARD,
      walls: [...WARD.walls, ...walls(1, 4, 1.5, 4.5), { from: { x: 4, y: 4 }, to: { x: 6, y: 4 } }],
    })
    const furniture = (id: string) => findRoom(plan, id).room.furniture.map(({ name }) => name)
    expect(furniture('isolation_a')).toEqual(['column 1'])
    expect(furniture('wc')).toEqual(['inner wall 1'])
  })

  it('around other rooms leave these out of their area', () => {
    const { plan } = draw({
      walls: [
        ...walls(0, 0, 20, 10),
        { from: { x: 5, y: 3 }, to: { x: 9, y: 3 } },
        { from: { x: 9, y: 3 }, to: { x: 9, y: 7 } },
        { from: { x: 9, y: 7 }, to: { x: 5, y: 7 } },
        { from: { x: 5, y: 7 }, to: { x: 5, y: 5 } },
        { from: { x: 5, y: 4 }, to: { x: 5, y: 3 } },
      ],
      doors: [{ from: { x: 5, y: 4 }, to: { x: 5, y: 5 }, name: 'booth' }],
    })
    expect(findRoom(plan, 'booth').room.areaM2).toBeCloseTo(16, 6)
    expect(findRoom(plan, 'L1_room_1').room.areaM2).toBeCloseTo(184, 6)
    expect(roomAt(plan.levels[0]!, { x: 7, y: 5 })?.id).toBe('booth')
  })
})

describe('levels of a building', () => {
  it('are laid on the reference level by their fiducials, whatever their own scale and turn', () => {
    const fiducials = [
      { x: 0, y: 0, name: 'a' },
      { x: 8, y: 0, name: 'b' },
      { x: 8, y: 7, name: 'c' },
    ]
    const text = drawnBuilding(
      { L1: { ...WARD, fiducials }, L2: { ...WARD, fiducials, isMeasured: false } },
      {
        pixelsPerMetre: 30,
        place: (id, { x, y }) => (id === 'L1' ? { x, y } : { x: 300 - 2 * y, y: 40 + 2 * x }),
      },
    )
    const [below, above] = read(text).plan.levels
    for (const [index, door] of below!.doors.entries()) {
      const other = above!.doors[index]!
      expect([other.a.x, other.a.y]).toEqual([expect.closeTo(door.a.x, 6), expect.closeTo(door.a.y, 6)])
    }
    expect(above!.rooms.map(({ id }) => id)).toEqual(['isolation_a-2', 'wc-2', 'L2_corridor_1'])
  })

  it('are joined by lifts, whose cabins are no rooms', () => {
    const level: DrawnLevel = { ...WARD, walls: [...WARD.walls, ...walls(8, 0, 10, 2)] }
    const lifts = `{lift_1: {x: ${9 * 30}, y: ${-1 * 30}, yaw: 0, width: 1.8, depth: 1.8, reference_floor_name: L1,
  doors: {front: {x: -0.95, y: 0, width: 1.2, door_type: 2, motion_axis_orientation: 1.57}},
  level_doors: {L1: [front], L2: [front]}}}`
    const { plan } = read(drawnBuilding({ L1: level, L2: level }, { pixelsPerMetre: 30, lifts }))
    expect(plan.lifts.map(({ id, levelIds }) => [id, levelIds])).toEqual([['lift_1', ['L1', 'L2']]])
    expect(plan.levels.map(({ rooms }) => rooms.length)).toEqual([3, 3])
    const [doorId] = plan.lifts[0]!.doorIds['L2']!
    const door = plan.levels[1]!.doors.find(({ id }) => id === doorId)!
    expect([door.a.x, door.b.x, door.a.y, door.b.y]).toEqual(
      [8.1, 8.1, 0.4, 1.6].map((value) => expect.closeTo(value, 6)),
    )
  })

  it('keep their lanes: each way once, one-way ones as they are', () => {
    const lane = (fromX: number, toX: number, parameters: string) => ({
      from: { x: fromX, y: 1 },
      to: { x: toX, y: 1 },
      parameters,
    })
    const { plan } = draw({
      ...WARD,
      lanes: [
        lane(1, 3, 'bidirectional: [4, true], graph_idx: [2, 0]'),
        lane(3, 1, 'bidirectional: [4, true], graph_idx: [2, 1]'),
        lane(3, 5, 'bidirectional: [4, false], speed_limit: [3, 0.4]'),
      ],
    })
    const { nodes, edges } = plan.levels[0]!.graph
    expect(nodes).toHaveLength(3)
    expect(edges.map(({ bidirectional, speedLimitMps }) => [bidirectional, speedLimitMps])).toEqual([
      [true, null],
      [false, 0.4],
    ])
  })
})

describe('a broken building', () => {
  const whole = drawnBuilding({ L1: WARD }, { pixelsPerMetre: 30 })
  it.each([
    ['bad YAML', whole.replace('walls:', 'walls: ['), 'WARD_ERR_PLAN_YAML'],
    [
      'a vertex that there is not',
      whole.replace(/doors:\n {6}- \[\d+/, 'doors:\n      - [88'),
      'WARD_ERR_PLAN_SCHEMA',
    ],
    [
      'a word for a coordinate',
      whole.replace(/vertices:\n {6}- \[\d+/, 'vertices:\n      - [left'),
      'WARD_ERR_PLAN_SCHEMA',
    ],
    ['walls that are no list', whole.replace(/walls:\n( {6}- .*\n)+/, 'walls: 3\n'), 'WARD_ERR_PLAN_SCHEMA'],
    ['no measurement', whole.replace(/ {4}measurements:\n.*\n/, ''), 'WARD_ERR_PLAN_SCALE'],
    ['a measurement of 0 m', whole.replace('distance: [3, 4]', 'distance: [3, 0]'), 'WARD_ERR_PLAN_SCALE'],
    ['a measured negative', whole.replace('distance: [3, 4]', 'distance: [3, -4]'), 'WARD_ERR_PLAN_SCALE'],
    ['an outdoor coordinate system', whole.replace('reference_image', 'wgs84'), 'WARD_ERR_PLAN_FORMAT'],
    ['no levels', 'name: x\nlevels: {}\n', 'WARD_ERR_PLAN_SCHEMA'],
    [
      'a lift to a level that there is not',
      whole.replace(
        'lifts: {}',
        'lifts: {a: {x: 0, y: 0, yaw: 0, width: 1, depth: 1, level_doors: {L9: [d]}}}',
      ),
      'WARD_ERR_PLAN_SCHEMA',
    ],
  ])('with %s is refused with file, line and remedy', (_, text, code) => {
    expect(text).not.toBe(whole)
    const error = errorOf(() => read(text))
    expect(error.code).toBe(code)
    expect(error.where).toMatch(/^maps\/ward\.building\.yaml:\d+/)
    expect(error.remedy.length).toBeGreaterThan(10)
  })

  it('without walls around any room is refused', () => {
    const error = errorOf(() => draw({ walls: WARD.walls.slice(0, 3) }))
    expect(error.code).toBe('WARD_ERR_PLAN_WALLS')
  })

  it('says which door closes off nothing, and where the walls are open', () => {
    const { plan, problems } = draw({ ...WARD, walls: WARD.walls.filter((_, index) => index !== 7) })
    const [problem] = problems
    expect(problem).toMatchObject({
      severity: 'error',
      where: expect.stringMatching(/yaml:\d+ \(levels\.L1\.doors\.1\)/),
    })
    expect(problem!.what).toContain('"wc"')
    expect(problem!.remedy).toContain('(6.00, 2.00)')
    // The room behind is one with the corridor: to disinfect that by the closet's name would be a surprise.
    expect(errorOf(() => findRoom(plan, 'wc')).code).toBe('WARD_ERR_ROOM_UNKNOWN')
  })

  it('that is missing is said to be missing', () => {
    const error = errorOf(() => readFloorPlan(PATH, memoryFiles({})))
    expect([error.code, error.where]).toEqual(['WARD_ERR_PLAN_UNREADABLE', PATH])
  })
})
