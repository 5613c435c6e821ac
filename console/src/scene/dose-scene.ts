import { Box3, Group, Mesh, MeshBasicMaterial, MeshLambertMaterial, Vector3 } from 'three'
import type { RoomModel } from '@wardlight/core/disinfection'
import { boundsOf, type Point2 } from '@wardlight/core/geometry'
import { flatPolygon, joined, prism, ribbon } from './floor-geometry.ts'
import { createLabelLayer } from './label-layer.ts'
import { createDoseLayer, type DoseMap } from './layers/dose-layer.ts'
import { soupMesh } from './layers/soup-mesh.ts'
import { createStopLayer, stopLabels } from './layers/stop-layer.ts'
import { createStage, type Layer, type Viewpoint } from './stage.ts'

export interface DoseScene extends Viewpoint {
  dispose(): void
}

export interface DoseSceneOptions {
  readonly dose: DoseMap
  readonly stops: readonly Point2[]
}

function createRoomShellLayer(room: RoomModel): Layer {
  const floor = new MeshBasicMaterial({ toneMapped: false })
  const edge = new MeshBasicMaterial({ toneMapped: false })
  const door = new MeshBasicMaterial({ toneMapped: false })
  const blocks = new MeshLambertMaterial()
  const group = new Group()
  group.add(
    soupMesh(flatPolygon(room.polygon, 0), floor),
    soupMesh(ribbon(room.polygon, 0.06, 0.01), edge),
    soupMesh(
      joined(room.obstacles.map((obstacle) => prism(obstacle.footprint, obstacle.zMinM, obstacle.zMaxM))),
      blocks,
    ),
    soupMesh(joined(room.doors.map(({ a, b }) => ribbon([a, b], 0.16, 0.02))), door),
  )
  return {
    object: group,
    applyTheme(theme) {
      floor.color.copy(theme.token('--room-way'))
      edge.color.copy(theme.wall)
      door.color.copy(theme.door)
      blocks.color.copy(theme.furniture)
    },
    dispose() {
      group.traverse((object) => {
        if (object instanceof Mesh) object.geometry.dispose()
      })
      for (const material of [floor, edge, door, blocks]) material.dispose()
    },
  }
}

/** One room with the dose on its surfaces, for the report. It keeps its picture for printing. */
export function createDoseScene(container: HTMLElement, { dose, stops }: DoseSceneOptions): DoseScene {
  const { room } = dose
  const stage = createStage(container, { keepsDrawing: true })
  const doseLayer = createDoseLayer()
  const stopLayer = createStopLayer()
  stage.addLayer(createRoomShellLayer(room))
  stage.addLayer(doseLayer)
  stage.addLayer(stopLayer)
  doseLayer.setDose(dose)
  stopLayer.setStops(stops)
  const labels = createLabelLayer(stage, container)
  labels.setGroup('stops', stopLabels(stops))
  const { minX, minY, maxX, maxY } = boundsOf(room.polygon)
  const topM = dose.surfaces.reduce((top, surface) => Math.max(top, surface.centre.z), 0.5)
  stage.fitBox(new Box3(new Vector3(minX, minY, 0), new Vector3(maxX, maxY, topM + 0.2)), {
    tiltRad: 0.85,
    turnRad: 0.45,
  })
  return {
    zoomBy: stage.zoomBy,
    panBy: stage.panBy,
    turnBy: stage.turnBy,
    fit: stage.fit,
    dispose() {
      labels.dispose()
      stage.dispose()
    },
  }
}
