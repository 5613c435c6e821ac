import { Color } from 'three'

const TOKENS = {
  ground: '--scene-ground',
  wall: '--scene-wall',
  glass: '--scene-glass',
  door: '--scene-door',
  furniture: '--scene-furniture',
  bed: '--scene-bed',
  robot: '--scene-robot',
  robotStale: '--scene-robot-stale',
  lamp: '--scene-lamp',
  lidar: '--scene-lidar',
  stop: '--scene-stop',
  selection: '--scene-selection',
  hover: '--scene-hover',
  dock: '--scene-dock',
  lift: '--scene-lift',
  missed: '--scene-missed',
} as const

/** Colours of the scene, from the same tokens as the rest of the page. */
export interface SceneTheme extends Readonly<Record<keyof typeof TOKENS, Color>> {
  /** Any other token, e.g. `--room-clean`. */
  readonly token: (name: string) => Color
}

export function readSceneTheme(element: HTMLElement): SceneTheme {
  const style = getComputedStyle(element)
  const token = (name: string): Color => new Color(style.getPropertyValue(name).trim() || '#888888')
  const named = Object.fromEntries(Object.entries(TOKENS).map(([key, name]) => [key, token(name)])) as Record<
    keyof typeof TOKENS,
    Color
  >
  return { ...named, token }
}
