import type { Clock } from '@wardlight/core/clock'
import type { DataKeys } from '../store/data-key.ts'
import type { FleetServerOptions } from '../server-options.ts'
import type { Database } from '../store/database.ts'
import { Challenges } from './challenges.ts'
import { Passkeys } from './passkeys.ts'
import { People } from './people.ts'
import { checkProvider, Provider, type ProviderOptions } from './provider.ts'
import { SecondFactors } from './second-factors.ts'
import { Sessions } from './sessions.ts'
import { SignIn } from './sign-in.ts'
import { SignInTries } from './sign-in-tries.ts'

/** What an operator sets about signing in. */
export interface SignInOptions {
  /** Under which people open the console; by default as their browser says. */
  readonly publicUrl?: string | undefined
  /** After which a session that nobody uses ends; left out: by its age alone. */
  readonly sessionIdleMs?: number | undefined
  readonly provider?: ProviderOptions | undefined
}

/** People's accounts, how they sign in, and who is signed in. */
export interface Accounts {
  readonly people: People
  readonly sessions: Sessions
  readonly signIn: SignIn
  readonly secondFactors: SecondFactors
  readonly passkeys: Passkeys
  /** The hospital's own sign-in. */
  readonly provider: Provider | null
  /** Origin under which people open the console; `null`: as their browser says. */
  readonly publicOrigin: string | null
}

/**
 * @param clock real time: sessions end in it, however fast a simulation runs
 * @param keys seal second factors; `null`: this server has none that the others have
 * @throws WARD_ERR_CONFIG
 */
export function openAccounts(
  database: Database,
  clock: Clock,
  options: FleetServerOptions,
  keys: DataKeys | null,
): Accounts {
  const { sessionIdleMs, provider, publicUrl } = options.signIn ?? {}
  const sessions = new Sessions(database, clock, sessionIdleMs ?? null)
  const tries = new SignInTries(database, clock)
  const challenges = new Challenges(database, clock)
  const issuer = `Wardlight ${options.hospitalName}`
  const secondFactors = new SecondFactors({ database, clock, tries, keys, issuer })
  const passkeys = new Passkeys(database, clock, challenges, issuer)
  const signIn = new SignIn({ database, clock, sessions, tries, secondFactors, passkeys })
  if (provider !== undefined) checkProvider(provider)
  return {
    people: new People({ database, clock, sessions, tries, secondFactors }),
    sessions,
    signIn,
    secondFactors,
    passkeys,
    provider:
      provider === undefined
        ? null
        : new Provider(provider, { database, clock, challenges, sessions, signIn }),
    publicOrigin: publicUrl === undefined ? null : new URL(publicUrl).origin,
  }
}
