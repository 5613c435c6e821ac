import { describe, expect, it } from 'vitest'
import { castRay, distance, valueAt, type Point2 } from '../geometry/index.ts'
import { findRoom } from './find-room.ts'
import { levelGrid } from './level-grid.ts'
import { formatPlanSummary, planSummary } from './plan-summary.ts'
import { readFloorPlan } from './read-floor-plan.ts'
import { isInSight, routeBetween } from './route.ts'
import { roomStandingPose, startingPoses } from './standing-pose.ts'
import { errorOf } from './testing/error-of.ts'
import { memoryFiles } from './testing/memory-files.ts'

const reading = readFloorPlan(
  'ward.yaml',
  memoryFiles({
    'ward.yaml': `wardlightPlan: 1
id: ward
name: Ward
levels:
  - id: L1
    rooms:
      - { id: corridor, kind: corridor, rect: [0, 0, 12, 2.4] }
      - { id: "101", name: Room 101, aliases: [Blue room], kind: patientRoom, rect: [0, 2.4, 4, 5],
          furniture: [{ kind: bed, at: [1.2, 3] }, { kind: overbedTable, at: [3, 4.5] }] }
      - { id: "102", kind: patientRoom, rect: [4, 2.4, 4, 5] }
    doors:
      - { id: d1, room: "101", side: south, offsetM: 1, widthM: 1.2 }
      - { id: d2, room: "102", side: south, offsetM: 1, widthM: 1.2 }
    walls: [{ from: [4, 2.4], to: [8, 2.4], material: glass }]
    docks: [{ id: dock, at: [11, 1.2] }, { id: buried, at: [11.95, 0.1] }]
`,
  }),
)
const level = reading.plan.levels[0]!
const band = { resolutionM: 0.05, fromHeightM: 0, toHeightM: 2, includeGlass: true }

describe('findRoom', () => {
  it.each(['101', 'room 101', 'BLUE ROOM'])('knows %s', (name) => {
    expect(findRoom(reading.plan, name).room.id).toBe('101')
  })

  it('names what is near to what it does not know', () => {
    const error = errorOf(() => findRoom(reading.plan, '103'))
    expect(error.code).toBe('WARD_ERR_ROOM_UNKNOWN')
    expect(error.remedy).toContain('"102"')
    expect(errorOf(() => findRoom(reading.plan, '101', 'L7')).code).toBe('WARD_ERR_LEVEL_UNKNOWN')
  })
})

describe('levelGrid', () => {
  it('has the walls, with open doors free and shut ones not', () => {
    const isBlocked = (closedDoorIds?: ReadonlySet<string> | 'all') =>
      valueAt(levelGrid(level, { ...band, ...(closedDoorIds && { closedDoorIds }) }), { x: 1.6, y: 2.4 }) >=
      50
    expect(isBlocked()).toBe(false)
    expect(isBlocked(new Set(['d2']))).toBe(false)
    expect(isBlocked(new Set(['d1']))).toBe(true)
    expect(isBlocked('all')).toBe(true)
  })

  it('has furniture only in the band of heights that it occupies', () => {
    const at = (fromHeightM: number, toHeightM: number, point: Point2) =>
      valueAt(levelGrid(level, { ...band, fromHeightM, toHeightM }), point)
    expect(at(0.15, 0.3, { x: 1.2, y: 5.4 })).toBe(100)
    expect(at(0.9, 1.2, { x: 1.2, y: 5.4 })).toBe(0)
    expect(at(0.2, 0.3, { x: 3, y: 6.9 })).toBe(0)
    expect(at(0, 2, { x: 3, y: 6.9 })).toBe(100)
  })

  it('lets a lidar look through glass and stops it at walls', () => {
    const range = (includeGlass: boolean, x: number) =>
      castRay(
        levelGrid(level, { ...band, includeGlass, closedDoorIds: 'all' }),
        { x, y: 1.2 },
        Math.PI / 2,
        3,
      )
    expect(range(true, 7)).toBeCloseTo(1.2, 1)
    expect(range(false, 7)).toBe(3)
    expect(range(false, 3)).toBeCloseTo(1.2, 1)
  })
})

describe('places for robots', () => {
  it('begin work just inside the door, looking in, with the door free to shut', () => {
    const pose = roomStandingPose(level, findRoom(reading.plan, '101').room, 0.3)
    expect(pose.theta).toBeCloseTo(Math.PI / 2, 9)
    expect(pose.x).toBeCloseTo(1.6, 1)
    expect(pose.y - 2.4).toBeGreaterThanOrEqual(0.3)
    expect(pose.y - 2.4).toBeLessThan(0.5)
  })

  it('start at the docks that a robot can stand on, then apart from one another and from doors', () => {
    const poses = startingPoses(level, 4, 0.3)
    expect(poses).toHaveLength(4)
    expect(poses[0]).toEqual(level.docks[0]!.pose)
    for (const [index, pose] of poses.entries()) {
      for (const other of poses.slice(0, index)) expect(distance(pose, other)).toBeGreaterThanOrEqual(1.1)
    }
    expect(startingPoses(level, 4, 0.3)).toEqual(poses)
    expect(startingPoses(level, 1000, 0.3).length).toBeLessThan(100)
  })

  it('are joined by routes that cross no wall', () => {
    const from = { x: 1.6, y: 6 }
    const to = { x: 6, y: 6 }
    expect(isInSight(level, from, to)).toBe(false)
    const route = routeBetween(level, from, to)
    expect([route[0], route.at(-1)]).toEqual([from, to])
    expect(route.length).toBeGreaterThan(3)
    for (let step = 1; step < route.length; step += 1) {
      expect(isInSight(level, route[step - 1]!, route[step]!)).toBe(true)
    }
    expect(routeBetween(level, { x: 1, y: 1 }, { x: 9, y: 1 })).toHaveLength(2)
    expect(routeBetween({ ...level, graph: { nodes: [], edges: [] } }, from, to)).toEqual([from, to])
  })
})

describe('a plan in words', () => {
  it('lists rooms, doors and docks for people and for programs', () => {
    const text = formatPlanSummary(reading)
    expect(text).toMatch(/ {2}101 +Room 101 +patientRoom +20\.0 +54\.0/)
    expect(text).toContain('No problems found.')
    const summary = planSummary(reading)
    expect(summary.levels[0]!.rooms[1]).toMatchObject({ id: '101', areaM2: 20, volumeM3: 54, furniture: 2 })
    expect(throughJson(summary)).toEqual(summary)
  })
})

/** Through JSON and back: nothing in it gets lost. */
function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
