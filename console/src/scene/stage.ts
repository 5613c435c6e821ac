import {
  Color,
  DirectionalLight,
  HemisphereLight,
  PerspectiveCamera,
  Plane,
  Raycaster,
  Scene,
  Vector2,
  Vector3,
  WebGLRenderer,
  type Box3,
  type Object3D,
} from 'three'
import { MapControls } from 'three/addons/controls/MapControls.js'
import type { Point2 } from '@wardlight/core/geometry'
import { fittedCamera, type ViewAngles } from './fit-camera.ts'
import { readSceneTheme, type SceneTheme } from './scene-theme.ts'

/** One family of data in the scene. It owns its geometry and materials and frees them in `dispose`. */
export interface Layer {
  readonly object: Object3D
  applyTheme?(theme: SceneTheme): void
  dispose(): void
}

/** What the person holding the map wants; the words of keys and buttons are the view's. */
export interface Viewpoint {
  readonly zoomBy: (factor: number) => void
  /** In shares of the visible width: to the right, and away. */
  readonly panBy: (right: number, away: number) => void
  readonly turnBy: (angleRad: number) => void
  /** Back to the whole of what was fitted last. */
  readonly fit: () => void
}

export interface Stage extends Viewpoint {
  readonly scene: Scene
  readonly camera: PerspectiveCamera
  readonly canvas: HTMLCanvasElement
  readonly theme: SceneTheme
  readonly addLayer: (layer: Layer) => void
  /** Draws once, soon. Nothing is drawn unless someone asks. */
  readonly requestFrame: () => void
  /** Called before each frame, e.g. to place labels. */
  readonly onFrame: (listener: () => void) => void
  readonly fitBox: (box: Box3, angles?: Partial<ViewAngles>) => void
  /** The point of the floor under a point of the page; `null` beyond the horizon. */
  readonly groundAt: (clientX: number, clientY: number) => Point2 | null
  /** Pixels per metre around the middle of the view. */
  readonly pixelsPerMetre: () => number
  readonly dispose: () => void
}

const DEFAULT_ANGLES: ViewAngles = { tiltRad: 0.62, turnRad: 0 }
const FIELD_OF_VIEW_DEG = 30

export function isWebGlAvailable(): boolean {
  try {
    return document.createElement('canvas').getContext('webgl2') !== null
  } catch {
    return false
  }
}

/**
 * Renderer, camera and controls on a container. Map frame and scene frame are the same: metres, z up.
 * `keepsDrawing` keeps the picture for printing.
 */
export function createStage(container: HTMLElement, { keepsDrawing = false } = {}): Stage {
  const renderer = new WebGLRenderer({ antialias: true, alpha: true, preserveDrawingBuffer: keepsDrawing })
  renderer.setPixelRatio(Math.min(2, window.devicePixelRatio))
  const canvas = renderer.domElement
  canvas.style.display = 'block'
  canvas.setAttribute('aria-hidden', 'true')
  container.append(canvas)

  const scene = new Scene()
  const camera = new PerspectiveCamera(FIELD_OF_VIEW_DEG, 1, 0.5, 2000)
  camera.up.set(0, 0, 1)
  const sky = new HemisphereLight(new Color('#ffffff'), new Color('#b8bcc0'), 2.4)
  sky.position.set(0, 0, 1)
  const sun = new DirectionalLight(new Color('#ffffff'), 1.1)
  sun.position.set(-0.4, -0.7, 1)
  scene.add(sky, sun)

  const controls = new MapControls(camera, canvas)
  controls.enableDamping = false
  controls.zoomToCursor = true
  controls.maxPolarAngle = 1.3
  controls.minDistance = 2

  const layers: Layer[] = []
  const listeners: (() => void)[] = []
  let theme = readSceneTheme(container)
  let frame: number | null = null
  let fitted: { box: Box3; angles: ViewAngles } | null = null
  // Until someone moves the camera, a new size of the window fits the view again.
  let isMoved = false
  let width = 1
  let height = 1

  function draw(): void {
    frame = null
    for (const listener of listeners) listener()
    renderer.render(scene, camera)
  }

  function requestFrame(): void {
    frame ??= requestAnimationFrame(draw)
  }

  function fit(): void {
    if (fitted === null) return
    const { position, target } = fittedCamera(fitted.box, fitted.angles, FIELD_OF_VIEW_DEG, width / height)
    camera.position.copy(position)
    controls.target.copy(target)
    controls.maxDistance = position.distanceTo(target) * 2
    camera.far = controls.maxDistance * 4
    camera.near = Math.max(0.2, controls.maxDistance / 800)
    camera.updateProjectionMatrix()
    controls.update()
    isMoved = false
    requestFrame()
  }

  function resize(): void {
    width = Math.max(1, container.clientWidth)
    height = Math.max(1, container.clientHeight)
    renderer.setSize(width, height)
    camera.aspect = width / height
    camera.updateProjectionMatrix()
    if (!isMoved) fit()
    requestFrame()
  }

  function retheme(): void {
    theme = readSceneTheme(container)
    for (const layer of layers) layer.applyTheme?.(theme)
    requestFrame()
  }

  const markMoved = (): void => {
    isMoved = true
  }
  controls.addEventListener('start', markMoved)
  controls.addEventListener('change', requestFrame)
  const resizeObserver = new ResizeObserver(resize)
  resizeObserver.observe(container)
  const darkQuery = window.matchMedia('(prefers-color-scheme: dark)')
  darkQuery.addEventListener('change', retheme)
  resize()

  function moved(): void {
    isMoved = true
    controls.update()
    requestFrame()
  }

  const raycaster = new Raycaster()
  const floor = new Plane(new Vector3(0, 0, 1), 0)

  return {
    scene,
    camera,
    canvas,
    get theme() {
      return theme
    },
    addLayer(layer) {
      layers.push(layer)
      scene.add(layer.object)
      layer.applyTheme?.(theme)
      requestFrame()
    },
    requestFrame,
    onFrame: (listener) => void listeners.push(listener),
    fitBox(box, angles = {}) {
      fitted = { box: box.clone(), angles: { ...DEFAULT_ANGLES, ...angles } }
      fit()
    },
    fit,
    zoomBy(factor) {
      const offset = camera.position.clone().sub(controls.target)
      const distance = Math.min(
        controls.maxDistance,
        Math.max(controls.minDistance, offset.length() / factor),
      )
      camera.position.copy(controls.target).add(offset.setLength(distance))
      moved()
    },
    panBy(right, away) {
      const view = camera.position.distanceTo(controls.target)
      const visible = 2 * view * Math.tan((FIELD_OF_VIEW_DEG * Math.PI) / 360) * camera.aspect
      const forward = controls.target.clone().sub(camera.position).setZ(0).normalize()
      const sideways = new Vector3(forward.y, -forward.x, 0)
      const shift = sideways.multiplyScalar(right * visible).addScaledVector(forward, away * visible)
      camera.position.add(shift)
      controls.target.add(shift)
      moved()
    },
    turnBy(angleRad) {
      const offset = camera.position.clone().sub(controls.target)
      camera.position.copy(controls.target).add(offset.applyAxisAngle(new Vector3(0, 0, 1), angleRad))
      moved()
    },
    groundAt(clientX, clientY) {
      const box = canvas.getBoundingClientRect()
      const pointer = new Vector2(
        ((clientX - box.left) / box.width) * 2 - 1,
        1 - ((clientY - box.top) / box.height) * 2,
      )
      raycaster.setFromCamera(pointer, camera)
      const hit = raycaster.ray.intersectPlane(floor, new Vector3())
      return hit === null ? null : { x: hit.x, y: hit.y }
    },
    pixelsPerMetre() {
      const distance = camera.position.distanceTo(controls.target)
      return height / (2 * distance * Math.tan((FIELD_OF_VIEW_DEG * Math.PI) / 360))
    },
    dispose() {
      if (frame !== null) cancelAnimationFrame(frame)
      darkQuery.removeEventListener('change', retheme)
      resizeObserver.disconnect()
      controls.dispose()
      for (const layer of layers) {
        scene.remove(layer.object)
        layer.dispose()
      }
      renderer.dispose()
      renderer.forceContextLoss()
      canvas.remove()
    },
  }
}
