import { useCallback, useEffect, useState } from 'react'
import type { Clock } from '@wardlight/core/clock'
import type { FloorPlanView, OrganismView, ServerInfo, SessionView } from '@wardlight/core/fleet'
import { ApiFailure, type Api } from '../api/api-client.ts'
import { useText } from '../i18n/use-text.ts'
import { endDutyHere } from '../store/duty-device.ts'
import type { ExternalStore } from '../store/external-store.ts'
import { EMPTY_FLEET, type FleetState } from '../store/fleet-state.ts'
import type { LiveFeed } from '../store/live-feed.ts'
import { Button } from '../ui/button.tsx'
import { ConsoleContext } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { Shell } from './shell.tsx'
import { SignIn } from './sign-in.tsx'
import { SignInSteps } from './sign-in-steps.tsx'
import { asFailure } from './use-action.ts'

export interface AppProps {
  readonly api: Api
  readonly clock: Clock
  readonly store: ExternalStore<FleetState>
  /** Makes the live feed; it is told what to do when the line is lost. */
  readonly createFeed: (onLost: () => void) => LiveFeed
}

interface Ground {
  readonly floor: FloorPlanView
  readonly organisms: readonly OrganismView[]
  readonly feed: LiveFeed
}

/** From nothing to signed in: server, session, then what hardly changes, then the live feed. */
export function App({ api, clock, store, createFeed }: AppProps) {
  const text = useText()
  const [serverInfo, setServerInfo] = useState<ServerInfo | null>(null)
  const [user, setUser] = useState<SessionView | null | 'unknown'>('unknown')
  const [ground, setGround] = useState<Ground | null>(null)
  const [failure, setFailure] = useState<ApiFailure | null>(null)
  const [round, setRound] = useState(0)

  useEffect(() => {
    const load = async (): Promise<void> => {
      const info = await api.serverInfo()
      document.title = `${text.appName}, ${info.hospitalName}`
      setServerInfo(info)
      setUser(
        await api.session().catch((error: unknown) => {
          if (error instanceof ApiFailure && error.status === 401) return null
          throw error
        }),
      )
    }
    load().catch((error: unknown) => setFailure(asFailure(error)))
  }, [api, round, text])

  const isSignedIn = user !== null && user !== 'unknown' && user.next === null
  useEffect(() => {
    if (!isSignedIn) return undefined
    let isCurrent = true
    // A lost line may mean a session that ended.
    const feed = createFeed(() => {
      api.session().catch((error: unknown) => {
        if (error instanceof ApiFailure && error.status === 401) setUser(null)
      })
    })
    feed.start()
    Promise.all([api.floor(), api.organisms()]).then(
      ([floor, organisms]) => {
        if (isCurrent) setGround({ floor, organisms, feed })
      },
      (error: unknown) => setFailure(asFailure(error)),
    )
    return () => {
      isCurrent = false
      feed.stop()
      // Who signs in next must not see what this one saw as if it were live.
      store.set(EMPTY_FLEET)
      setGround(null)
    }
  }, [api, createFeed, store, isSignedIn, round])

  const reloadOrganisms = useCallback(() => {
    // What is there stays when the server does not answer: the line says so by itself.
    api.organisms().then(
      (organisms) => setGround((before) => (before === null ? null : { ...before, organisms })),
      () => {},
    )
  }, [api])

  const signOut = useCallback(() => {
    const leave = async () => {
      await endDutyHere(api)
      await api.signOut()
    }
    leave().then(
      () => setUser(null),
      (error: unknown) => setFailure(asFailure(error)),
    )
  }, [api])

  const forgetSession = useCallback(() => setUser(null), [])

  if (failure !== null) {
    return (
      <main className="page-loading stack">
        <FailureNotice failure={failure} />
        <Button
          onPress={() => {
            setFailure(null)
            setRound((value) => value + 1)
          }}
        >
          {text.retry}
        </Button>
      </main>
    )
  }
  if (serverInfo === null || user === 'unknown') return <p className="page-loading">{text.loading}</p>
  if (user === null) return <SignIn api={api} serverInfo={serverInfo} onSignedIn={setUser} />
  if (user.next !== null) {
    return (
      <SignInSteps
        api={api}
        serverInfo={serverInfo}
        session={user}
        onSession={setUser}
        onStartOver={signOut}
      />
    )
  }
  if (ground === null) return <p className="page-loading">{text.loading}</p>
  return (
    <ConsoleContext.Provider
      value={{
        api,
        clock,
        store,
        serverInfo,
        user,
        signOut,
        renewSession: setUser,
        forgetSession,
        reloadOrganisms,
        ...ground,
      }}
    >
      <Shell />
    </ConsoleContext.Provider>
  )
}
