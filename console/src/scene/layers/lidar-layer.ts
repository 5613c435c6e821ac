import { BufferAttribute, BufferGeometry, Points, PointsMaterial } from 'three'
import type { ScanView } from '@wardlight/core/fleet'
import type { Layer } from '../stage.ts'

export interface LidarLayer extends Layer {
  setScans(scans: readonly ScanView[]): void
}

const POINT_HEIGHT_M = 0.3

/** Where the beams of the scans ended, in the map frame: x, y, z of each point. Beams without echo are left out. */
export function scanPoints(scans: readonly ScanView[]): Float32Array {
  const points: number[] = []
  for (const scan of scans) {
    for (const [index, rangeCm] of scan.rangesCm.entries()) {
      if (rangeCm === 0) continue
      const angle = scan.theta + scan.angleMinRad + index * scan.angleIncrementRad
      const rangeM = rangeCm / 100
      points.push(scan.x + rangeM * Math.cos(angle), scan.y + rangeM * Math.sin(angle), POINT_HEIGHT_M)
    }
  }
  return new Float32Array(points)
}

export function createLidarLayer(): LidarLayer {
  const material = new PointsMaterial({
    size: 3,
    sizeAttenuation: false,
    toneMapped: false,
    depthTest: false,
  })
  const points = new Points(new BufferGeometry(), material)
  points.frustumCulled = false
  points.renderOrder = 5
  return {
    object: points,
    setScans(scans) {
      points.geometry.dispose()
      points.geometry = new BufferGeometry()
      points.geometry.setAttribute('position', new BufferAttribute(scanPoints(scans), 3))
    },
    applyTheme: (theme) => void material.color.copy(theme.lidar),
    dispose() {
      points.geometry.dispose()
      material.dispose()
    },
  }
}
