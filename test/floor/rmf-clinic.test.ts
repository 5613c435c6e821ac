import { existsSync } from 'node:fs'
import path from 'node:path'
import { findRoom, readFloorPlan, roomAt, roomStandingPose, routeBetween } from '@wardlight/core/floor'
import { boundsOf, isInsidePolygon } from '@wardlight/core/geometry'
import { describe, expect, it } from 'vitest'
import { sharedPeers } from '../support/repository.ts'
import { nodePlanFiles } from '../../scripts/src/node-plan-files.ts'

const FILE = path.join(sharedPeers, 'maps/rmf-clinic/clinic.building.yaml')
const isThere = existsSync(FILE)

describe.skipIf(!isThere)(`the Open-RMF clinic${isThere ? '' : ` (skipped: no ${FILE})`}`, () => {
  const { plan, problems } = isThere ? readFloorPlan(FILE, nodePlanFiles) : { plan: null!, problems: [] }

  it('has its two floors at their size, every door and every lift', () => {
    expect(plan.levels.map(({ id }) => id)).toEqual(['L1', 'L2'])
    const { minX, minY, maxX, maxY } = boundsOf(plan.levels[0]!.walls.flatMap(({ a, b }) => [a, b]))
    expect(maxX - minX).toBeGreaterThan(45)
    expect(maxX - minX).toBeLessThan(60)
    expect(maxY - minY).toBeGreaterThan(35)
    expect(maxY - minY).toBeLessThan(50)
    const liftDoors = plan.lifts.flatMap(({ doorIds }) => Object.values(doorIds).flat())
    expect(plan.lifts).toHaveLength(4)
    expect(plan.levels.flatMap(({ doors }) => doors)).toHaveLength(132 + liftDoors.length)
  })

  it('has its rooms: the two of negative pressure, the wash rooms, and the rows for consultation', () => {
    const { level, room } = findRoom(plan, 'L1_left_negative_air_pressure')
    expect([level.id, room.id, room.kind]).toEqual(['L1', 'L1_left_negative_air_pressure', 'isolationRoom'])
    expect(room.areaM2).toBeGreaterThan(15)
    expect(room.areaM2).toBeLessThan(25)
    expect(room.doorIds).toEqual(['L1_left_negative_air_pressure'])
    for (const side of ['left', 'right']) {
      for (let count = 1; count <= 13; count += 1) {
        const name = `L1_${side}_consult_rm_${count}`
        const consulting = findRoom(plan, `${name}_outer`).room
        expect(consulting.id).toBe(name)
        expect(findRoom(plan, `${name}_inner`).room).toBe(consulting)
        expect(consulting.areaM2).toBeGreaterThan(12)
        expect(consulting.areaM2).toBeLessThan(20)
      }
    }
    expect(
      ['L1_wc_1', 'L1_wc_2', 'L1_dis_wc_1', 'L1_dis_wc_2'].map((name) => findRoom(plan, name).room.kind),
    ).toEqual(Array.from({ length: 4 }, () => 'bathroom'))
  })

  it('lets a waypoint of the hall mean the hall, and a robot stand in each room', () => {
    const hall = findRoom(plan, 'L1_right_nurse_center').room
    expect(hall.kind).toBe('lobby')
    for (const level of plan.levels) {
      for (const room of level.rooms) {
        const pose = roomStandingPose(level, room, 0.3)
        expect(roomAt(level, pose), room.id).toBe(room)
        expect(isInsidePolygon(pose, room.polygon)).toBe(true)
      }
    }
  })

  it('leads from the charger to a room along its lanes', () => {
    const { level, room } = findRoom(plan, 'L1_left_treatment_1')
    const route = routeBetween(level, level.docks[0]!.pose, roomStandingPose(level, room, 0.3))
    expect(route.length).toBeGreaterThan(3)
  })

  it('is not sound everywhere, and says where', () => {
    const open = problems.filter(({ severity }) => severity === 'error').map(({ what }) => what)
    expect(open.join('\n')).toContain('"L2_left_consult_rm_13_outer"')
    for (const { where } of problems) expect(where).toMatch(/clinic\.building\.yaml:\d+/)
  })
})
