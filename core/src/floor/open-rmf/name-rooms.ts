import type { RoomKind } from '../types.ts'

/** What is known of a room before it has a name. */
export interface UnnamedRoom {
  /** Many doors open into it: people pass through. */
  readonly isHub: boolean
  /** It has the shape of a corridor. */
  readonly isElongated: boolean
  readonly doorCount: number
  /** Of the doors that lead into it, rather than out of it. */
  readonly ownDoorNames: readonly string[]
  readonly waypointNames: readonly string[]
}

/**
 * The name that a room's waypoints give it, else its own doors: one name as it is, of several what they
 * begin with in common. A hub full of waypoints is no one of them. `null` when nothing names it.
 */
export function givenName({ isHub, ownDoorNames, waypointNames }: UnnamedRoom): string | null {
  if (isHub) return waypointNames.length === 1 ? waypointNames[0]! : null
  // A waypoint with its door's name says it twice.
  const agreed = waypointNames.find((name) => ownDoorNames.includes(name))
  if (agreed !== undefined) return agreed
  const names = waypointNames.length > 0 ? waypointNames : ownDoorNames
  if (names.length <= 1) return names[0] ?? null
  return commonBeginning(names) ?? names.toSorted(byText)[0]!
}

/** What most of the names have in common from the start, up to a separator; `null` when that says little. */
function commonBeginning(names: readonly string[]): string | null {
  const first = names[0]!
  let length = first.length
  for (const name of names) {
    while (!name.startsWith(first.slice(0, length))) length -= 1
  }
  const isWhole = names.every((name) => name.length === length || /[_\-\s.]/.test(name[length]!))
  const beginning = isWhole ? first.slice(0, length) : first.slice(0, length).replace(/[^_\-\s.]*$/, '')
  const trimmed = beginning.replace(/[_\-\s.]+$/, '')
  return trimmed.length >= 0.6 * Math.min(...names.map((name) => name.length)) ? trimmed : null
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const KINDS: readonly (readonly [RegExp, RoomKind])[] = [
  [/negative|isolat|airborne|quarantine/, 'isolationRoom'],
  [/ante_?room|airlock/, 'anteroom'],
  [/operating|theat(re|er)|surgery|(^|_)o[rt](_|\d|$)/, 'operatingTheatre'],
  [/(^|_)(dis_)?w\.?c(_|\d|$)|toilet|restroom|washroom|bath|shower|lavator/, 'bathroom'],
  [/nurse|station|reception|counter|staff|office|admin/, 'staffStation'],
  [/store|storage|supplies|supply|pantry|pharmacy|linen|(^|_)hr(_|$)/, 'store'],
  [/ahu|utility|utilities|electric|mechanical|plant|server|kitchen|laundry|clean(er|ing)/, 'utility'],
  [/corridor|hallway|passage/, 'corridor'],
  [/lobby|waiting|lounge|entrance|foyer|hall(_|\d|$)|atrium|concourse/, 'lobby'],
  [/patient|ward|bed|(^|_)icu(_|\d|$)/, 'patientRoom'],
]

/** A guess from names, which are free text in this format, and for what people pass through from its shape. */
export function guessKind(room: UnnamedRoom, name: string | null): RoomKind {
  // All of its doors lead into other rooms.
  const isPassage = name === null && room.doorCount >= 2
  if (room.isElongated && (room.isHub || isPassage)) return 'corridor'
  if (room.isHub) return 'lobby'
  for (const words of [name ?? '', ...room.ownDoorNames, ...room.waypointNames]) {
    const text = words.toLowerCase().replaceAll(/[\s-]+/g, '_')
    const kind = KINDS.find(([pattern]) => pattern.test(text))
    if (kind !== undefined) return kind[1]
  }
  return 'other'
}
