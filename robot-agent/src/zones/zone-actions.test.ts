import { distanceToBoundary, isInsidePolygon, rectangle, type Point2 } from '@wardlight/core/geometry'
import type { VdaZone, ZoneAction } from '@wardlight/core/vda5050'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  EMPTY_ZONE_ACTION_BOOK,
  withEnded,
  withoutEnded,
  withPlace,
  zoneActionErrors,
  type ZoneActionBook,
} from './zone-actions.ts'
import { EMPTY_ZONE_BOOK, withEnabled, withZoneSet, type ZoneBook, type ZoneRobot } from './zone-rules.ts'

const ROBOT: ZoneRobot = { mapId: 'L1', radiusM: 0.3, speedMps: 0.6 }
const RUN = '1'

const action = (actionType: string): ZoneAction => ({ actionType, blockingType: 'NONE' })

function zoneOf(zoneId: string, middle: Point2, lengthM: number, widthM: number): VdaZone {
  return {
    zoneId,
    zoneType: 'ACTION',
    vertices: [...rectangle(middle, lengthM, widthM)],
    entryActions: [action(`${zoneId}.entry`)],
    duringActions: [action(`${zoneId}.during`)],
    exitActions: [action(`${zoneId}.exit`)],
  }
}

function zonesOf(...zones: VdaZone[]): ZoneBook {
  return enable(EMPTY_ZONE_BOOK, 'set-1', zones)
}

function enable(book: ZoneBook, zoneSetId: string, zones: VdaZone[], mapId = 'L1'): ZoneBook {
  return withEnabled(withZoneSet(book, { mapId, zoneSetId, zones })!, zoneSetId)!
}

/** What a robot does that ends at once what is to end, and each thing of its own only when it is told to. */
class Doer {
  book: ZoneActionBook = EMPTY_ZONE_ACTION_BOOK
  readonly running = new Map<string, string>()
  readonly begun: string[] = []
  readonly ids: string[] = []

  see(zones: ZoneBook, at: Point2 | null, robot = ROBOT): void {
    const { book, steps } = withPlace(this.book, zones, robot, at, RUN)
    this.book = book
    for (const step of steps) {
      if (step.kind === 'end') {
        if (!this.running.delete(step.actionId)) throw new Error(`${step.actionId} ends and does not run`)
        this.book = withEnded(this.book, step.actionId, null)
        continue
      }
      this.begun.push(step.action.actionType)
      this.ids.push(step.actionId)
      if (step.isWhileInside) this.running.set(step.actionId, step.action.actionType)
    }
  }

  times(actionType: string): number {
    return this.begun.filter((each) => each === actionType).length
  }
}

const WEST = { x: 0, y: 0 }
const INSIDE = { x: 5, y: 0 }
const EAST = { x: 10, y: 0 }
const lobby = zoneOf('lobby', INSIDE, 2, 2)

describe('an ACTION zone', () => {
  it('property: on any way each visit has its entry once, its exit once, and its during exactly while inside', () => {
    const coordinate = fc.double({ min: -4, max: 4, noNaN: true })
    const place = fc.record({ x: coordinate, y: coordinate })
    const size = fc.double({ min: 0.1, max: 4, noNaN: true })
    const zone = fc.tuple(place, size, size)
    fc.assert(
      fc.property(
        fc.array(zone, { minLength: 1, maxLength: 3 }),
        fc.array(fc.option(place, { freq: 8 }), { maxLength: 60 }),
        (shapes, way) => {
          const list = shapes.map(([middle, lengthM, widthM], index) =>
            zoneOf(`z${index}`, middle, lengthM, widthM),
          )
          const zones = zonesOf(...list)
          const doer = new Doer()
          const visits = list.map(() => ({ isIn: false, entered: 0, left: 0 }))
          for (const at of way) {
            doer.see(zones, at)
            for (const [index, { vertices, zoneId }] of list.entries()) {
              const visit = visits[index]!
              const running = [...doer.running.values()].filter((type) => type === `${zoneId}.during`).length
              // Between its edge and what its place may be off by, or where nobody knows: as it was.
              const gapM =
                at === null
                  ? null
                  : isInsidePolygon(at, vertices)
                    ? -Infinity
                    : distanceToBoundary(at, vertices) - ROBOT.radiusM
              const isIn = gapM === null || (gapM >= 0 && gapM < 0.1) ? visit.isIn : gapM < 0
              if (isIn && !visit.isIn) visit.entered += 1
              if (!isIn && visit.isIn) visit.left += 1
              visit.isIn = isIn
              expect(running).toBe(isIn ? 1 : 0)
              expect(doer.times(`${zoneId}.entry`)).toBe(visit.entered)
              expect(doer.times(`${zoneId}.exit`)).toBe(visit.left)
            }
          }
          expect(new Set(doer.ids).size).toBe(doer.ids.length)
          // What runs is told, and what was told to end is over.
          const told = doer.book.states
          for (const id of doer.running.keys())
            expect(told.find(({ actionId }) => actionId === id)?.actionStatus).toBe('RUNNING')
        },
      ),
    )
  })

  it('begins once its set is enabled around the robot, and ends without an exit when it is no longer in force', () => {
    const added = withZoneSet(EMPTY_ZONE_BOOK, { mapId: 'L1', zoneSetId: 'set-1', zones: [lobby] })!
    const doer = new Doer()
    doer.see(added, INSIDE)
    expect(doer.begun).toEqual([])
    const enabled = withEnabled(added, 'set-1')!
    doer.see(enabled, INSIDE)
    expect(doer.begun).toEqual(['lobby.entry', 'lobby.during'])
    doer.see(enable(enabled, 'set-2', []), INSIDE)
    expect(doer.running.size).toBe(0)
    expect(doer.begun).toEqual(['lobby.entry', 'lobby.during'])
  })

  it('is left by a ride to another level, too', () => {
    const doer = new Doer()
    doer.see(zonesOf(lobby), INSIDE)
    doer.see(zonesOf(lobby), INSIDE, { ...ROBOT, mapId: 'L2' })
    expect(doer.running.size).toBe(0)
  })

  it('keeps what is over until it is cleared, and no more than fifty', () => {
    const zones = zonesOf(lobby)
    const doer = new Doer()
    doer.see(zones, WEST)
    doer.see(zones, INSIDE)
    const [entry, during] = doer.book.states.map(({ actionId }) => actionId)
    doer.book = withEnded(doer.book, entry!, 'nobody saw it')
    // What is over stays as it ended.
    expect(withEnded(doer.book, entry!, null)).toEqual(doer.book)
    expect(doer.book.states).toMatchObject([
      { actionId: entry, actionType: 'lobby.entry', actionStatus: 'FAILED', actionResult: 'nobody saw it' },
      { actionId: during, actionStatus: 'RUNNING' },
    ])
    const cleared = withoutEnded(doer.book)
    expect(cleared.states).toMatchObject([{ actionId: during, actionStatus: 'RUNNING' }])
    expect(withoutEnded(cleared)).toBe(cleared)
    expect(zoneActionErrors(doer.book)).toEqual([])
    for (let visit = 0; visit < 40; visit += 1) {
      doer.see(zones, EAST)
      doer.see(zones, INSIDE)
      for (const { actionId, actionType } of doer.book.states)
        if (actionType !== 'lobby.during') doer.book = withEnded(doer.book, actionId, null)
    }
    expect(doer.book.states.filter(({ actionStatus }) => actionStatus !== 'RUNNING')).toHaveLength(50)
    expect(doer.book.states.at(-1)).toMatchObject({ actionType: 'lobby.during', actionStatus: 'RUNNING' })
    expect(zoneActionErrors(doer.book)).toMatchObject([
      { errorType: 'ZONE_ACTION_STATES_FULL', errorLevel: 'URGENT' },
    ])
    expect(zoneActionErrors(withoutEnded(doer.book))).toEqual([])
  })
})
