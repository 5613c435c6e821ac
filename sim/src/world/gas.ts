import { wardError } from '@wardlight/core/errors'
import type { FloorPlan, Room } from '@wardlight/core/floor'
import { distance, isInsidePolygon } from '@wardlight/core/geometry'
import type { Random } from '@wardlight/core/random'
import type { DoorBank } from './doors.ts'
import type { Person } from './people.ts'

/**
 * Hydrogen peroxide in the hospital's air: the truth that predictions and sensors are held against, apart from the
 * model that cycles are planned with. Every room is one well-mixed volume; doors exchange air both ways, much
 * when open, little when shut; ventilation takes air outside unless its dampers are shut, and they leak.
 */

/** mg/m³ in 1 ppm at 25 °C: 34.01 g/mol over 24.45 l/mol. */
const MG_PER_PPM = 34.01 / 24.45
/** Air is moved on every so many milliseconds. */
export const GAS_STEP_MS = 500
/** Exchange through a doorway, m³/h for each metre of width: shut with an undercut, and fully open with a kelvin across it (proposed). */
const SHUT_M3_PER_HOUR_PER_M = 10
const OPEN_M3_PER_HOUR_PER_M = 600
/** Air changes an hour where the plan names none (proposed). */
const USUAL_AIR_CHANGES = 2
/** Below this a room holds nothing worth reckoning, mg/m³. */
const NOTHING_MG_PER_M3 = 1e-4
/** What this hospital's air and surfaces do lies within these, by its seed: the planner does not know where (proposed). */
const DECAY_PER_HOUR = [0.7, 2.5] as const
const SATURATION_PPM = [380, 620] as const
const WETTING_PER_HOUR = 90

interface Zone {
  readonly room: Room
  readonly levelId: string
  vapourMg: number
  filmMg: number
  areDampersShut: boolean
  damperLeakage: number
  sourceMgPerS: number
  airborneShare: number
}

interface Opening {
  readonly zones: readonly [number, number]
  readonly door: number
  readonly widthM: number
  taped: boolean
}

export class Gas {
  readonly #doors: DoorBank
  readonly #people: () => readonly Person[]
  readonly #zones: Zone[]
  readonly #indexOf: ReadonlyMap<string, number>
  readonly #openings: Opening[] = []
  readonly #decayPerHour: number
  readonly #saturationPpm: number
  readonly #random: Random
  #isAnything = false
  #worstBreathedPpm = 0
  #broughtInMg = 0
  #goneMg = 0

  constructor(plan: FloorPlan, doors: DoorBank, people: () => readonly Person[], random: Random) {
    this.#doors = doors
    this.#people = people
    this.#random = random
    const between = ([least, most]: readonly [number, number]) => least + (most - least) * random.uniform()
    this.#decayPerHour = between(DECAY_PER_HOUR)
    this.#saturationPpm = between(SATURATION_PPM)
    this.#zones = plan.levels.flatMap(({ id, rooms }) =>
      rooms.map((room) => ({
        room,
        levelId: id,
        vapourMg: 0,
        filmMg: 0,
        areDampersShut: false,
        damperLeakage: 0,
        sourceMgPerS: 0,
        airborneShare: 1,
      })),
    )
    this.#indexOf = new Map(this.#zones.map(({ room }, index) => [room.id, index]))
    for (const level of plan.levels) {
      for (const door of level.doors) {
        const [one, other] = door.roomIds.map((id) => this.#indexOf.get(id))
        if (one === undefined || other === undefined) continue
        this.#openings.push({
          zones: [one, other],
          door: doors.indexOf(door.id),
          widthM: distance(door.a, door.b),
          taped: false,
        })
      }
    }
  }

  /** Pure H2O2 into a room's air, grams a minute; 0 ends it. @throws WARD_ERR_ROOM_UNKNOWN */
  setSource(roomId: string, gPerMinute: number, airborneShare = 1): void {
    const zone = this.#zoneOf(roomId)
    zone.sourceMgPerS = (gPerMinute * 1000) / 60
    zone.airborneShare = airborneShare
    this.#isAnything ||= gPerMinute > 0
  }

  /** Shuts a room off its ventilation; the dampers let this share through. @throws WARD_ERR_ROOM_UNKNOWN */
  setDampers(roomId: string, areShut: boolean, leakage = 0.01): void {
    const zone = this.#zoneOf(roomId)
    zone.areDampersShut = areShut
    zone.damperLeakage = leakage
  }

  /** Tapes the gaps of a door, or tears the tape off. */
  setTaped(doorId: string, isTaped: boolean): void {
    const door = this.#doors.indexOf(doorId)
    for (const opening of this.#openings) if (opening.door === door) opening.taped = isTaped
  }

  /** @throws WARD_ERR_ROOM_UNKNOWN */
  ppm(roomId: string): number {
    const { vapourMg, room } = this.#zoneOf(roomId)
    return vapourMg / room.volumeM3 / MG_PER_PPM
  }

  /** The most that anybody breathed so far, ppm. */
  get worstBreathedPpm(): number {
    return this.#worstBreathedPpm
  }

  /** What was brought in, and what of it is in the rooms, has left the building, or has decayed, mg. */
  get balance(): { readonly broughtInMg: number; readonly presentMg: number; readonly goneMg: number } {
    const presentMg = this.#zones.reduce((sum, { vapourMg, filmMg }) => sum + vapourMg + filmMg, 0)
    return { broughtInMg: this.#broughtInMg, presentMg, goneMg: this.#goneMg }
  }

  sensor(roomId: string, options: GasSensorOptions = {}): GasSensor {
    this.#zoneOf(roomId)
    return new GasSensor(
      () => this.ppm(roomId),
      this.#random.fork(`sensor/${roomId}/${options.id ?? ''}`),
      options,
    )
  }

  /** Explicit in time, so that it is no copy of the planner's implicit step; costs nothing while there is no gas. */
  step(): void {
    if (!this.#isAnything) return
    const hours = GAS_STEP_MS / 3_600_000
    const zones = this.#zones
    const change = new Float64Array(zones.length)
    for (const {
      zones: [one, other],
      door,
      widthM,
      taped,
    } of this.#openings) {
      const openness = this.#doors.openness(door)
      const shut = taped ? 0.02 * SHUT_M3_PER_HOUR_PER_M : SHUT_M3_PER_HOUR_PER_M
      const flow = widthM * (shut + openness * OPEN_M3_PER_HOUR_PER_M) * hours
      const a = zones[one]!
      const b = zones[other]!
      // No more than the smaller room holds is exchanged at once.
      const moved = Math.min(flow, 0.5 * a.room.volumeM3, 0.5 * b.room.volumeM3)
      const net = moved * (a.vapourMg / a.room.volumeM3 - b.vapourMg / b.room.volumeM3)
      change[one]! -= net
      change[other]! += net
    }
    let isAnything = false
    zones.forEach((zone, index) => {
      const { room } = zone
      const brought = (zone.sourceMgPerS * GAS_STEP_MS) / 1000
      this.#broughtInMg += brought
      const air = room.airChangesPerHour ?? USUAL_AIR_CHANGES
      const exhaust =
        zone.vapourMg * Math.min(1, air * (zone.areDampersShut ? zone.damperLeakage : 1) * hours)
      const decayed = zone.vapourMg * this.#decayPerHour * hours
      const filmDecayed = zone.filmMg * this.#decayPerHour * hours
      const excess = zone.vapourMg - this.#saturationPpm * MG_PER_PPM * room.volumeM3
      const condensed = Math.max(-zone.filmMg, excess * WETTING_PER_HOUR * hours)
      this.#goneMg += exhaust + decayed + filmDecayed
      zone.vapourMg += change[index]! + brought * zone.airborneShare - exhaust - decayed - condensed
      zone.filmMg += brought * (1 - zone.airborneShare) + condensed - filmDecayed
      if (zone.filmMg < 0) {
        zone.vapourMg += zone.filmMg
        zone.filmMg = 0
      }
      isAnything ||=
        zone.sourceMgPerS > 0 || (zone.vapourMg + zone.filmMg) / room.volumeM3 > NOTHING_MG_PER_M3
    })
    this.#isAnything = isAnything
    for (const person of this.#people()) {
      for (const { room, levelId, vapourMg } of zones) {
        if (levelId !== person.levelId || !isInsidePolygon(person, room.polygon)) continue
        this.#worstBreathedPpm = Math.max(this.#worstBreathedPpm, vapourMg / room.volumeM3 / MG_PER_PPM)
      }
    }
  }

  #zoneOf(roomId: string): Zone {
    const index = this.#indexOf.get(roomId)
    if (index === undefined) {
      throw wardError('WARD_ERR_ROOM_UNKNOWN', { what: `the plan has no room ${roomId}`, where: 'gas' })
    }
    return this.#zones[index]!
  }
}

export interface GasSensorOptions {
  /** Tells sensors of one room apart: each has noise of its own. */
  readonly id?: string
  /** Time to show 63 % of a step, seconds; 10 by default (electrochemical cells: T90 of about 25 s). */
  readonly lagS?: number
  /** The most that it shows, ppm; 2000 by default. */
  readonly rangePpm?: number
}

/** What is wrong with a sensor: it repeats itself, says nothing, or reads off by so many ppm. */
export type GasSensorFault = 'stuck' | 'silent' | { readonly offsetPpm: number }

/** Reads in steps of this, ppm. */
const RESOLUTION_PPM = 0.05
/** Noise: this much, and this share of the reading (proposed; data sheets of electrochemical cells give ± 5 %). */
const NOISE_PPM = 0.04
const NOISE_SHARE = 0.02

/** A hydrogen peroxide sensor on a wall or a robot: late, noisy, stepped, and sometimes broken. */
export class GasSensor {
  readonly #truePpm: () => number
  readonly #random: Random
  readonly #lagS: number
  readonly #rangePpm: number
  #fault: GasSensorFault | null = null
  #shownPpm = 0
  #lastMs: number | null = null
  #lastReading = 0

  constructor(truePpm: () => number, random: Random, { lagS = 10, rangePpm = 2000 }: GasSensorOptions) {
    this.#truePpm = truePpm
    this.#random = random
    this.#lagS = lagS
    this.#rangePpm = rangePpm
  }

  setFault(fault: GasSensorFault | null): void {
    this.#fault = fault
  }

  /** @returns ppm, or `null` when it is silent */
  read(nowMs: number): number | null {
    const seconds = this.#lastMs === null ? 0 : (nowMs - this.#lastMs) / 1000
    this.#lastMs = nowMs
    this.#shownPpm += (this.#truePpm() - this.#shownPpm) * (1 - Math.exp(-seconds / this.#lagS))
    if (this.#fault === 'silent') return null
    if (this.#fault === 'stuck') return this.#lastReading
    const noisy = this.#shownPpm + this.#random.gaussian(NOISE_PPM + NOISE_SHARE * this.#shownPpm)
    const off = this.#fault === null ? 0 : this.#fault.offsetPpm
    const stepped = RESOLUTION_PPM * Math.round((noisy + off) / RESOLUTION_PPM)
    this.#lastReading = Math.min(this.#rangePpm, Math.max(0, stepped))
    return this.#lastReading
  }
}
