import { DoubleSide, Group, MeshBasicMaterial, MeshLambertMaterial, type Material } from 'three'
import { boundsOf, rectangle } from '@wardlight/core/geometry'
import type { LevelView } from '@wardlight/core/fleet'
import type { Lift, Room } from '@wardlight/core/floor'
import { flatPolygon, joined, prism, thickSegment, type TriangleSoup } from '../floor-geometry.ts'
import type { SceneTheme } from '../scene-theme.ts'
import type { Layer } from '../stage.ts'
import { soupMesh } from './soup-mesh.ts'

/** Walls are drawn cut at this height, so that one looks into the rooms. */
export const WALL_HEIGHT_M = 1.1
/** Their height while surfaces of a room are shown. */
const LOW_WALL_HEIGHT_M = 0.06
const WALL_THICKNESS_M = 0.12
/** Doors are drawn a little thicker than walls, so that they show also where a plan's wall runs through. */
const DOOR_THICKNESS_M = 0.16
/** Drawn before the floors of the rooms, which lie upon it. */
const GROUND_ORDER = -2

export interface BuildingLayer extends Layer {
  /** Lays the walls down, so that nothing hides the surfaces of a room. */
  setWallsLow(isLow: boolean): void
}

/** What stands still on a level: ground, walls, glass, doors, furniture, docks, lift cabins. */
export function createBuildingLayer(level: LevelView, lifts: readonly Lift[]): BuildingLayer {
  const group = new Group()
  const upright = new Group()
  group.add(upright)
  const materials: { material: MeshLambertMaterial | MeshBasicMaterial; colour: keyof SceneTheme }[] = []

  function lit(colour: keyof SceneTheme): Material {
    const material = new MeshLambertMaterial()
    materials.push({ material, colour })
    return material
  }

  function flat(colour: keyof SceneTheme): Material {
    const material = new MeshBasicMaterial({ toneMapped: false })
    materials.push({ material, colour })
    return material
  }

  function add(parts: readonly TriangleSoup[], material: Material, isWall = false): void {
    if (parts.length === 0) return
    const mesh = soupMesh(joined(parts), material)
    ;(isWall ? upright : group).add(mesh)
  }

  const walls = level.walls.filter((wall) => wall.material === 'solid')
  const glass = level.walls.filter((wall) => wall.material === 'glass')
  const wallPrism = (segment: (typeof walls)[number]): TriangleSoup[] => {
    const footprint = thickSegment(segment, WALL_THICKNESS_M)
    return footprint.length === 0 ? [] : [prism(footprint, 0, WALL_HEIGHT_M)]
  }
  add(walls.flatMap(wallPrism), lit('wall'), true)

  const glassMaterial = new MeshLambertMaterial({ transparent: true, opacity: 0.45, depthWrite: false })
  materials.push({ material: glassMaterial, colour: 'glass' })
  add(glass.flatMap(wallPrism), glassMaterial, true)

  add(
    level.doors.flatMap((door) => {
      const footprint = thickSegment(door, DOOR_THICKNESS_M, -0.02)
      if (footprint.length === 0) return []
      const height = door.kind === 'opening' ? 0.04 : WALL_HEIGHT_M + 0.015
      return [prism(footprint, 0, height)]
    }),
    lit('door'),
    true,
  )

  const furniture = level.rooms.flatMap((room) => room.furniture)
  const block = (item: Room['furniture'][number]): TriangleSoup =>
    prism(item.footprint, Math.min(item.zMinM, WALL_HEIGHT_M), Math.min(item.zMaxM, WALL_HEIGHT_M + 0.2))
  add(furniture.filter((item) => item.kind === 'bed').map(block), lit('bed'))
  add(furniture.filter((item) => item.kind !== 'bed').map(block), lit('furniture'))

  add(
    level.docks.map((dock) => flatPolygon(rectangle(dock.pose, 0.8, 0.7), 0.03)),
    flat('dock'),
  )
  add(
    lifts.filter((lift) => lift.levelIds.includes(level.id)).map((lift) => flatPolygon(lift.cabin, 0.02)),
    flat('lift'),
  )

  const points = [
    ...level.walls.flatMap(({ a, b }) => [a, b]),
    ...level.rooms.flatMap((room) => [...room.polygon]),
  ]
  if (points.length > 0 && level.occupancy === null) {
    const { minX, minY, maxX, maxY } = boundsOf(points)
    const margin = 0.8
    const ground = rectangle(
      { x: (minX + maxX) / 2, y: (minY + maxY) / 2 },
      maxX - minX + 2 * margin,
      maxY - minY + 2 * margin,
    )
    const material = flat('ground')
    material.side = DoubleSide
    material.depthWrite = false
    const mesh = soupMesh(flatPolygon(ground, -0.03), material)
    mesh.renderOrder = GROUND_ORDER
    group.add(mesh)
  }

  return {
    object: group,
    setWallsLow(isLow) {
      upright.scale.z = isLow ? LOW_WALL_HEIGHT_M / WALL_HEIGHT_M : 1
    },
    applyTheme(theme) {
      for (const { material, colour } of materials) {
        const value = theme[colour]
        if (typeof value !== 'function') material.color.copy(value)
      }
    },
    dispose() {
      group.traverse((object) => {
        if ('geometry' in object) (object.geometry as { dispose(): void }).dispose()
      })
      for (const { material } of materials) material.dispose()
    },
  }
}
