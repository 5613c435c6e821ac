import {
  CanvasTexture,
  Color,
  Group,
  InstancedMesh,
  Matrix4,
  MeshBasicMaterial,
  PlaneGeometry,
  SRGBColorSpace,
  Vector3,
} from 'three'
import type { RoomModel, Surface } from '@wardlight/core/disinfection'
import { polygonEdges } from '@wardlight/core/geometry'
import { doseColour } from '../../look/dose-scale.ts'
import type { Layer } from '../stage.ts'

export interface DoseMap {
  readonly room: RoomModel
  /** Of that room. */
  readonly surfaces: readonly Surface[]
  /** In the order of `surfaces`. */
  readonly dosesMjPerCm2: readonly number[]
  readonly targetMjPerCm2: number
}

export interface DoseLayer extends Layer {
  setDose(dose: DoseMap | null): void
}

/** Off the face, so that walls drawn on their centre line do not swallow it. */
const LIFT_M = 0.08
/** A hair of the face shows between the pieces. */
const FILL = 0.97

/**
 * Tops and undersides are cut along the longest edge of their footprint, as `surfacesOf` does: that direction by
 * face. The floor and level touch points are not in it: they are cut along the map's axes.
 */
export function levelFaceAngles(room: RoomModel): ReadonlyMap<string, number> {
  return new Map(
    room.obstacles.flatMap(({ id, footprint }) => {
      let longest = -1
      let angle = 0
      for (const { a, b } of polygonEdges(footprint)) {
        const length = Math.hypot(b.x - a.x, b.y - a.y)
        if (length <= longest + 1e-9) continue
        longest = length
        angle = Math.atan2(b.y - a.y, b.x - a.x)
      }
      return [[`${id}.top`, angle] as const, [`${id}.underside`, angle] as const]
    }),
  )
}

/** Places a unit square in the xy plane on a surface: its normal out of the face, its size in metres. */
export function surfaceMatrix(
  surface: Surface,
  levelAngles: ReadonlyMap<string, number>,
  liftM: number,
  fill: number,
): Matrix4 {
  const normal = new Vector3(surface.normal.x, surface.normal.y, surface.normal.z)
  const isLevel = Math.abs(normal.z) > 0.9
  const angle = levelAngles.get(surface.faceId) ?? 0
  const along = isLevel
    ? new Vector3(Math.cos(angle), Math.sin(angle), 0)
    : new Vector3(-normal.y, normal.x, 0).normalize()
  const across = normal.clone().cross(along)
  const { x, y, z } = surface.centre
  const [width, height] = surface.sizeM
  return new Matrix4()
    .makeBasis(along.multiplyScalar(width * fill), across.multiplyScalar(height * fill), normal)
    .setPosition(x + normal.x * liftM, y + normal.y * liftM, z + normal.z * liftM)
}

/** Diagonal lines, so that what stays under the target shows without colour. */
function hatchTexture(): CanvasTexture {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 64
  const context = canvas.getContext('2d')
  if (context !== null) {
    context.strokeStyle = '#ffffff'
    context.lineWidth = 7
    context.lineCap = 'square'
    for (const shift of [-32, 0, 32]) {
      context.beginPath()
      context.moveTo(shift - 4, 68)
      context.lineTo(shift + 68, -4)
      context.stroke()
    }
  }
  const texture = new CanvasTexture(canvas)
  texture.colorSpace = SRGBColorSpace
  texture.anisotropy = 4
  return texture
}

/**
 * The dose on every piece of surface. Faces are seen from their own side only, so the walls towards
 * the viewer open the room like a doll's house.
 */
export function createDoseLayer(): DoseLayer {
  const group = new Group()
  const square = new PlaneGeometry(1, 1)
  const texture = hatchTexture()
  const material = new MeshBasicMaterial({ toneMapped: false })
  const hatch = new MeshBasicMaterial({
    map: texture,
    transparent: true,
    opacity: 0.6,
    depthWrite: false,
    toneMapped: false,
  })
  let meshes: InstancedMesh[] = []
  let shown: readonly Surface[] | null = null
  let levelAngles: ReadonlyMap<string, number> = new Map()

  function clear(): void {
    for (const mesh of meshes) {
      group.remove(mesh)
      mesh.dispose()
    }
    meshes = []
    shown = null
  }

  return {
    object: group,
    setDose(dose) {
      if (dose === null) return clear()
      const { surfaces, dosesMjPerCm2, targetMjPerCm2 } = dose
      if (shown !== surfaces) {
        clear()
        shown = surfaces
        levelAngles = levelFaceAngles(dose.room)
        const tiles = new InstancedMesh(square, material, surfaces.length)
        const marks = new InstancedMesh(square, hatch, surfaces.length)
        marks.renderOrder = 1
        for (const mesh of [tiles, marks]) mesh.frustumCulled = false
        for (const [index, surface] of surfaces.entries()) {
          tiles.setMatrixAt(index, surfaceMatrix(surface, levelAngles, LIFT_M, FILL))
        }
        meshes = [tiles, marks]
        group.add(tiles, marks)
      }
      const [tiles, marks] = meshes as [InstancedMesh, InstancedMesh]
      const colour = new Color()
      let missed = 0
      for (const [index, surface] of surfaces.entries()) {
        const value = dosesMjPerCm2[index] ?? 0
        tiles.setColorAt(index, colour.setRGB(...doseColour(value, targetMjPerCm2), SRGBColorSpace))
        if (value < targetMjPerCm2) {
          marks.setMatrixAt(missed, surfaceMatrix(surface, levelAngles, LIFT_M + 0.01, FILL))
          missed += 1
        }
      }
      if (tiles.instanceColor !== null) tiles.instanceColor.needsUpdate = true
      marks.count = missed
      marks.instanceMatrix.needsUpdate = true
    },
    applyTheme: (theme) => void hatch.color.copy(theme.missed),
    dispose() {
      clear()
      square.dispose()
      material.dispose()
      hatch.dispose()
      texture.dispose()
    },
  }
}
