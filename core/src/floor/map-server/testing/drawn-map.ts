import type { PlanFiles } from '../../types.ts'

export const WHITE = 254
export const BLACK = 0
export const GREY = 205

/** A map image drawn in code, row 0 at the top, as map_saver would write it. */
export class DrawnMap {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array

  constructor(width: number, height: number, grey = GREY) {
    this.width = width
    this.height = height
    this.pixels = new Uint8Array(width * height).fill(grey)
  }

  /** Fills columns `x` to `x + width` and rows `y` to `y + height`, the ends not included. */
  fill(x: number, y: number, width: number, height: number, grey: number): this {
    for (let row = y; row < y + height; row += 1) {
      this.pixels.fill(grey, row * this.width + x, row * this.width + x + width)
    }
    return this
  }

  /** A white space with black walls around it. */
  room(x: number, y: number, width: number, height: number, wall = 3): this {
    return this.fill(x - wall, y - wall, width + 2 * wall, height + 2 * wall, BLACK).fill(
      x,
      y,
      width,
      height,
      WHITE,
    )
  }

  pgm(): Uint8Array {
    return concatenate(ascii(`P5\n# drawn\n${this.width} ${this.height}\n255\n`), this.pixels)
  }
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

export function concatenate(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Files in memory. */
export function filesOf(contents: Readonly<Record<string, string | Uint8Array>>): PlanFiles {
  const read = (path: string) => {
    const content = contents[path]
    if (content === undefined)
      throw Object.assign(new Error(`ENOENT: no such file, ${path}`), { code: 'ENOENT' })
    return content
  }
  return {
    readText(path) {
      const content = read(path)
      return typeof content === 'string' ? content : String.fromCharCode(...content)
    },
    readBytes(path) {
      const content = read(path)
      return typeof content === 'string' ? ascii(content) : content
    },
    resolve: (path, name) => (name.startsWith('/') ? name : path.replace(/[^/]*$/, name)),
  }
}

/** The YAML of a map, each field as it shall stand there; `null` leaves it out. */
export function mapYaml(fields: Readonly<Record<string, string | number | null>> = {}): string {
  const all = {
    image: 'map.pgm',
    resolution: 0.05,
    origin: '[0, 0, 0]',
    negate: 0,
    occupied_thresh: 0.65,
    free_thresh: 0.196,
    ...fields,
  }
  return Object.entries(all)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')
}
