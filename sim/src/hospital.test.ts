import { existsSync } from 'node:fs'
import { createIrradianceField, DEFAULT_LAMP, roomModelOf, surfacesOf } from '@wardlight/core/disinfection'
import { findRoom, roomStandingPose, startingPoses, type FloorPlan } from '@wardlight/core/floor'
import { distance } from '@wardlight/core/geometry'
import { describe, expect, it } from 'vitest'
import { CLINIC, HOSPITAL, readPlan, SCAN } from './testing/plans-on-disk.ts'
import { startTestWorld } from './testing/test-world.ts'
import { irradianceOn, shadingWalls } from './world/light.ts'

const CLEARANCE_M = 0.3

/** Drives to one room after the other, and waits there until its doors are shut. @returns what went wrong. */
function visit(plan: FloorPlan, roomNames: readonly string[]): unknown[] {
  const { level } = findRoom(plan, roomNames[0]!)
  const ordered = { ...plan, levels: [level, ...plan.levels.filter((other) => other !== level)] }
  const { robot, world, runUntil, errors } = startTestWorld({
    plan: ordered,
    poses: startingPoses(level, 1, CLEARANCE_M),
  })
  const failures: unknown[] = errors
  for (const name of roomNames) {
    const { room } = findRoom(plan, name, level.id)
    const pose = roomStandingPose(level, room, CLEARANCE_M)
    const going = robot.navigate(pose)
    runUntil(() => going.status !== null, 300_000)
    if (going.status !== 'succeeded') failures.push(`${name}: ${going.status} ${going.message}`)
    const { truePose, roomId } = robot.handle
    if (roomId !== room.id || distance(truePose, pose) > 0.2) failures.push(`${name}: stands in ${roomId}`)
    const areShut = () => room.doorIds.every((id) => !world.doors.isOpen(id))
    if (runUntil(areShut, 20_000) === null) failures.push(`${name}: a door stays open`)
  }
  return failures
}

describe('navigation on whole floors', () => {
  it('reaches wards, bathrooms, the theatre and an isolation room through its anteroom', () => {
    const plan = readPlan(HOSPITAL)
    const rooms = plan.levels[0]!.rooms
    const kinds = [
      'patientRoom',
      'bathroom',
      'isolationRoom',
      'operatingTheatre',
      'staffStation',
      'store',
    ] as const
    const names = kinds.flatMap((kind) => rooms.find((room) => room.kind === kind)?.id ?? [])
    expect(names.length).toBeGreaterThanOrEqual(4)
    expect(visit(plan, names)).toEqual([])
  })

  it.skipIf(!existsSync(CLINIC))(
    'reaches rooms of the Open-RMF clinic (skipped where the map is absent)',
    () => {
      const plan = readPlan(CLINIC)
      expect(
        visit(plan, ['L1_left_negative_air_pressure', 'L1_right_procedure', 'L1_left_counsel_2']),
      ).toEqual([])
    },
  )

  it.skipIf(!existsSync(SCAN))(
    'reaches rooms of the scanned hospital (skipped where the map is absent)',
    () => {
      const plan = readPlan(SCAN)
      const rooms = plan.levels[0]!.rooms
      const names = [1, 9, 17].map((index) => rooms[index]!.id)
      expect(visit(plan, names)).toEqual([])
    },
  )
})

describe('the world’s light against the planner’s', () => {
  it('agrees within 1 % on nearly every surface, though neither knows the other', () => {
    const plan = readPlan(HOSPITAL)
    for (const name of ['101', '104']) {
      const { level, room } = findRoom(plan, name)
      const pose = roomStandingPose(level, room, CLEARANCE_M)
      const model = roomModelOf(level, room)
      const surfaces = surfacesOf(model, 0.4)
      const planned = createIrradianceField(surfaces, model, DEFAULT_LAMP).at(pose)
      const real = irradianceOn(
        surfaces,
        DEFAULT_LAMP,
        pose,
        DEFAULT_LAMP.tubes.map(() => 1),
        {
          walls: shadingWalls(room.polygon, level.walls),
          prisms: room.furniture,
          cylinders: [],
        },
      )
      const lit = surfaces.map((_, index) => index).filter((index) => planned[index]! > 1 || real[index]! > 1)
      const agreeing = lit.filter((index) => Math.abs(real[index]! / planned[index]! - 1) < 0.01)
      expect(lit.length).toBeGreaterThan(100)
      // The rest lies on the edge of a shadow, where a sample of a tube counts or not.
      expect(agreeing.length / lit.length).toBeGreaterThan(0.9)
    }
  })
})
