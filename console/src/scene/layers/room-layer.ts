import { BufferAttribute, Group, Mesh, MeshBasicMaterial } from 'three'
import type { Room } from '@wardlight/core/floor'
import { isInsidePolygon, type Point2 } from '@wardlight/core/geometry'
import { flatPolygon, joined, ribbon } from '../floor-geometry.ts'
import type { SceneTheme } from '../scene-theme.ts'
import type { Layer } from '../stage.ts'
import { WALL_HEIGHT_M } from './building-layer.ts'
import { setSoup, soupGeometry } from './soup-mesh.ts'

export interface RoomLayer extends Layer {
  /** Colour token of each room's floor. */
  setTokens(tokens: ReadonlyMap<string, string>): void
  setSelected(roomId: string | null): void
  setHovered(roomId: string | null): void
  roomAt(point: Point2): string | null
}

const FLOOR_Z_M = 0
/** After the ground, before all the rest. */
const FLOOR_ORDER = -1
/** Outlines lie above the tops of the walls and doors, which they would flicker with. */
const OUTLINE_Z_M = WALL_HEIGHT_M + 0.04
const EMPTY = { positions: new Float32Array(), normals: new Float32Array() }

/** All floors of a level in one mesh; a room's colour is written into its stretch of the vertices. */
export function createRoomLayer(planRooms: readonly Room[]): RoomLayer {
  // A hall's polygon may lie around other rooms: the larger is painted first, and the smaller is picked.
  const rooms = planRooms.toSorted((a, b) => b.areaM2 - a.areaM2)
  const soups = rooms.map((room) => flatPolygon(room.polygon, FLOOR_Z_M))
  const geometry = soupGeometry(joined(soups))
  const vertexCount = geometry.getAttribute('position').count
  const colours = new BufferAttribute(new Float32Array(vertexCount * 3), 3)
  geometry.setAttribute('color', colours)
  // Painted in order below everything else; depth could not tell floors of one height apart.
  const floorMaterial = new MeshBasicMaterial({
    vertexColors: true,
    toneMapped: false,
    depthTest: false,
    depthWrite: false,
  })
  const floors = new Mesh(geometry, floorMaterial)
  floors.renderOrder = FLOOR_ORDER
  const selectionMaterial = new MeshBasicMaterial({ toneMapped: false })
  const hoverMaterial = new MeshBasicMaterial({ toneMapped: false })
  const selection = new Mesh(soupGeometry(EMPTY), selectionMaterial)
  const hover = new Mesh(soupGeometry(EMPTY), hoverMaterial)
  const group = new Group()
  group.add(floors, selection, hover)

  let tokens: ReadonlyMap<string, string> = new Map()
  let theme: SceneTheme | null = null

  function paint(): void {
    if (theme === null) return
    let vertex = 0
    for (const [index, room] of rooms.entries()) {
      const colour = theme.token(tokens.get(room.id) ?? '--room-unknown')
      const count = soups[index]!.positions.length / 3
      for (let at = 0; at < count; at += 1) {
        colours.setXYZ(vertex, colour.r, colour.g, colour.b)
        vertex += 1
      }
    }
    colours.needsUpdate = true
  }

  function outline(mesh: Mesh, roomId: string | null, zM: number): void {
    const room = rooms.find((candidate) => candidate.id === roomId)
    setSoup(mesh, room === undefined ? EMPTY : ribbon(room.polygon, 0.18, zM))
  }

  return {
    object: group,
    setTokens(next) {
      tokens = next
      paint()
    },
    setSelected: (roomId) => outline(selection, roomId, OUTLINE_Z_M + 0.02),
    setHovered: (roomId) => outline(hover, roomId, OUTLINE_Z_M),
    roomAt: (point) => rooms.findLast((room) => isInsidePolygon(point, room.polygon))?.id ?? null,
    applyTheme(next) {
      theme = next
      selectionMaterial.color.copy(next.selection)
      hoverMaterial.color.copy(next.hover)
      paint()
    },
    dispose() {
      for (const mesh of [selection, hover]) mesh.geometry.dispose()
      geometry.dispose()
      for (const material of [floorMaterial, selectionMaterial, hoverMaterial]) material.dispose()
    },
  }
}
