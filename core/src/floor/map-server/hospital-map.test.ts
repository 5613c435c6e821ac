import { describe, expect, it } from 'vitest'
import type { PlanFiles } from '../types.ts'
import { readMapServer } from './read-map-server.ts'

/** Core knows no Node, and its types neither: what of Node this test needs. */
interface NodeFileSystem {
  existsSync(path: string): boolean
  readFileSync(path: string): Uint8Array
  readFileSync(path: string, encoding: 'utf8'): string
}

const MAP = '../shared/peers/maps/aws-hospital/hospital.yaml'
const nodeModule = 'node:fs'
const fileSystem = (await import(/* @vite-ignore */ nodeModule)) as NodeFileSystem
const isAbsent = !fileSystem.existsSync(MAP)
const files: PlanFiles = {
  readText: (path) => fileSystem.readFileSync(path, 'utf8'),
  readBytes: (path) => fileSystem.readFileSync(path),
  resolve: (path, name) => path.replace(/[^/]*$/, name),
}

describe(`the AWS hospital map${isAbsent ? ` (skipped: ${MAP} is absent)` : ''}`, () => {
  it.skipIf(isAbsent)('is read with its wards, offices and corridors', () => {
    const { plan, problems } = readMapServer(MAP, files)
    const level = plan.levels[0]!
    expect(level.occupancy).toMatchObject({
      width: 531,
      height: 1164,
      origin: { x: -13.4, y: -35.7, theta: 0 },
    })
    expect(level.rooms.length).toBeGreaterThanOrEqual(22)
    expect(level.rooms.length).toBeLessThanOrEqual(30)
    // Five wards of 60 to 80 m², and the lobby with the corridors around the inner blocks.
    expect(level.rooms.filter(({ areaM2 }) => areaM2 > 60 && areaM2 < 80)).toHaveLength(5)
    expect(
      level.rooms.filter(({ kind }) => kind === 'corridor').map(({ areaM2 }) => Math.round(areaM2 / 10)),
    ).toEqual([56])
    for (const { doorIds } of level.rooms) expect(doorIds.length).toBeGreaterThan(0)
    for (const { roomIds } of level.doors) expect(roomIds).toHaveLength(2)
    expect(problems.map(({ where }) => where)).toEqual([`${MAP}: free_thresh`])
  })
})
