import { SimulatedClock } from '@wardlight/core/clock'
import type { User } from '@wardlight/core/fleet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type OpenDatabase } from '../store/database.ts'
import { codeOf } from '../testing/authenticator.ts'
import { createEmptyDatabase, type EmptyDatabase } from '../testing/empty-database.ts'
import { dataKeys } from '../store/data-key.ts'
import { Challenges } from './challenges.ts'
import { People } from './people.ts'
import { SecondFactors } from './second-factors.ts'
import { Sessions } from './sessions.ts'
import { passwordTries, SignInTries } from './sign-in-tries.ts'
import { FREE_TRIES } from './try-limit.ts'

const engines: readonly (readonly [string, string | undefined])[] = [
  ['PGlite', undefined],
  ['PostgreSQL (needs WARDLIGHT_POSTGRES_URL)', process.env['WARDLIGHT_POSTGRES_URL']],
]

/** How many of them were granted. */
async function granted(works: readonly Promise<unknown>[]): Promise<number> {
  const results = await Promise.allSettled(works)
  return results.filter(({ status }) => status === 'fulfilled').length
}

describe.each(engines)('what is asked for many times at once, on %s', (name, url) => {
  const isSkipped = name !== 'PGlite' && url === undefined
  const clock = new SimulatedClock(Date.UTC(2026, 0, 5, 7))
  let empty: EmptyDatabase | null = null
  let database: OpenDatabase
  let tries: SignInTries
  let secondFactors: SecondFactors
  let people: People
  let sessions: Sessions

  beforeAll(async () => {
    if (isSkipped) return
    empty = url === undefined ? null : await createEmptyDatabase(url)
    database = await openDatabase({ dataDir: null, databaseUrl: empty?.url })
    tries = new SignInTries(database, clock)
    sessions = new Sessions(database, clock, null)
    const keys = await dataKeys(undefined, null)
    secondFactors = new SecondFactors({ database, clock, tries, keys, issuer: 'Wardlight' })
    people = new People({ database, clock, sessions, tries, secondFactors })
  })
  afterAll(async () => {
    await database?.close()
    await empty?.drop()
  })

  it.skipIf(isSkipped)('gives a guesser ten looks at a password, not one more', async () => {
    const key = passwordTries('nora')
    const many = () => granted(Array.from({ length: 30 }, () => tries.begin(key)))
    expect(await many()).toBe(FREE_TRIES)
    expect([...(await tries.locked([key])).keys()]).toEqual([key])
    clock.advance(60_000)
    expect(await many()).toBe(1)
  })

  it.skipIf(isSkipped)('leaves one administrator who can sign in', async () => {
    const invite = async (index: number) =>
      (await people.invite({ name: `admin-${index}`, displayName: 'Ada', role: 'administrator' })).account.id
    const ids = await Promise.all([0, 1, 2].map(invite))
    const gone = ids.map((id, index) =>
      people.change(id, index === 1 ? { role: 'nurse' } : { isDisabled: true }),
    )
    expect(await granted(gone)).toBe(2)
    const left = (await people.list()).filter(
      ({ role, isDisabled }) => role === 'administrator' && !isDisabled,
    )
    expect(left).toHaveLength(1)
  })

  it.skipIf(isSkipped)('takes a recovery code, a challenge and half a session once', async () => {
    const { account } = await people.invite({ name: 'rita', displayName: 'Rita', role: 'nurse' })
    const user: User = account
    const enrolment = await secondFactors.beginTotp(user)
    const [code = ''] = await secondFactors.confirmTotp(user, codeOf(enrolment, clock.epochMs()))
    const uses = Array.from({ length: 5 }, () => secondFactors.check(user.id, code))
    expect(await granted(uses)).toBe(1)

    const challenges = new Challenges(database, clock)
    const id = await challenges.ask('passkey sign-in', null, { challenge: 'x' })
    await expect(challenges.take('provider', null, id)).rejects.toMatchObject({ code: 'WARD_ERR_SIGN_IN' })
    await expect(challenges.take('passkey sign-in', user.id, id)).rejects.toMatchObject({
      code: 'WARD_ERR_SIGN_IN',
    })
    expect(await granted([1, 2, 3].map(() => challenges.take('passkey sign-in', null, id)))).toBe(1)

    const place = { address: '10.0.0.1', browser: 'Firefox' }
    const half = { userId: user.id, next: 'secondFactor', means: 'password', place } as const
    const session = (await sessions.find(await sessions.begin(half)))!
    const goOn = () => sessions.begin({ ...half, next: null, replaces: session })
    expect(await granted([goOn(), goOn(), goOn()])).toBe(1)
    expect(await sessions.list(session)).toHaveLength(1)
  })
})
