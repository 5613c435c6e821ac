import type { LiveState, ScanView } from '@wardlight/core/fleet'

/** What the console knows of the fleet, and how well it knows it. */
export interface FleetState {
  /**
   * `connecting`: nothing has come yet; `live`: the line is alive; `lost`: it was, and the values may
   * be old (they stay, to be shown as old).
   */
  readonly connection: 'connecting' | 'live' | 'lost'
  /** `null` until the first snapshot. */
  readonly live: LiveState | null
  /** Newest scan of each watched robot. */
  readonly scans: Readonly<Record<string, ScanView>>
  /** The server's time at the newest message, Unix milliseconds. */
  readonly serverEpochMs: number | null
  /** Our own monotonic time at that message, milliseconds. */
  readonly heardAtMs: number | null
}

export const EMPTY_FLEET: FleetState = {
  connection: 'connecting',
  live: null,
  scans: {},
  serverEpochMs: null,
  heardAtMs: null,
}

/** The server's time now, as far as we can know it: its last word, and how long ago we heard it. */
export function serverNowMs(state: FleetState, monotonicMs: number): number | null {
  if (state.serverEpochMs === null || state.heardAtMs === null) return null
  return state.serverEpochMs + Math.max(0, monotonicMs - state.heardAtMs)
}

/** Older than this a live value is shown grey, with its age. */
export const STALE_AFTER_MS = 5000

/** Milliseconds since a server's time stamp; `null` when either is unknown. Never negative. */
export function ageMs(state: FleetState, monotonicMs: number, timestamp: string | null): number | null {
  const now = serverNowMs(state, monotonicMs)
  if (now === null || timestamp === null) return null
  const at = Date.parse(timestamp)
  return Number.isNaN(at) ? null : Math.max(0, now - at)
}

/** Unknown age counts as stale: what cannot be dated cannot be trusted. */
export function isStale(age: number | null): boolean {
  return age === null || age > STALE_AFTER_MS
}
