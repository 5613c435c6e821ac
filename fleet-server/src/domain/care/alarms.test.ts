import type { AlarmView } from '@wardlight/core/fleet'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alarmsAfter, isOver, type AlarmCause } from './alarms.ts'

const cause = (kind: string, part: Partial<AlarmCause> = {}): AlarmCause => ({
  robotId: 'wardlight.uv-01',
  roomId: null,
  kind,
  priority: 'high',
  text: `${kind} is the matter`,
  ...part,
})

/** A source's open alarms, as a server keeps them. */
function source() {
  let open: AlarmView[] = []
  let ids = 0
  let second = 0
  return {
    get open() {
      return open
    },
    says(...causes: AlarmCause[]) {
      second += 1
      const now = new Date(1000 * second).toISOString()
      const changed = alarmsAfter(open, causes, now, () => `alarm-${(ids += 1)}`)
      open = [
        ...open.filter(({ id }) => !changed.some((alarm) => alarm.id === id)),
        ...changed.filter((alarm) => !isOver(alarm)),
      ]
      return changed
    },
    acknowledge(id: string) {
      open = open
        .map((alarm) =>
          alarm.id === id ? { ...alarm, acknowledgedBy: 'Nora', acknowledgedAt: 'then' } : alarm,
        )
        .filter((alarm) => !isOver(alarm))
    },
  }
}

describe('an alarm', () => {
  it('is raised once, however often its cause is told', () => {
    const robot = source()
    expect(robot.says(cause('BATTERY_LOW'))).toHaveLength(1)
    expect(robot.says(cause('BATTERY_LOW'))).toEqual([])
    expect(robot.open).toMatchObject([{ kind: 'BATTERY_LOW', count: 1, clearedAt: null }])
  })

  it('stays when its cause is gone, until somebody has seen it', () => {
    const robot = source()
    robot.says(cause('BATTERY_LOW'))
    robot.says()
    expect(robot.open).toMatchObject([{ clearedAt: '1970-01-01T00:00:02.000Z', acknowledgedBy: null }])
    robot.acknowledge('alarm-1')
    expect(robot.open).toEqual([])
  })

  it('that was seen is over when its cause is gone, and new when it comes again', () => {
    const robot = source()
    robot.says(cause('BATTERY_LOW'))
    robot.acknowledge('alarm-1')
    expect(robot.open).toHaveLength(1)
    robot.says()
    expect(robot.open).toEqual([])
    robot.says(cause('BATTERY_LOW'))
    expect(robot.open).toMatchObject([{ id: 'alarm-2', acknowledgedBy: null, count: 1 }])
  })

  it('that comes back unseen is the same one, and counts', () => {
    const robot = source()
    for (let time = 0; time < 3; time += 1) {
      robot.says(cause('connectionBroken'))
      robot.says()
    }
    expect(robot.open).toMatchObject([{ id: 'alarm-1', count: 3 }])
  })

  it('that gets worse has to be seen again; one that gets milder keeps its rank', () => {
    const robot = source()
    robot.says(cause('connectionBroken'))
    robot.acknowledge('alarm-1')
    robot.says(cause('connectionBroken', { priority: 'urgent' }))
    expect(robot.open).toMatchObject([{ priority: 'urgent', acknowledgedAt: null }])
    robot.says(cause('connectionBroken', { priority: 'low', text: 'nearly well' }))
    expect(robot.open).toMatchObject([{ priority: 'urgent', text: 'nearly well' }])
  })

  it('property: every cause there is has exactly one active alarm, and nothing unseen is ever lost', () => {
    const kinds = ['a', 'b', 'c']
    const step = fc.oneof(
      fc.record({ says: fc.subarray(kinds) }),
      fc.record({ acknowledges: fc.constantFrom(...kinds) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const robot = source()
        const unseen = new Set<string>()
        let now: string[] = []
        for (const one of steps) {
          if ('says' in one) {
            now = one.says
            robot.says(...now.map((kind) => cause(kind)))
            for (const { kind, acknowledgedAt } of robot.open) if (acknowledgedAt === null) unseen.add(kind)
          } else {
            const alarm = robot.open.find(({ kind }) => kind === one.acknowledges)
            if (alarm !== undefined) robot.acknowledge(alarm.id)
            unseen.delete(one.acknowledges)
          }
          const active = robot.open.filter(({ clearedAt }) => clearedAt === null).map(({ kind }) => kind)
          expect(active.toSorted()).toEqual(now.toSorted())
          const open = robot.open.map(({ kind }) => kind)
          expect(new Set(open).size).toBe(open.length)
          for (const kind of unseen) expect(open).toContain(kind)
        }
      }),
    )
  })
})
