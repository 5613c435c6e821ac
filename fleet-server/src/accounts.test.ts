import { readFile, stat, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SimulatedClock, type Clock } from '@wardlight/core/clock'
import type {
  AccountView,
  ApiError,
  Invitation,
  OwnSession,
  RecoveryCodes,
  SecondFactorsView,
  SessionView,
  TotpEnrolment,
} from '@wardlight/core/fleet'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { FleetServer } from './server.ts'
import { codeOf } from './testing/authenticator.ts'
import { until } from './testing/test-client.ts'
import { GOOD_PASSWORD, newcomer, TestPerson } from './testing/test-person.ts'
import { startTestServer } from './testing/test-server.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

describe('people and their accounts', () => {
  let server: FleetServer
  let admin: TestPerson
  // Signing in has a time of its own, which these tests push.
  const clock = new SimulatedClock(Date.UTC(2026, 0, 5, 7))
  /** A week of heartbeats takes minutes: days go by on the calendar alone. */
  let daysMs = 0
  const wallClock: Clock = {
    epochMs: () => clock.epochMs() + daysMs,
    monotonicMs: () => clock.monotonicMs(),
    setTimeout: (callback, delayMs) => clock.setTimeout(callback, delayMs),
    clearTimeout: (timer) => clock.clearTimeout(timer),
  }
  const idleMs = 2 * HOUR_MS

  const signedIn = async (name: string, password: string): Promise<TestPerson> => {
    const person = new TestPerson(server)
    expect(await person.signIn(name, password)).toMatchObject({ status: 200 })
    return person
  }
  const accountOf = async (name: string): Promise<AccountView> =>
    (await admin.ok<AccountView[]>('GET', '/users')).find((account) => account.name === name)!

  beforeAll(async () => {
    server = await startTestServer({ wallClock, signIn: { sessionIdleMs: idleMs } })
    admin = await signedIn('admin', 'admin-demo')
  })
  afterAll(() => server.stop())

  describe('an invitation', () => {
    it('lets somebody in once, to choose a password', async () => {
      const { oneTimePassword, account, goodUntil } = await admin.ok<Invitation>('POST', '/users', {
        name: 'nadia',
        displayName: 'Nadia Novak',
        role: 'nurse',
        wards: ['3 West'],
      })
      expect(account).toMatchObject({ name: 'nadia', wards: ['3 West'], mustChangePassword: true })
      expect(Date.parse(goodUntil) - wallClock.epochMs()).toBe(7 * 24 * HOUR_MS)

      const nadia = new TestPerson(server)
      expect((await nadia.signIn('nadia', oneTimePassword)).body).toMatchObject({ next: 'newPassword' })
      const early = await nadia.call<ApiError>('GET', '/rooms')
      expect([early.status, early.body.code]).toEqual([403, 'WARD_ERR_SIGN_IN_UNFINISHED'])
      const before = nadia.cookie
      for (const weak of ['short', 'nadia nadia nadia', oneTimePassword.toUpperCase().slice(0, 11)]) {
        expect((await nadia.call('POST', '/session/password', { next: weak })).status).toBe(400)
      }
      const view = await nadia.ok<SessionView>('POST', '/session/password', { next: GOOD_PASSWORD })
      expect(view).toMatchObject({ next: null, role: 'nurse', wards: ['3 West'] })
      expect(nadia.cookie).not.toBe(before)
      expect((await nadia.call('GET', '/rooms')).status).toBe(200)

      expect((await new TestPerson(server).signIn('nadia', oneTimePassword)).status).toBe(401)
      expect((await new TestPerson(server).signIn('nadia', GOOD_PASSWORD)).body.next).toBeNull()
    })

    it('is good for a week, and for a name that nobody has', async () => {
      const wish = { name: 'late', displayName: 'Lars Late', role: 'engineer' }
      const { oneTimePassword } = await admin.ok<Invitation>('POST', '/users', wish)
      expect((await admin.call('POST', '/users', wish)).status).toBe(409)
      daysMs += 7 * 24 * HOUR_MS
      const late = await new TestPerson(server).signIn('late', oneTimePassword)
      expect([late.status, JSON.stringify(late.body)]).toEqual([
        401,
        expect.stringContaining('no longer good'),
      ])
      admin = await signedIn('admin', 'admin-demo')
    })
  })

  describe('an administrator', () => {
    it('ends the sessions and live feeds of somebody whose rights shrink, and of nobody else', async () => {
      const { person, account } = await newcomer(server, admin, {
        name: 'petra',
        displayName: 'Petra Post',
        role: 'nurse',
      })
      const change = async (patch: object): Promise<number> => {
        await admin.ok('PATCH', `/users/${account.id}`, patch)
        const { status } = await person.call('GET', '/session')
        if (status === 401) await person.signIn('petra', GOOD_PASSWORD)
        return status
      }
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/live`, {
        headers: { cookie: person.cookie },
      })
      const closed = new Promise<number>((resolve) => socket.on('close', resolve))
      await new Promise((resolve) => socket.once('open', resolve))
      expect(await change({ displayName: 'Petra Poster' })).toBe(200)
      expect(await change({ wards: ['3 West', 'ICU'] })).toBe(401)
      // The feed beats by the clock of the wall.
      let code: number | null = null
      void closed.then((value) => (code = value))
      await until(() => {
        clock.advance(1000)
        return code !== null
      })
      expect(code).toBe(1008)
      expect(await change({ wards: ['ICU', '3 West', '4 East'] })).toBe(200)
      expect(await change({ wards: ['ICU'] })).toBe(401)
      expect(await change({ wards: null })).toBe(200)
      expect(await change({ role: 'engineer' })).toBe(401)
      expect(await change({ isDisabled: true })).toBe(401)
      expect((await person.signIn('petra', GOOD_PASSWORD)).status).toBe(403)
      await admin.ok('PATCH', `/users/${account.id}`, { isDisabled: false })
      expect((await person.signIn('petra', GOOD_PASSWORD)).status).toBe(200)
      expect((await admin.call('GET', '/session')).status).toBe(200)
    })

    it('cannot be the last to go, also when two go at once', async () => {
      const own = await accountOf('admin')
      for (const patch of [{ isDisabled: true }, { role: 'nurse' }]) {
        expect((await admin.call('PATCH', `/users/${own.id}`, patch)).status).toBe(409)
      }
      const { person: second, account } = await newcomer(server, admin, {
        name: 'second',
        displayName: 'Sven Second',
        role: 'administrator',
      })
      const answers = await Promise.all([
        admin.call('PATCH', `/users/${account.id}`, { isDisabled: true }),
        second.call('PATCH', `/users/${own.id}`, { isDisabled: true }),
      ])
      // One went through; the other was refused, or came from somebody who was signed out by then.
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      const left = (await admin.call('GET', '/users')).status === 200 ? admin : second
      const rows = await left.ok<AccountView[]>('GET', '/users')
      expect(rows.filter(({ role, isDisabled }) => role === 'administrator' && !isDisabled)).toHaveLength(1)
      for (const { id, role } of rows) {
        if (role === 'administrator') await left.ok('PATCH', `/users/${id}`, { isDisabled: false })
      }
      admin = await signedIn('admin', 'admin-demo')
      await admin.ok('PATCH', `/users/${account.id}`, { isDisabled: true })
    })

    it('resets a password and takes the second factors away', async () => {
      const { person, account } = await newcomer(server, admin, {
        name: 'rosa',
        displayName: 'Rosa Reset',
        role: 'clinician',
      })
      const enrolment = await person.ok<TotpEnrolment>('POST', '/session/totp')
      await person.ok('POST', '/session/totp/confirm', { code: codeOf(enrolment, wallClock.epochMs()) })
      expect(await accountOf('rosa')).toMatchObject({ hasTotp: true })
      const { oneTimePassword } = await admin.ok<Invitation>('POST', `/users/${account.id}/reset`)
      expect((await person.call('GET', '/session')).status).toBe(401)
      expect((await person.signIn('rosa', GOOD_PASSWORD)).status).toBe(401)
      expect((await person.signIn('rosa', oneTimePassword)).body).toMatchObject({
        next: 'newPassword',
        factors: [],
      })
      expect(await accountOf('rosa')).toMatchObject({ hasTotp: false })
    })

    it('changes no password of the demo', async () => {
      const nurse = await accountOf('nurse')
      expect((await admin.call('POST', `/users/${nurse.id}/reset`)).status).toBe(409)
      const demo = await signedIn('nurse', 'nurse-demo')
      const change = { current: 'nurse-demo', next: GOOD_PASSWORD }
      expect((await demo.call('POST', '/session/password', change)).status).toBe(409)
      expect((await demo.call('POST', '/session/totp')).status).toBe(409)
    })
  })

  it('lets an auditor read, and change nothing but what is the auditor’s own', async () => {
    const auditor = await signedIn('auditor', 'auditor-demo')
    for (const path of ['/rooms', '/missions', '/robots', '/alarms', '/floor']) {
      expect([path, (await auditor.call('GET', path)).status]).toEqual([path, 200])
    }
    expect((await auditor.call('PATCH', '/rooms/room-1', { state: 'dirty' })).status).toBe(403)
    // Whoever sees that somebody is in danger may stop a robot.
    expect((await auditor.call('POST', '/robots/none/emergency-stop')).status).toBe(404)
    expect((await auditor.call('DELETE', '/session')).status).toBe(204)
  })

  describe('a changed password', () => {
    it('needs the current one, ends the other sessions and gives this one a new token', async () => {
      const { person } = await newcomer(server, admin, {
        name: 'carla',
        displayName: 'Carla Change',
        role: 'nurse',
      })
      const other = await signedIn('carla', GOOD_PASSWORD)
      const next = 'four dry umbrellas'
      for (const body of [
        { next },
        { current: 'wrong', next },
        { current: GOOD_PASSWORD, next: GOOD_PASSWORD },
      ]) {
        expect((await person.call('POST', '/session/password', body)).status).toBe(400)
      }
      const before = person.client
      await person.ok('POST', '/session/password', { current: GOOD_PASSWORD, next })
      expect((await person.call('GET', '/session')).status).toBe(200)
      expect((await before.call('GET', '/session')).status).toBe(401)
      expect((await other.call('GET', '/session')).status).toBe(401)
    })
  })

  describe('somebody who guesses', () => {
    /** From as many addresses as it takes: the limit of one address is another lock. */
    const guess = async (name: string, password = 'guess'): Promise<readonly [number, string]> => {
      clock.advance(1)
      const answer = await new TestPerson(server).signIn(name, password)
      const { what, remedy } = answer.body as unknown as ApiError
      return [answer.status, `${what} ${remedy}`]
    }

    it('sees the same for a name that somebody has and one that nobody has', async () => {
      await newcomer(server, admin, { name: 'gina', displayName: 'Gina Guessed', role: 'nurse' })
      // The limit of an address counts by the machine's own clock.
      vi.useFakeTimers({ toFake: ['Date'] })
      try {
        const answers: (readonly [readonly [number, string], readonly [number, string]])[] = []
        for (let round = 0; round < 14; round++) {
          vi.setSystemTime(Date.now() + 10 * MINUTE_MS)
          answers.push([await guess('gina'), await guess('nobody-at-all')])
        }
        for (const [known, unknown] of answers) expect(known).toEqual(unknown)
        expect(answers.map(([[status]]) => status)).toEqual([
          ...Array<number>(10).fill(401),
          429,
          429,
          429,
          429,
        ])
        // The right password is no way to find out either.
        vi.setSystemTime(Date.now() + 10 * MINUTE_MS)
        expect((await guess('gina', GOOD_PASSWORD))[0]).toBe(429)
        expect(await accountOf('gina')).toMatchObject({ lockedUntil: expect.any(String) as string })
        clock.advance(MINUTE_MS)
        expect((await guess('gina', GOOD_PASSWORD))[0]).toBe(200)

        // One more failure waits longer, until an administrator looks at it.
        expect((await guess('gina'))[0]).toBe(401)
        expect((await guess('gina', GOOD_PASSWORD))[0]).toBe(429)
        const { id } = await accountOf('gina')
        expect(await admin.ok('POST', `/users/${id}/unlock`)).toMatchObject({ lockedUntil: null })
        vi.setSystemTime(Date.now() + 10 * MINUTE_MS)
        expect((await guess('gina', GOOD_PASSWORD))[0]).toBe(200)
      } finally {
        vi.useRealTimers()
      }
    })
  })

  describe('sessions', () => {
    it('are listed with where and when, and ended one by one or all at once', async () => {
      const { person } = await newcomer(server, admin, {
        name: 'sara',
        displayName: 'Sara Sessions',
        role: 'nurse',
      })
      const phone = new TestPerson(
        server,
        'Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36',
      )
      clock.advance(MINUTE_MS)
      await phone.signIn('sara', GOOD_PASSWORD)
      const list = await person.ok<OwnSession[]>('GET', '/session/sessions')
      expect(
        list.map(({ browser, isThisOne, from, means }) => ({ browser, isThisOne, from, means })),
      ).toEqual([
        { browser: 'Chrome on Android', isThisOne: false, from: '127.0.0.1', means: 'password' },
        { browser: 'Firefox on Linux', isThisOne: true, from: '127.0.0.1', means: 'password' },
      ])
      const others = await admin.ok<OwnSession[]>('GET', '/session/sessions')
      expect((await person.call('DELETE', `/session/sessions/${others[0]!.id}`)).status).toBe(404)
      await person.ok('DELETE', `/session/sessions/${list[0]!.id}`)
      expect((await phone.call('GET', '/session')).status).toBe(401)
      expect((await person.call('GET', '/session')).status).toBe(200)
      await phone.signIn('sara', GOOD_PASSWORD)
      expect((await person.call('DELETE', '/session/sessions')).status).toBe(204)
      expect((await phone.call('GET', '/session')).status).toBe(401)
    })

    it('end when nobody uses them for as long as was set, and after a shift and a half', async () => {
      const used = await signedIn('nurse', 'nurse-demo')
      const left = await signedIn('nurse', 'nurse-demo')
      clock.advance(idleMs)
      expect((await used.call('GET', '/session')).status).toBe(200)
      clock.advance(1)
      expect((await left.call('GET', '/session')).status).toBe(401)
      for (let hour = 2; hour < 12; hour++) {
        expect([hour, (await used.call('GET', '/session')).status]).toEqual([hour, 200])
        clock.advance(HOUR_MS)
      }
      expect((await used.call('GET', '/session')).status).toBe(401)
      admin = await signedIn('admin', 'admin-demo')
    })
  })

  describe('an authenticator', () => {
    it('is enrolled where an administrator wants it, and asked for from then on', async () => {
      const { person } = await newcomer(server, admin, {
        name: 'tom',
        displayName: 'Tom Totp',
        role: 'engineer',
        mustUseSecondFactor: true,
      })
      expect(await person.ok('GET', '/session')).toMatchObject({ next: 'enrolment' })
      expect((await person.call('GET', '/rooms')).status).toBe(403)
      const enrolment = await person.ok<TotpEnrolment>('POST', '/session/totp')
      expect((await person.call('POST', '/session/totp/confirm', { code: '000000' })).status).toBe(401)
      const half = person.client
      const { recoveryCodes } = await person.ok<RecoveryCodes>('POST', '/session/totp/confirm', {
        code: codeOf(enrolment, wallClock.epochMs()),
      })
      expect(new Set(recoveryCodes).size).toBe(10)
      expect(await person.ok('GET', '/session')).toMatchObject({ next: null })
      expect((await half.call('GET', '/session')).status).toBe(401)
      expect((await person.call('POST', '/session/totp')).status).toBe(409)
      // It is the last one, and there has to be one.
      expect((await person.call('DELETE', '/session/totp')).status).toBe(409)

      const again = new TestPerson(server)
      expect((await again.signIn('tom', GOOD_PASSWORD)).body).toMatchObject({
        next: 'secondFactor',
        factors: ['totp', 'recoveryCode'],
      })
      for (const [method, path] of [
        ['GET', '/rooms'],
        ['POST', '/session/password'],
        ['POST', '/session/totp'],
        ['POST', '/session/recovery-codes'],
        ['GET', '/session/sessions'],
      ] as const) {
        expect([path, (await again.call(method, path, method === 'POST' ? {} : undefined)).status]).toEqual([
          path,
          403,
        ])
      }
      // The code that enrolled is used up; one of the next step, from a clock that is ahead, is good once.
      const used = codeOf(enrolment, wallClock.epochMs())
      expect((await again.call('POST', '/session/second-factor', { code: used })).status).toBe(401)
      const next = codeOf(enrolment, wallClock.epochMs() + 30_000)
      const token = again.cookie
      expect(await again.ok('POST', '/session/second-factor', { code: next })).toMatchObject({ next: null })
      expect(again.cookie).not.toBe(token)
      expect((await again.call('GET', '/rooms')).status).toBe(200)
      const third = await signedIn('tom', GOOD_PASSWORD)
      expect((await third.call('POST', '/session/second-factor', { code: next })).status).toBe(401)

      const [first = '', second = ''] = recoveryCodes
      await third.ok('POST', '/session/second-factor', { code: first.toUpperCase().replace('-', ' ') })
      const fourth = await signedIn('tom', GOOD_PASSWORD)
      expect((await fourth.call('POST', '/session/second-factor', { code: first })).status).toBe(401)
      await fourth.ok('POST', '/session/second-factor', { code: second })
      expect(await fourth.ok<SecondFactorsView>('GET', '/session/second-factors')).toMatchObject({
        recoveryCodesLeft: 8,
        isRequired: true,
      })
    })

    it('is not guessed, and not changed on a screen that was left open', async () => {
      const { person } = await newcomer(server, admin, {
        name: 'uwe',
        displayName: 'Uwe Unsure',
        role: 'nurse',
      })
      const enrolment = await person.ok<TotpEnrolment>('POST', '/session/totp')
      await person.ok('POST', '/session/totp/confirm', { code: codeOf(enrolment, wallClock.epochMs()) })
      clock.advance(16 * MINUTE_MS)
      for (const [method, path] of [
        ['DELETE', '/session/totp'],
        ['POST', '/session/recovery-codes'],
        ['POST', '/session/passkeys/options'],
      ] as const) {
        const answer = await person.call<ApiError>(method, path)
        expect([path, answer.body.code]).toEqual([path, 'WARD_ERR_SIGN_IN_AGAIN'])
      }
      const thief = await signedIn('uwe', GOOD_PASSWORD)
      const answers: number[] = []
      for (let code = 0; code < 12; code++) {
        const tried = { code: String(code).padStart(6, '0') }
        answers.push((await thief.call('POST', '/session/second-factor', tried)).status)
      }
      expect(answers.slice(0, 10)).toEqual(Array<number>(10).fill(401))
      expect(answers.slice(10)).toEqual([429, 429])
      clock.advance(MINUTE_MS)
      const code = codeOf(enrolment, wallClock.epochMs())
      expect((await thief.call('POST', '/session/second-factor', { code })).status).toBe(200)
      // A half session does not wait for ever.
      const slow = await signedIn('uwe', GOOD_PASSWORD)
      clock.advance(16 * MINUTE_MS)
      expect((await slow.call('GET', '/session')).status).toBe(401)
    })
  })
})

describe('a server of a hospital', () => {
  it('has a first administrator who must take a password of their own, and keeps secrets sealed with its key', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'wardlight-accounts-'))
    const said = vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
    let server = await startTestServer({ dataDir, demoUsers: false })
    const line = said.mock.calls
      .map(([text]) => String(text))
      .find((text) => text.includes('First administrator'))
    said.mockRestore()
    try {
      const admin = new TestPerson(server)
      const password = /password "([^"]+)"/.exec(line!)![1]!
      expect((await admin.signIn('admin', password)).body).toMatchObject({ next: 'newPassword' })
      await admin.ok('POST', '/session/password', { next: GOOD_PASSWORD })
      const enrolment = await admin.ok<TotpEnrolment>('POST', '/session/totp')
      const now = Date.now()
      await admin.ok('POST', '/session/totp/confirm', { code: codeOf(enrolment, now) })
      expect((await stat(join(dataDir, 'data.key'))).mode & 0o777).toBe(0o600)
      expect((await readFile(join(dataDir, 'data.key'), 'utf8')).trim()).toMatch(/^[0-9a-f]{64}$/)
      await server.stop()

      server = await startTestServer({ dataDir, demoUsers: false })
      const again = new TestPerson(server)
      expect((await again.signIn('admin', GOOD_PASSWORD)).body).toMatchObject({ next: 'secondFactor' })
      const later = { code: codeOf(enrolment, now + 30_000) }
      expect((await again.call('POST', '/session/second-factor', later)).status).toBe(200)
      await server.stop()

      // With another key nobody gets in by a secret that cannot be read, and is told why.
      server = await startTestServer({ dataDir, demoUsers: false, dataKey: '00'.repeat(32) })
      const third = new TestPerson(server)
      await third.signIn('admin', GOOD_PASSWORD)
      const refused = await third.call<ApiError>('POST', '/session/second-factor', { code: '123456' })
      expect([refused.status, refused.body.code]).toEqual([500, 'WARD_ERR_CONFIG'])
    } finally {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    }
  })
})
