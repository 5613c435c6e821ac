import { createContext, useContext } from 'react'
import type { Clock } from '@wardlight/core/clock'
import type { FloorPlanView, OrganismView, ServerInfo, SessionView } from '@wardlight/core/fleet'
import type { Api } from '../api/api-client.ts'
import type { ExternalStore } from '../store/external-store.ts'
import type { FleetState } from '../store/fleet-state.ts'
import type { LiveFeed } from '../store/live-feed.ts'

/** What the composing page hands to every view of someone signed in. */
export interface ConsoleServices {
  readonly api: Api
  readonly store: ExternalStore<FleetState>
  readonly feed: LiveFeed
  readonly clock: Clock
  readonly serverInfo: ServerInfo
  readonly user: SessionView
  readonly floor: FloorPlanView
  readonly organisms: readonly OrganismView[]
  readonly reloadOrganisms: () => void
  readonly signOut: () => void
  /** What the server says of it now. */
  readonly renewSession: (session: SessionView) => void
  /** The server has ended it. */
  readonly forgetSession: () => void
}

export const ConsoleContext = createContext<ConsoleServices | null>(null)

export function useConsole(): ConsoleServices {
  const services = useContext(ConsoleContext)
  if (services === null) throw new Error('useConsole outside of ConsoleContext')
  return services
}
