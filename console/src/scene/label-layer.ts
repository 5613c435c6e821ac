import { Vector3 } from 'three'
import { ICON_PATHS, type IconName } from '../look/icon-paths.ts'
import { placeLabels, type LabelWish } from './label-placement.ts'
import type { Stage } from './stage.ts'

export interface LabelSpec {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly z: number
  readonly title: string
  readonly detail: string | null
  readonly icon: IconName | null
  /** CSS colour token of the icon's chip. */
  readonly token: string
  readonly look: 'room' | 'robot' | 'stop'
  readonly priority: number
  /** How wide the thing it names is, metres. */
  readonly spanM: number
  readonly isForced: boolean
}

export interface LabelLayer {
  /** Replaces all labels of one group. */
  setGroup(group: string, labels: readonly LabelSpec[]): void
  dispose(): void
}

const SVG = 'http://www.w3.org/2000/svg'

function labelElement(spec: LabelSpec): HTMLElement {
  const element = document.createElement('div')
  element.className = `map-label map-label-${spec.look}`
  element.style.setProperty('--tone', `var(${spec.token})`)
  if (spec.icon !== null) {
    const chip = document.createElement('span')
    chip.className = 'map-label-icon'
    const svg = document.createElementNS(SVG, 'svg')
    svg.setAttribute('viewBox', '0 0 16 16')
    const path = document.createElementNS(SVG, 'path')
    path.setAttribute('d', ICON_PATHS[spec.icon])
    svg.append(path)
    chip.append(svg)
    element.append(chip)
  }
  const words = document.createElement('span')
  words.className = 'map-label-words'
  const title = document.createElement('span')
  title.className = 'map-label-title'
  title.textContent = spec.title
  words.append(title)
  if (spec.detail !== null) {
    const detail = document.createElement('span')
    detail.className = 'map-label-detail'
    detail.textContent = spec.detail
    words.append(detail)
  }
  element.append(words)
  return element
}

/** Words over the canvas. They are hidden from screen readers: the lists say the same. */
export function createLabelLayer(stage: Stage, container: HTMLElement): LabelLayer {
  const overlay = document.createElement('div')
  overlay.className = 'map-labels'
  overlay.setAttribute('aria-hidden', 'true')
  container.append(overlay)
  const groups = new Map<string, readonly LabelSpec[]>()
  const elements = new Map<string, { element: HTMLElement; key: string; width: number; height: number }>()
  const point = new Vector3()

  function elementFor(key: string, spec: LabelSpec): { element: HTMLElement; width: number; height: number } {
    const content = JSON.stringify([spec.title, spec.detail, spec.icon, spec.token, spec.look])
    const known = elements.get(key)
    if (known !== undefined && known.key === content) return known
    known?.element.remove()
    const element = labelElement(spec)
    overlay.append(element)
    const made = { element, key: content, width: element.offsetWidth, height: element.offsetHeight }
    elements.set(key, made)
    return made
  }

  function place(): void {
    const width = overlay.clientWidth
    const height = overlay.clientHeight
    const scale = stage.pixelsPerMetre()
    const wishes: LabelWish[] = []
    const alive = new Set<string>()
    for (const [group, specs] of groups) {
      for (const spec of specs) {
        const id = `${group}/${spec.id}`
        alive.add(id)
        const { element, width: fullWidth, height: fullHeight } = elementFor(id, spec)
        point.set(spec.x, spec.y, spec.z).project(stage.camera)
        const x = ((point.x + 1) / 2) * width
        const y = ((1 - point.y) / 2) * height
        element.style.transform = `translate(-50%, -50%) translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`
        wishes.push({
          id,
          x: point.z > 1 ? -1 : x,
          y,
          priority: spec.priority,
          fullWidth,
          fullHeight,
          smallSize: spec.icon === null ? 0 : 24,
          room: spec.look === 'room' ? spec.spanM * scale * 1.1 : Infinity,
          isForced: spec.isForced,
        })
      }
    }
    const placed = placeLabels(wishes, { width, height })
    for (const [id, { element }] of elements) {
      if (!alive.has(id)) {
        element.remove()
        elements.delete(id)
        continue
      }
      const form = placed.get(id)
      element.dataset['form'] = form ?? 'hidden'
    }
  }

  stage.onFrame(place)
  return {
    setGroup(group, labels) {
      groups.set(group, labels)
      stage.requestFrame()
    },
    dispose() {
      overlay.remove()
      elements.clear()
      groups.clear()
    },
  }
}
