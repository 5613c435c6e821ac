import { readFileSync } from 'node:fs'
import path from 'node:path'
import {
  findRoom,
  isInSight,
  levelGrid,
  readFloorPlan,
  roomStandingPose,
  routeBetween,
  startingPoses,
} from '@wardlight/core/floor'
import {
  cellAt,
  distance,
  distanceField,
  distanceToBoundary,
  isInsidePolygon,
} from '@wardlight/core/geometry'
import { describe, expect, it } from 'vitest'
import { repositoryRoot } from '../support/repository.ts'
import { nodePlanFiles } from '../../scripts/src/node-plan-files.ts'

const FILE = path.join(repositoryRoot, 'sim/hospital/hospital.yaml')
const ROBOT_RADIUS_M = 0.3

describe('the sample hospital', () => {
  const { plan, problems } = readFloorPlan(FILE, nodePlanFiles)
  const rooms = plan.levels.flatMap((level) => level.rooms)
  const countOf = (kind: string) => rooms.filter((room) => room.kind === kind).length

  it('is drawn without problems, from a file that YAML readers agree on', () => {
    expect(problems).toEqual([])
    expect(readFileSync(FILE, 'utf8')).not.toContain('\t')
  })

  it('has what a hospital of two floors has', () => {
    expect(plan.levels).toHaveLength(2)
    const beds = (kind: string) =>
      rooms.filter((room) => room.kind === kind && room.furniture.some((piece) => piece.kind === 'bed'))
        .length
    expect(beds('patientRoom')).toBeGreaterThanOrEqual(14)
    expect(beds('isolationRoom')).toBeGreaterThanOrEqual(4)
    expect(countOf('anteroom')).toBeGreaterThanOrEqual(countOf('isolationRoom'))
    expect(countOf('operatingTheatre')).toBeGreaterThanOrEqual(1)
    expect(countOf('bathroom')).toBeGreaterThanOrEqual(14)
    expect(countOf('staffStation')).toBeGreaterThanOrEqual(2)
    expect(
      rooms.filter(({ furniture }) => furniture.filter(({ kind }) => kind === 'bed').length === 2).length,
    ).toBeGreaterThan(1)
    expect(plan.lifts.map(({ levelIds }) => levelIds)).toEqual([
      ['L1', 'L2'],
      ['L1', 'L2'],
    ])
    for (const { docks } of plan.levels) expect(docks.length).toBeGreaterThanOrEqual(3)
  })

  it('has words for people who come out of the entrance hall, and a door where robots wait outside for one another', () => {
    const zones = plan.levels.flatMap((level) => level.zones.map((zone) => ({ level, zone })))
    expect(zones.find(({ zone }) => zone.kind === 'announce')!.zone.text).toBe('Robot coming through')
    const released = zones.filter(({ zone }) => zone.kind === 'release')
    expect(released).not.toEqual([])
    for (const { level, zone } of released) {
      // Whoever waited in it, or so near that it counted as inside, would wait for itself.
      const inside = level.graph.nodes.filter(
        (node) =>
          isInsidePolygon(node, zone.polygon) ||
          distanceToBoundary(node, zone.polygon) < Math.SQRT2 * ROBOT_RADIUS_M,
      )
      expect(inside.map(({ name }) => name)).toEqual(['d-lobby-2'])
    }
  })

  it('shuts every isolation room off by an anteroom with air of its own', () => {
    for (const level of plan.levels) {
      for (const room of level.rooms.filter(({ kind }) => kind === 'isolationRoom')) {
        expect(room.airChangesPerHour).toBe(12)
        const behind = level.doors
          .filter(({ id }) => room.doorIds.includes(id))
          .flatMap(({ roomIds }) => roomIds.filter((id) => id !== room.id))
          .map((id) => findRoom(plan, id).room.kind)
        expect(behind.toSorted()).toEqual(['anteroom', 'bathroom'])
      }
    }
  })

  it('has furniture that stands apart, inside its room', () => {
    for (const { furniture } of rooms) {
      for (const [index, piece] of furniture.entries()) {
        for (const other of furniture.slice(0, index)) {
          if (piece.zMinM >= other.zMaxM || other.zMinM >= piece.zMaxM) continue
          const touches = piece.footprint.some((corner) => isInsidePolygon(corner, other.footprint))
          expect(touches, `${piece.id} and ${other.id}`).toBe(false)
        }
      }
    }
  })

  it.each(['L1', 'L2'])(
    'lets a robot from the docks into every room of %s, through every door',
    (levelId) => {
      const level = plan.levels.find(({ id }) => id === levelId)!
      const grid = levelGrid(level, { resolutionM: 0.05, fromHeightM: 0, toHeightM: 2, includeGlass: true })
      const clearances = distanceField(grid)
      const reached = new Uint8Array(grid.data.length)
      const index = (point: { x: number; y: number }) => {
        const { column, row } = cellAt(grid, point)
        return row * grid.width + column
      }
      const stack = [index(level.docks[0]!.pose)]
      while (stack.length > 0) {
        const cell = stack.pop()!
        if (reached[cell] === 1 || !(clearances[cell]! >= ROBOT_RADIUS_M + grid.resolutionM)) continue
        reached[cell] = 1
        stack.push(cell - 1, cell + 1, cell - grid.width, cell + grid.width)
      }
      for (const room of level.rooms) {
        const pose = roomStandingPose(level, room, ROBOT_RADIUS_M)
        expect(isInsidePolygon(pose, room.polygon), room.id).toBe(true)
        expect(reached[index(pose)], `standing in ${room.id}`).toBe(1)
        const route = routeBetween(level, level.docks[0]!.pose, pose)
        for (let step = 1; step < route.length; step += 1) {
          expect(isInSight(level, route[step - 1]!, route[step]!), `way to ${room.id}`).toBe(true)
        }
      }
      for (const door of level.doors) {
        expect(reached[index({ x: (door.a.x + door.b.x) / 2, y: (door.a.y + door.b.y) / 2 })], door.id).toBe(
          1,
        )
        expect(distance(door.a, door.b)).toBeGreaterThan(1.09)
      }
      for (const dock of level.docks) expect(reached[index(dock.pose)], dock.id).toBe(1)
      expect(startingPoses(level, 6, ROBOT_RADIUS_M)).toHaveLength(6)
    },
  )
})
