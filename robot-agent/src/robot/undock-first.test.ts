import { describe, expect, it } from 'vitest'
import type { DriveEnd, Robot, RobotReading } from './ports.ts'
import { undockFirst } from './undock-first.ts'

/** A robot whose drives and undockings end when the test says so. */
function played() {
  const listeners = new Set<(reading: RobotReading) => void>()
  const asked: string[] = []
  let undocking: ((end: DriveEnd | 'noDockingServer') => void) | null = null
  let changes = 0
  const robot: Robot = {
    sensors: {
      subscribe: (listener) => {
        listeners.add(listener)
        return { dispose: () => listeners.delete(listener) }
      },
    },
    base: {
      driveTo: () => asked.push('drive'),
      cancel: () => asked.push('cancel'),
      limitSpeed: () => {},
      initializePosition: () => {},
      commandZero: () => {},
      commandTeleoperation: () => {},
    },
    docking: {
      dock: () => {},
      undock: (onEnd) => {
        asked.push('undock')
        undocking = onEnd
      },
      cancel: () => asked.push('cancel docking'),
    },
    lamp: { setEnabled: () => {} },
    gas: { subscribe: () => ({ dispose: () => {} }), commandVaporiser: () => {}, commandDamper: () => {} },
  }
  const berthed = undockFirst(robot, () => (changes += 1))
  const hear = (reading: RobotReading) => {
    for (const listener of listeners) listener(reading)
  }
  return {
    berthed,
    asked,
    get changes() {
      return changes
    },
    hear,
    at: (x: number) => hear({ kind: 'pose', pose: { x, y: 0, theta: 0 } }),
    charge: (isCharging = true) =>
      hear({ kind: 'battery', fraction: 0.5, isCharging, voltage: 25, health: null }),
    endUndocking: (end: DriveEnd | 'noDockingServer') => undocking?.(end),
    drive() {
      const ends: DriveEnd[] = []
      berthed.base.driveTo({ x: 5, y: 5, theta: 0 }, (end) => ends.push(end))
      return ends
    },
  }
}

describe('a robot that comes out of its dock first', () => {
  it('drives at once where it is in none', () => {
    const one = played()
    one.drive()
    expect(one.asked).toEqual(['drive'])
  })

  it('comes out before it drives, and forgets the dock', () => {
    const one = played()
    one.at(0)
    one.charge()
    one.drive()
    expect(one.asked).toEqual(['cancel', 'undock'])
    one.endUndocking('arrived')
    expect(one.asked).toEqual(['cancel', 'undock', 'drive'])
    expect(one.berthed.isDocked).toBe(false)
    expect(one.changes).toBe(2)
  })

  it.each(['failed', 'canceled'] as const)('does not drive when coming out %s', (end) => {
    const one = played()
    one.charge()
    const ends = one.drive()
    one.endUndocking(end)
    expect(one.asked).not.toContain('drive')
    expect(ends).toEqual([end])
    expect(one.berthed.isDocked).toBe(true)
  })

  it('does not drive when it is cancelled while it comes out, though it came out', () => {
    const one = played()
    one.charge()
    const ends = one.drive()
    one.berthed.base.cancel()
    one.endUndocking('arrived')
    expect(one.asked).not.toContain('drive')
    expect(ends).toEqual(['canceled'])
  })

  it('drives where it charges without any docking server', () => {
    const one = played()
    one.charge()
    one.drive()
    one.endUndocking('noDockingServer')
    expect(one.asked.at(-1)).toBe('drive')
  })

  it('is in its dock still when the current fails, and no more when somebody moved it away', () => {
    const one = played()
    one.at(0)
    one.charge()
    one.charge(false)
    one.at(0.1)
    expect(one.berthed.isDocked).toBe(true)
    one.at(0.5)
    expect(one.berthed.isDocked).toBe(false)
  })
})
