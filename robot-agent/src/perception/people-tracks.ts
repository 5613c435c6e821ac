import { distance, type Point2 } from '@wardlight/core/geometry'
import type { PersonSeen, SeenAround } from './people-seen.ts'

/**
 * From one scan to the next somebody is found again within so much, and so much for each second between them: the middle of
 * two legs jumps by half a stride when one hides the other, and 2 m/s is a hurried walk. Metres.
 */
const GATE_M = 0.35
const GATE_MPS = 2
/** Evidence that one look gives, and how much of it is somebody: two legs twice, one sure leg or traces three times. */
const EVIDENCE = { legs: 2, body: 1.5, leg: 1.5, trace: 1 } as const
const ENOUGH_EVIDENCE = 3
/** Scans in a row that may miss what is not yet somebody. */
const MAX_MISSES = 2
/** Somebody who is not seen for so long has gone: legs hide each other, and a door post hides both. */
const KEEP_MS = 1000
/** An alpha-beta filter (Kalata 1984) for one scan of 10 Hz: legs swing, and a body does not. */
const ALPHA = 0.5
const BETA = 0.15
/** A velocity from fewer looks is noise. */
const VELOCITY_LOOKS = 4
/** Nearer to a machine's middle than this is a part of it, metres: of one that is half hidden. */
const MACHINE_M = 0.35
/** A machine that is found again is not farther away than this, and is remembered for so long. */
const SAME_MACHINE_M = 0.5
const KEEP_MACHINE_MS = 3000

/** Somebody, followed from scan to scan. Map frame: the robot's own motion is not in the velocity. */
export interface TrackedPerson extends Point2 {
  readonly id: number
  /** Metres a second; zero until it was seen often enough. */
  readonly vx: number
  readonly vy: number
  readonly seenAtMs: number
}

interface Track {
  readonly id: number
  x: number
  y: number
  vx: number
  vy: number
  atMs: number
  seenAtMs: number
  looks: number
  misses: number
  evidence: number
  isSomebody: boolean
}

/** Follows what may be people over scans: nearest neighbours within a gate, the nearest pair first. */
export class PeopleTracks {
  #tracks: Track[] = []
  #machines: readonly (Point2 & { readonly atMs: number })[] = []
  #count = 0

  /** Everybody who is there now, those included who were seen a moment ago. */
  get people(): TrackedPerson[] {
    return this.#tracks
      .filter(({ isSomebody }) => isSomebody)
      .map(({ id, x, y, vx, vy, seenAtMs, looks }) => {
        const isMeasured = looks >= VELOCITY_LOOKS
        return { id, x, y, vx: isMeasured ? vx : 0, vy: isMeasured ? vy : 0, seenAtMs }
      })
  }

  /** Takes what the next scan shows, at its time. */
  see(seen: SeenAround, nowMs: number): void {
    this.#note(seen.machines, nowMs)
    const isOfMachine = (place: Point2) =>
      this.#machines.some((machine) => distance(machine, place) <= MACHINE_M)
    const people = seen.people.filter((person) => !isOfMachine(person))
    for (const track of this.#tracks) {
      const dtS = Math.max(0, nowMs - track.atMs) / 1000
      track.x += track.vx * dtS
      track.y += track.vy * dtS
    }
    const pairs = this.#tracks
      .flatMap((track) => people.map((seen) => ({ track, seen, apartM: distance(track, seen) })))
      .filter(({ track, apartM }) => apartM <= GATE_M + (GATE_MPS * (nowMs - track.seenAtMs)) / 1000)
      .toSorted((a, b) => a.apartM - b.apartM)
    const found = new Map<Track, PersonSeen>()
    const used = new Set<PersonSeen>()
    for (const { track, seen } of pairs) {
      if (found.has(track) || used.has(seen)) continue
      found.set(track, seen)
      used.add(seen)
    }
    for (const track of this.#tracks) update(track, found.get(track) ?? null, nowMs)
    this.#tracks = this.#tracks.filter(
      (track) =>
        (track.isSomebody ? nowMs - track.seenAtMs <= KEEP_MS : track.misses <= MAX_MISSES) &&
        !isOfMachine(track),
    )
    for (const seen of people) if (!used.has(seen)) this.#begin(seen, nowMs)
  }

  clear(): void {
    this.#tracks = []
    this.#machines = []
  }

  #note(machines: readonly Point2[], nowMs: number): void {
    const earlier = this.#machines.filter(
      (machine) =>
        nowMs - machine.atMs <= KEEP_MACHINE_MS &&
        machines.every((now) => distance(now, machine) > SAME_MACHINE_M),
    )
    this.#machines = [...earlier, ...machines.map(({ x, y }) => ({ x, y, atMs: nowMs }))]
  }

  #begin({ x, y, shape }: PersonSeen, nowMs: number): void {
    this.#count += 1
    this.#tracks.push({
      id: this.#count,
      x,
      y,
      vx: 0,
      vy: 0,
      atMs: nowMs,
      seenAtMs: nowMs,
      looks: 1,
      misses: 0,
      evidence: EVIDENCE[shape],
      isSomebody: false,
    })
  }
}

function update(track: Track, seen: PersonSeen | null, nowMs: number): void {
  const dtS = Math.max(0.05, (nowMs - track.atMs) / 1000)
  track.atMs = nowMs
  if (seen === null) {
    track.misses += 1
    track.evidence = Math.max(0, track.evidence - 1)
    return
  }
  const [dx, dy] = [seen.x - track.x, seen.y - track.y]
  track.x += ALPHA * dx
  track.y += ALPHA * dy
  track.vx += (BETA * dx) / dtS
  track.vy += (BETA * dy) / dtS
  track.seenAtMs = nowMs
  track.looks += 1
  track.misses = 0
  track.evidence += EVIDENCE[seen.shape]
  if (track.evidence >= ENOUGH_EVIDENCE) track.isSomebody = true
}
