import {
  BoxGeometry,
  BufferGeometry,
  CircleGeometry,
  Color,
  CylinderGeometry,
  Float32BufferAttribute,
  Group,
  InstancedMesh,
  Matrix4,
  MeshBasicMaterial,
  MeshLambertMaterial,
  Quaternion,
  Vector3,
} from 'three'
import type { Point2, Pose2 } from '@wardlight/core/geometry'
import type { SceneTheme } from '../scene-theme.ts'
import type { Layer } from '../stage.ts'

export interface RobotMark {
  readonly id: string
  readonly pose: Pose2
  readonly lengthM: number
  readonly widthM: number
  /** It hangs in a room: it has no base, and goes nowhere. */
  readonly isFixed: boolean
  readonly isLampLit: boolean
  /** Old news: drawn grey. */
  readonly isStale: boolean
  readonly isSelected: boolean
}

export interface RobotLayer extends Layer {
  setRobots(robots: readonly RobotMark[]): void
  robotAt(point: Point2): string | null
}

const BODY_HEIGHT_M = 0.35
const MAST_HEIGHT_M = 1.5
const GLOW_RADIUS_M = 1.6

/** A flat arrow head on the body's top, pointing along +x. */
function headingGeometry(): BufferGeometry {
  const geometry = new BufferGeometry()
  geometry.setAttribute(
    'position',
    new Float32BufferAttribute(
      [0.48, 0, 0, -0.1, 0.34, 0, 0.08, 0, 0, 0.48, 0, 0, 0.08, 0, 0, -0.1, -0.34, 0],
      3,
    ),
  )
  geometry.setAttribute(
    'normal',
    new Float32BufferAttribute(Array.from({ length: 6 }, () => [0, 0, 1]).flat(), 3),
  )
  return geometry
}

/** All robots in a handful of instanced meshes: body, mast, heading, light on the floor, selection. */
export function createRobotLayer(): RobotLayer {
  const group = new Group()
  const upright = new CylinderGeometry(0.5, 0.5, 1, 20)
  upright.rotateX(Math.PI / 2)
  const parts = {
    body: { geometry: new BoxGeometry(1, 1, 1), material: new MeshLambertMaterial() },
    mast: { geometry: upright, material: new MeshLambertMaterial() },
    heading: { geometry: headingGeometry(), material: new MeshBasicMaterial({ toneMapped: false }) },
    glow: {
      geometry: new CircleGeometry(1, 40),
      material: new MeshBasicMaterial({
        transparent: true,
        opacity: 0.35,
        depthWrite: false,
        toneMapped: false,
      }),
    },
    halo: { geometry: new CircleGeometry(1, 40), material: new MeshBasicMaterial({ toneMapped: false }) },
  }
  type Part = keyof typeof parts
  const names = Object.keys(parts) as Part[]
  let capacity = 0
  let meshes: Record<Part, InstancedMesh> | null = null
  let robots: readonly RobotMark[] = []
  let theme: SceneTheme | null = null

  function ensure(count: number): Record<Part, InstancedMesh> {
    if (meshes !== null && count <= capacity) return meshes
    if (meshes !== null) {
      for (const name of names) {
        group.remove(meshes[name])
        meshes[name].dispose()
      }
    }
    capacity = Math.max(8, count * 2)
    const make = (name: Part): InstancedMesh => {
      const mesh: InstancedMesh = new InstancedMesh(parts[name].geometry, parts[name].material, capacity)
      mesh.frustumCulled = false
      group.add(mesh)
      return mesh
    }
    meshes = {
      body: make('body'),
      mast: make('mast'),
      heading: make('heading'),
      glow: make('glow'),
      halo: make('halo'),
    }
    return meshes
  }

  const matrix = new Matrix4()
  const place = new Vector3()
  const turn = new Quaternion()
  const scale = new Vector3()
  const zAxis = new Vector3(0, 0, 1)
  const white = new Color('#ffffff')

  function draw(): void {
    if (theme === null) return
    const set = ensure(robots.length)
    for (const [index, robot] of robots.entries()) {
      const { pose, lengthM, widthM } = robot
      turn.setFromAxisAngle(zAxis, pose.theta)
      const put = (name: Part, z: number, x: number, y: number, height: number, colour: Color): void => {
        matrix.compose(place.set(pose.x, pose.y, z), turn, scale.set(x, y, height))
        set[name].setMatrixAt(index, matrix)
        set[name].setColorAt(index, colour)
      }
      const body = robot.isStale ? theme.robotStale : theme.robot
      const lamp = robot.isLampLit && !robot.isStale ? theme.lamp : body
      const base = robot.isFixed ? 0 : 1
      put('body', BODY_HEIGHT_M / 2 + 0.03, base * lengthM, base * widthM, BODY_HEIGHT_M, body)
      put('mast', MAST_HEIGHT_M / 2, 0.2, 0.2, MAST_HEIGHT_M, lamp)
      put('heading', BODY_HEIGHT_M + 0.04, base * lengthM, base * widthM, 1, white)
      const glow = robot.isLampLit && !robot.isStale ? GLOW_RADIUS_M : 0
      put('glow', 0.035, glow, glow, 1, theme.lamp)
      const halo = robot.isSelected ? Math.hypot(lengthM, widthM) / 2 + 0.16 : 0
      put('halo', 0.03, halo, halo, 1, theme.selection)
    }
    for (const name of names) {
      set[name].count = robots.length
      set[name].instanceMatrix.needsUpdate = true
      if (set[name].instanceColor !== null) set[name].instanceColor.needsUpdate = true
    }
  }

  return {
    object: group,
    setRobots(next) {
      robots = next
      draw()
    },
    robotAt(point) {
      const near = robots
        .map((robot) => ({
          id: robot.id,
          distance: Math.hypot(robot.pose.x - point.x, robot.pose.y - point.y),
          reach: Math.max(robot.lengthM, robot.widthM) / 2 + 0.35,
        }))
        .filter(({ distance, reach }) => distance <= reach)
        .toSorted((a, b) => a.distance - b.distance)
      return near[0]?.id ?? null
    },
    applyTheme(next) {
      theme = next
      draw()
    },
    dispose() {
      for (const name of names) {
        meshes?.[name].dispose()
        parts[name].geometry.dispose()
        parts[name].material.dispose()
      }
    },
  }
}
