import { Group, Mesh, MeshBasicMaterial } from 'three'
import type { Point2 } from '@wardlight/core/geometry'
import { flatPolygon, joined, polyline } from '../floor-geometry.ts'
import type { LabelSpec } from '../label-layer.ts'
import type { Layer } from '../stage.ts'
import { setSoup, soupGeometry } from './soup-mesh.ts'

export interface StopLayer extends Layer {
  /** In driving order. */
  setStops(stops: readonly Point2[]): void
}

const STOP_RADIUS_M = 0.08

function disc(centre: Point2, radiusM: number, zM: number) {
  const corners = Array.from({ length: 20 }, (_, index) => {
    const angle = (index / 20) * 2 * Math.PI
    return { x: centre.x + radiusM * Math.cos(angle), y: centre.y + radiusM * Math.sin(angle) }
  })
  return flatPolygon(corners, zM)
}

/** The stops' numbers; where it gets crowded the earlier ones stay. */
export function stopLabels(stops: readonly Point2[]): LabelSpec[] {
  return stops.map(({ x, y }, index) => ({
    id: String(index),
    x,
    y,
    z: 0.1,
    title: String(index + 1),
    detail: null,
    icon: null,
    token: '--scene-stop',
    look: 'stop',
    priority: 80 - index,
    spanM: 1,
    isForced: false,
  }))
}

/** Where the robot will stand, and the way between. */
export function createStopLayer(): StopLayer {
  const material = new MeshBasicMaterial({ toneMapped: false })
  const mesh = new Mesh(
    soupGeometry({ positions: new Float32Array(), normals: new Float32Array() }),
    material,
  )
  const group = new Group()
  group.add(mesh)
  return {
    object: group,
    setStops(stops) {
      setSoup(
        mesh,
        joined([polyline(stops, 0.05, 0.045), ...stops.map((stop) => disc(stop, STOP_RADIUS_M, 0.05))]),
      )
    },
    applyTheme: (theme) => void material.color.copy(theme.stop),
    dispose() {
      mesh.geometry.dispose()
      material.dispose()
    },
  }
}
