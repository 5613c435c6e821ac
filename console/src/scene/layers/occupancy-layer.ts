import {
  DataTexture,
  Group,
  LinearFilter,
  Mesh,
  MeshBasicMaterial,
  NearestFilter,
  PlaneGeometry,
  RGBAFormat,
  SRGBColorSpace,
} from 'three'
import type { OccupancyGrid } from '@wardlight/core/geometry'
import type { SceneTheme } from '../scene-theme.ts'
import type { Layer } from '../stage.ts'

export interface OccupancyLayer extends Layer {
  setCells(cells: Int8Array): void
}

/** A map as a robot recorded it: occupied cells dark, unknown and free cells clear. */
export function createOccupancyLayer(grid: Omit<OccupancyGrid, 'data'>): OccupancyLayer {
  const pixels = new Uint8Array(grid.width * grid.height * 4)
  const texture = new DataTexture(pixels, grid.width, grid.height, RGBAFormat)
  texture.colorSpace = SRGBColorSpace
  texture.magFilter = NearestFilter
  texture.minFilter = LinearFilter
  const material = new MeshBasicMaterial({ map: texture, transparent: true, toneMapped: false })
  const widthM = grid.width * grid.resolutionM
  const heightM = grid.height * grid.resolutionM
  const geometry = new PlaneGeometry(widthM, heightM)
  geometry.translate(widthM / 2, heightM / 2, 0)
  const mesh = new Mesh(geometry, material)
  mesh.position.set(grid.origin.x, grid.origin.y, 0.012)
  mesh.rotation.z = grid.origin.theta
  const group = new Group()
  group.add(mesh)
  let cells: Int8Array = new Int8Array()
  let theme: SceneTheme | null = null

  function paint(): void {
    if (theme === null || cells.length === 0) return
    const wall = theme.wall.clone().convertLinearToSRGB()
    const [red, green, blue] = [wall.r * 255, wall.g * 255, wall.b * 255]
    for (let cell = 0; cell < grid.width * grid.height; cell += 1) {
      const value = cells[cell] ?? -1
      pixels[cell * 4] = red
      pixels[cell * 4 + 1] = green
      pixels[cell * 4 + 2] = blue
      pixels[cell * 4 + 3] = value > 0 ? Math.min(255, value * 2.55) : 0
    }
    texture.needsUpdate = true
  }

  return {
    object: group,
    setCells(next) {
      cells = next
      paint()
    },
    applyTheme(next) {
      theme = next
      paint()
    },
    dispose() {
      geometry.dispose()
      material.dispose()
      texture.dispose()
    },
  }
}
