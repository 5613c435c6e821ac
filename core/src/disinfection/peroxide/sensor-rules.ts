/** A reading of a hydrogen peroxide sensor. `ppm` is `null` when the sensor says that it has none. */
export interface GasReading {
  readonly sensorId: string
  readonly atMs: number
  readonly ppm: number | null
}

/** Between two readings of a sensor no more time may pass, ms (interlock: stale within 0.5 s of its period; proposed for 1 Hz sensors). */
export const MAX_READING_GAP_MS = 5000

/** What a room needs to be cleared. A room is cleared by sensors, never by time. */
export interface ClearanceLimits {
  /** At or under it the room is clear, ppm; at most 1 (OSHA, ACGIH, NIOSH, 8 h). */
  readonly limitPpm: number
  readonly sensors: number
  /** Every counted sensor stays at or under the limit for so long. */
  readonly stableMs: number
  /** A sensor counts only when it has seen so much in this cycle: one that never rose may be dead. */
  readonly provenAbovePpm: number
  /** Counted sensors that differ by more contradict one another, ppm. */
  readonly agreePpm: number
}

export const CLEARANCE_LIMITS: ClearanceLimits = {
  limitPpm: 1,
  sensors: 2,
  stableMs: 10 * 60_000,
  provenAbovePpm: 5,
  agreePpm: 0.5,
}

interface SensorTrack {
  readonly lastMs: number
  readonly lastPpm: number
  /** Since when every reading was at or under the limit, without a gap; `null` while it is not so. */
  readonly lowSinceMs: number | null
  readonly isProven: boolean
}

/** What the sensors in a gassed room have said so far. */
export interface Clearance {
  readonly sensors: ReadonlyMap<string, SensorTrack>
}

/** Before the gas: no sensor has shown that it works. */
export const NOT_CLEARED: Clearance = { sensors: new Map() }

/** Takes one reading. Readings that come late or twice change nothing. */
export function withReading(
  { sensors }: Clearance,
  { sensorId, atMs, ppm }: GasReading,
  limits: ClearanceLimits = CLEARANCE_LIMITS,
): Clearance {
  const before = sensors.get(sensorId)
  if (before !== undefined && !(atMs > before.lastMs)) return { sensors }
  const isReading = ppm !== null && Number.isFinite(ppm) && ppm >= 0
  const hasGap = before === undefined || atMs - before.lastMs > MAX_READING_GAP_MS
  const isLow = isReading && ppm <= limits.limitPpm
  const track: SensorTrack = {
    lastMs: atMs,
    lastPpm: isReading ? ppm : Number.NaN,
    lowSinceMs: isLow ? (hasGap ? atMs : (before.lowSinceMs ?? atMs)) : null,
    isProven: (before?.isProven ?? false) || (isReading && ppm >= limits.provenAbovePpm),
  }
  return { sensors: new Map([...sensors, [sensorId, track]]) }
}

/**
 * Believes sensors for another reason than that they have seen this gas here: they had before a restart, or they answered
 * to test gas today and there never was enough gas to see.
 *
 * @param atMs of readings that come: earlier ones do not count
 */
export function withProven({ sensors }: Clearance, sensorIds: readonly string[], atMs: number): Clearance {
  const unread: SensorTrack = { lastMs: atMs, lastPpm: Number.NaN, lowSinceMs: null, isProven: true }
  return {
    sensors: new Map([
      ...sensors,
      ...sensorIds.map((id): [string, SensorTrack] => {
        const track = sensors.get(id)
        return [id, track === undefined ? unread : { ...track, isProven: true }]
      }),
    ]),
  }
}

/** Why a room is not clear, in words; none when it is. */
export function clearanceBlockers(
  { sensors }: Clearance,
  nowMs: number,
  limits: ClearanceLimits = CLEARANCE_LIMITS,
): string[] {
  const blockers: string[] = []
  const proven = [...sensors].filter(([, { isProven }]) => isProven)
  if (proven.length < limits.sensors) {
    blockers.push(`${proven.length} of ${limits.sensors} sensors have seen the gas and can be believed`)
  }
  for (const [id, { lastMs, lastPpm, lowSinceMs }] of proven) {
    // A clock that ran backwards is no fresh reading either.
    if (!(nowMs - lastMs <= MAX_READING_GAP_MS && nowMs >= lastMs)) blockers.push(`sensor ${id} is silent`)
    else if (Number.isNaN(lastPpm)) blockers.push(`sensor ${id} has no reading`)
    else if (lowSinceMs === null) blockers.push(`sensor ${id} reads ${lastPpm.toFixed(1)} ppm`)
    else if (lastMs - lowSinceMs < limits.stableMs) blockers.push(`sensor ${id} is not low for long enough`)
  }
  const values = proven.map(([, { lastPpm }]) => lastPpm).filter((ppm) => !Number.isNaN(ppm))
  if (values.length > 1 && Math.max(...values) - Math.min(...values) > limits.agreePpm) {
    blockers.push(
      `the sensors contradict one another: ${values.map((ppm) => ppm.toFixed(1)).join(' and ')} ppm`,
    )
  }
  return blockers
}

/** The exposure of a gassed room so far, by the sensor that reads least. */
export interface Exposure {
  /** Seconds at or above the target without a break, up to the last reading. */
  readonly dwellS: number
  /** Time above nothing counts: gaps are left out, and between readings the lower one counts. */
  readonly ppmHours: number
  readonly last: { readonly atMs: number; readonly ppm: number } | null
}

export const NO_EXPOSURE: Exposure = { dwellS: 0, ppmHours: 0, last: null }

/**
 * Takes one reading of the room's concentration. The dwell begins anew when it falls below the target, when a
 * reading is missing, and after a gap: what nobody measured is not exposure.
 */
export function withExposure(
  exposure: Exposure,
  atMs: number,
  ppm: number | null,
  targetPpm: number,
): Exposure {
  if (exposure.last !== null && !(atMs > exposure.last.atMs)) return exposure
  if (ppm === null || !Number.isFinite(ppm) || ppm < 0) return { ...exposure, dwellS: 0, last: null }
  const { last } = exposure
  const stepMs = last === null ? Infinity : atMs - last.atMs
  if (last === null || stepMs > MAX_READING_GAP_MS) return { ...exposure, dwellS: 0, last: { atMs, ppm } }
  const lower = Math.min(last.ppm, ppm)
  const stepS = stepMs / 1000
  return {
    dwellS: lower >= targetPpm ? exposure.dwellS + stepS : 0,
    ppmHours: exposure.ppmHours + (lower * stepS) / 3600,
    last: { atMs, ppm },
  }
}

/** What must happen outside of a gassed room; each contains the ones before it. */
export type OutsideAction = 'none' | 'stopGas' | 'evacuate'

/** Limits outside, ppm: over the first alarm and stop gas, over the second evacuate and aerate. */
export const OUTSIDE_LIMITS_PPM = { stopGas: 1, evacuate: 2 } as const

/** Outside sensors; what once happened stays until a person resets it. */
export interface OutsideWatch {
  readonly lastMs: ReadonlyMap<string, number>
  readonly action: OutsideAction
  readonly reason: string | null
}

/** @param sensorIds that must speak from now on */
export function watchOutside(sensorIds: readonly string[], nowMs: number): OutsideWatch {
  return { lastMs: new Map(sensorIds.map((id) => [id, nowMs])), action: 'none', reason: null }
}

export function withOutsideReading(watch: OutsideWatch, { sensorId, atMs, ppm }: GasReading): OutsideWatch {
  if (!watch.lastMs.has(sensorId)) return watch
  if (ppm === null || !Number.isFinite(ppm) || ppm < 0) {
    return atLeast(watch, 'stopGas', `sensor ${sensorId} has no reading`)
  }
  const known = {
    ...watch,
    lastMs: new Map([...watch.lastMs, [sensorId, Math.max(atMs, watch.lastMs.get(sensorId)!)]]),
  }
  const words = `${ppm.toFixed(1)} ppm at ${sensorId}`
  if (ppm > OUTSIDE_LIMITS_PPM.evacuate) return atLeast(known, 'evacuate', words)
  if (ppm > OUTSIDE_LIMITS_PPM.stopGas) return atLeast(known, 'stopGas', words)
  return known
}

/** A sensor that is silent counts as an alarm: nobody knows what is out there. */
export function withOutsideTime(watch: OutsideWatch, nowMs: number): OutsideWatch {
  for (const [id, lastMs] of watch.lastMs) {
    if (nowMs - lastMs > MAX_READING_GAP_MS) return atLeast(watch, 'stopGas', `sensor ${id} is silent`)
  }
  return watch
}

const ORDER: readonly OutsideAction[] = ['none', 'stopGas', 'evacuate']

function atLeast(watch: OutsideWatch, action: OutsideAction, reason: string): OutsideWatch {
  return ORDER.indexOf(action) > ORDER.indexOf(watch.action) ? { ...watch, action, reason } : watch
}

/** What keeps a room from being gassed, or ends its gassing: everything that lets gas out. */
export interface Sealing {
  readonly openDoors: readonly string[]
  readonly movedGuards: readonly string[]
  readonly isHvacIsolated: boolean
}

/** Why gas must not flow; with any reason: stop gas, keep the doors locked, aerate. */
export function unsealedReasons({ openDoors, movedGuards, isHvacIsolated }: Sealing): string[] {
  return [
    ...openDoors.map((door) => `${door} is open`),
    ...movedGuards.map((door) => `the guard of ${door} was moved`),
    ...(isHvacIsolated ? [] : ['the ventilation is not isolated']),
  ]
}
