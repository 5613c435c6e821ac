import { existsSync } from 'node:fs'
import { findRoom, roomStandingPose, type FloorPlan, type Room } from '@wardlight/core/floor'
import { ROBOT_TOPICS } from '@wardlight/core/ros'
import { describe, expect, it } from 'vitest'
import { CLINIC, HOSPITAL, readPlan } from './testing/plans-on-disk.ts'
import { startTestWorld } from './testing/test-world.ts'

const CLEARANCE_M = 0.35
/** Of the arming window of a minute something is left for whoever starts. */
const ERRAND_MS = 50_000

/** Somebody presses the button of a robot that waits in the room. @returns what they did not do, and what was not seen */
function whatIsLacking(plan: FloorPlan, roomName: string): string[] {
  const { level, room } = findRoom(plan, roomName)
  const ordered = { ...plan, levels: [level, ...plan.levels.filter((other) => other !== level)] }
  const { world, robot, runUntil } = startTestWorld({
    plan: ordered,
    poses: [roomStandingPose(level, room, CLEARANCE_M)],
  })
  const presses = robot.record('std_msgs/msg/Bool', ROBOT_TOPICS.armButton)
  const sensed = robot.record('std_msgs/msg/Bool', ROBOT_TOPICS.personSensor)
  const guards = robot.record('diagnostic_msgs/msg/DiagnosticArray', ROBOT_TOPICS.doorGuards)
  const bumps = robot.record('std_msgs/msg/Bool', ROBOT_TOPICS.bumper)
  robot.handle.pressArmButton()
  const lacking: string[] = []
  if (runUntil(() => presses.some(({ data }) => data), ERRAND_MS) === null) lacking.push('a press')
  if (sensed.at(-1)?.data !== true) lacking.push('who presses is seen')
  const areShut = () => room.doorIds.every((id) => !world.doors.isOpen(id))
  if (runUntil(() => !robot.handle.isAttended && areShut(), ERRAND_MS) === null) lacking.push('the way out')
  if (world.people.all().length > 0) lacking.push('nobody stays')
  if (sensed.at(-1)?.data !== false) lacking.push('nobody is seen afterwards')
  for (const id of room.doorIds) {
    const wasOpen = guards.some(({ status }) => status.some(({ name, level: at }) => name === id && at === 1))
    if (!wasOpen) lacking.push(`the guard of ${id} tells of its open door`)
  }
  if (bumps.some(({ data }) => data)) lacking.push('nobody bumps into it')
  world.stop()
  return lacking
}

describe('somebody who comes to press the button', () => {
  const plan = readPlan(HOSPITAL)
  const treated = new Set(['patientRoom', 'isolationRoom', 'operatingTheatre', 'bathroom', 'staffStation'])
  const rooms = plan.levels.flatMap(({ rooms: all }) => all.filter(({ kind }) => treated.has(kind)))

  it.each(rooms.map(({ id }) => id))(
    'in room %s: is seen, opens every door, gets past the robot, and goes out again',
    (id) => {
      expect(whatIsLacking(plan, id)).toEqual([])
    },
  )

  it.skipIf(!existsSync(CLINIC))('does so on a real clinic’s floors as well, where it is there', () => {
    const clinic = readPlan(CLINIC)
    // Nobody goes round by all the doors of a hall within a minute.
    const isRoom = (room: Room) => room.doorIds.length > 0 && room.doorIds.length < 5
    const found = clinic.levels
      .flatMap(({ rooms: all }) => all.filter(isRoom))
      .map(({ id }) => ({ id, lacking: whatIsLacking(clinic, id) }))
    expect(found.filter(({ lacking }) => lacking.length > 0)).toEqual([])
  })
})
