import { useEffect, useState, useSyncExternalStore } from 'react'
import type { FleetState } from '../store/fleet-state.ts'
import { ageMs } from '../store/fleet-state.ts'
import { useConsole } from './console-context.ts'

/** A part of the fleet's state; the view draws again only when that part becomes another object. */
export function useFleet<Part>(select: (state: FleetState) => Part): Part {
  const { store } = useConsole()
  return useSyncExternalStore(store.subscribe, () => select(store.get()))
}

/** Our monotonic time, once a second. */
export function useNow(): number {
  const { clock } = useConsole()
  const [now, setNow] = useState(() => clock.monotonicMs())
  useEffect(() => {
    const timer = setInterval(() => setNow(clock.monotonicMs()), 1000)
    return () => clearInterval(timer)
  }, [clock])
  return now
}

/** Milliseconds since a server's time stamp, followed as time goes by. */
export function useAge(timestamp: string | null): number | null {
  const { store, clock } = useConsole()
  useNow()
  return ageMs(store.get(), clock.monotonicMs(), timestamp)
}
