import {
  CLEARANCE_LIMITS,
  clearanceBlockers,
  MAX_READING_GAP_MS,
  MG_PER_M3_PER_PPM,
  NO_EXPOSURE,
  NOT_CLEARED,
  withExposure,
  withProven,
  withReading,
  type Clearance,
  type Exposure,
  type PeroxidePlan,
} from '@wardlight/core/disinfection'
import type { PeroxideReport } from '@wardlight/core/fleet'
import type { GasSensorState } from '../robot/ports.ts'

/** A sensor is believed for so long after it answered to test gas, ms (proposed: once a day of use; OSHA SHIB 11-26-2024 asks for tests with gas without naming a time). */
export const BUMP_TEST_MS = 24 * 3600_000
/**
 * Where all that the generator can have given makes no more than this in the room's air, ppm, sensors need not have seen
 * it: of so little they may never see the 5 ppm that would prove them. A third of the IDLH of 75 ppm (proposed).
 */
const TOO_LITTLE_TO_SEE_PPM = 25

/** Longest gap between two measurements of the generator that counts as output, ms. */
const MAX_RATE_GAP_MS = 500

interface HeardSensor {
  readonly roomId: string
  readonly ppm: number | null
  readonly atMs: number
  readonly bumpTestAgeMs: number
}

interface InsideTrack {
  exposure: Exposure
  longestDwellS: number
  peakPpm: number
  lastPpm: number | null
}

/** What of a ledger outlives a restart; plain JSON. */
export interface GasLedgerMemory {
  readonly injectedG: number
  /** The most that can have come out. */
  readonly mostG: number
  readonly bestDwellS: number
  readonly inside: readonly {
    readonly sensorId: string
    readonly isProven: boolean
    readonly ppmHours: number
    readonly longestDwellS: number
    readonly peakPpm: number
  }[]
  readonly outside: PeroxideReport['outside']
}

/** What came out of the generator, and what every sensor said of it: the evidence of a cycle. */
export class GasLedger {
  readonly #plan: PeroxidePlan
  readonly #heard = new Map<string, HeardSensor>()
  readonly #inside = new Map<string, InsideTrack>()
  readonly #outside = new Map<string, { readonly roomId: string; peakPpm: number }>()
  #clearance: Clearance = NOT_CLEARED
  #bestDwellS = 0
  #injectedG = 0
  /** The most that can have come out, g. */
  #mostG = 0
  #rate: { readonly gPerMin: number; readonly atMs: number } | null = null
  #isBegun = false

  /** @param unseenG what may have come out since the memory was written */
  constructor(plan: PeroxidePlan, memory: GasLedgerMemory | null, nowMs: number, unseenG = 0) {
    this.#plan = plan
    if (memory === null) return
    this.#isBegun = true
    this.#injectedG = memory.injectedG
    this.#mostG = memory.mostG + unseenG
    this.#bestDwellS = memory.bestDwellS
    for (const { sensorId, ppmHours, longestDwellS, peakPpm } of memory.inside) {
      const exposure = { ...NO_EXPOSURE, ppmHours }
      this.#inside.set(sensorId, { exposure, longestDwellS, peakPpm, lastPpm: null })
    }
    for (const { sensorId, roomId, peakPpm } of memory.outside)
      this.#outside.set(sensorId, { roomId, peakPpm })
    const proven = memory.inside.filter(({ isProven }) => isProven).map(({ sensorId }) => sensorId)
    this.#clearance = withProven(NOT_CLEARED, proven, nowMs)
  }

  /** Every sensor that was heard, whichever room it is in. */
  get heard(): ReadonlyMap<string, HeardSensor> {
    return this.#heard
  }

  get injectedG(): number {
    return this.#injectedG
  }

  /** The sensors in the room that the cycle rests on. */
  get insideIds(): string[] {
    return [...this.#inside.keys()]
  }

  get outsideIds(): string[] {
    return [...this.#outside.keys()]
  }

  /** At or above the target, all sensors at once, without a break up to now, seconds. */
  get dwellS(): number {
    const dwells = [...this.#inside.values()].map(({ exposure }) => exposure.dwellS)
    return dwells.length === 0 ? 0 : Math.min(...dwells)
  }

  get bestDwellS(): number {
    return this.#bestDwellS
  }

  /** The highest that any sensor in the room reads now, ppm. */
  get highestPpm(): number {
    return Math.max(0, ...[...this.#inside.values()].map(({ lastPpm }) => lastPpm ?? 0))
  }

  /** Takes the sensors that are there now: on them the cycle rests. */
  begin(): void {
    this.#isBegun = true
    this.#inside.clear()
    this.#outside.clear()
    this.#clearance = NOT_CLEARED
    const beyond = new Set(this.#plan.neighbours.map(({ roomId }) => roomId))
    for (const [sensorId, { roomId }] of this.#heard) {
      if (roomId === this.#plan.room.roomId) {
        this.#inside.set(sensorId, { exposure: NO_EXPOSURE, longestDwellS: 0, peakPpm: 0, lastPpm: null })
      } else if (beyond.has(roomId)) this.#outside.set(sensorId, { roomId, peakPpm: 0 })
    }
  }

  /** The gas is in: the dwell counts from here. */
  beginDwell(): void {
    for (const track of this.#inside.values()) track.exposure = { ...track.exposure, dwellS: 0 }
    this.#bestDwellS = 0
  }

  hearSensors(sensors: readonly GasSensorState[], nowMs: number, isDwelling: boolean): void {
    for (const { sensorId, roomId, ppm, ageMs, bumpTestAgeMs } of sensors) {
      const atMs = nowMs - ageMs
      const before = this.#heard.get(sensorId)
      this.#heard.set(sensorId, {
        roomId,
        ppm,
        atMs: Math.max(atMs, before?.atMs ?? -Infinity),
        bumpTestAgeMs,
      })
      if (!this.#isBegun || !Number.isFinite(atMs)) continue
      const outside = this.#outside.get(sensorId)
      if (outside !== undefined) outside.peakPpm = Math.max(outside.peakPpm, ppm ?? 0)
      const track = this.#inside.get(sensorId)
      if (track === undefined) continue
      const { dwellS } = track.exposure
      const exposure = withExposure(track.exposure, atMs, ppm, this.#plan.targetPpm)
      track.exposure = isDwelling ? exposure : { ...exposure, dwellS }
      track.longestDwellS = Math.max(track.longestDwellS, isDwelling ? exposure.dwellS : 0)
      track.peakPpm = Math.max(track.peakPpm, ppm ?? 0)
      track.lastPpm = ppm
      this.#clearance = withReading(this.#clearance, { sensorId, atMs, ppm })
    }
    if (isDwelling) this.#bestDwellS = Math.max(this.#bestDwellS, this.dwellS)
  }

  /** @param commandedGPerMin what the generator was told: it may give that much without saying so */
  hearRate(gPerMin: number, commandedGPerMin: number, nowMs: number): void {
    if (!Number.isFinite(gPerMin)) return
    const before = this.#rate
    this.#rate = { gPerMin, atMs: nowMs }
    if (before === null) return
    const minutes = (nowMs - before.atMs) / 60_000
    // As evidence the lower of two measurements counts, and a gap not at all; as danger the other way round.
    if (nowMs - before.atMs <= MAX_RATE_GAP_MS) {
      this.#injectedG += minutes * Math.max(0, Math.min(before.gPerMin, gPerMin))
    }
    this.#mostG += minutes * Math.max(before.gPerMin, gPerMin, commandedGPerMin)
  }

  /** Whether enough sensors that have seen the gas speak, and every one of them reads no more than this. */
  isLow(nowMs: number, limitPpm: number): boolean {
    const proven = [...this.#believed(nowMs).sensors.values()].filter(({ isProven }) => isProven)
    return (
      proven.length >= CLEARANCE_LIMITS.sensors &&
      proven.every(({ lastMs, lastPpm }) => lastPpm <= limitPpm && nowMs - lastMs <= MAX_READING_GAP_MS)
    )
  }

  /** Why the room is not clear, in words; none when it is. */
  blockers(nowMs: number): string[] {
    return clearanceBlockers(this.#believed(nowMs), nowMs)
  }

  memory(): GasLedgerMemory {
    return {
      injectedG: this.#injectedG,
      mostG: this.#mostG,
      bestDwellS: this.#bestDwellS,
      inside: [...this.#inside].map(([sensorId, { exposure, longestDwellS, peakPpm }]) => ({
        sensorId,
        isProven: this.#isProven(sensorId),
        ppmHours: exposure.ppmHours,
        longestDwellS,
        peakPpm,
      })),
      outside: this.outside(),
    }
  }

  inside(): PeroxideReport['sensors'] {
    return [...this.#inside].map(([sensorId, { exposure, longestDwellS, peakPpm, lastPpm }]) => ({
      sensorId,
      isProven: this.#isProven(sensorId),
      peakPpm,
      ppmHours: exposure.ppmHours,
      dwellS: longestDwellS,
      atClearancePpm: lastPpm,
    }))
  }

  outside(): PeroxideReport['outside'] {
    return [...this.#outside].map(([sensorId, { roomId, peakPpm }]) => ({ sensorId, roomId, peakPpm }))
  }

  #isProven(sensorId: string): boolean {
    return this.#clearance.sensors.get(sensorId)?.isProven ?? false
  }

  #believed(nowMs: number): Clearance {
    // A generator that does not say what it does may do anything.
    if (this.#rate === null || nowMs - this.#rate.atMs > MAX_RATE_GAP_MS) return this.#clearance
    const mostPpm = (1000 * this.#mostG) / this.#plan.volumeM3 / MG_PER_M3_PER_PPM
    if (!(mostPpm <= TOO_LITTLE_TO_SEE_PPM)) return this.#clearance
    const tested = this.insideIds.filter((id) => {
      const heard = this.#heard.get(id)
      return heard !== undefined && heard.bumpTestAgeMs <= BUMP_TEST_MS && this.#clearance.sensors.has(id)
    })
    return withProven(this.#clearance, tested, -Infinity)
  }
}

/** Whether a reading is one, and fresh. */
export function isFresh({ ppm, atMs }: Pick<HeardSensor, 'ppm' | 'atMs'>, nowMs: number): boolean {
  return ppm !== null && nowMs - atMs <= MAX_READING_GAP_MS && nowMs >= atMs
}
