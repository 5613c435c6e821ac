import { createHmac } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openConsole, type ConsolePage } from '../support/console-page.ts'

const executablePath = process.env['WARDLIGHT_CHROMIUM']
const PASSWORD = 'three wet umbrellas'

/** What an authenticator shows (RFC 6238), for a secret as people would type it. */
function codeOf(secret: string): string {
  const bits = secret
    .replaceAll(' ', '')
    .replaceAll(/./g, (letter) =>
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
    )
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const mac = createHmac('sha1', key).update(counter).digest()
  const number = (mac.readUInt32BE(mac.at(-1)! & 0xf) & 0x7fff_ffff) % 1_000_000
  return String(number).padStart(6, '0')
}

/** A phone that knows its owner by a finger, as the DevTools protocol plays one. */
async function addAuthenticator(page: Page): Promise<void> {
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('WebAuthn.enable')
  await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

describe.skipIf(executablePath === undefined)(
  'people and their accounts, in the browser (skipped without Chromium)',
  () => {
    let view: ConsolePage
    /** Passkeys belong to a name, not to an address. */
    let url: string

    beforeAll(async () => {
      view = await openConsole(executablePath!, ['--robots', '1'])
      url = view.url.replace('127.0.0.1', 'localhost')
      await view.page.goto(url)
      await addAuthenticator(view.page)
    })
    afterAll(() => view?.close())

    const type = async (name: string, password: string): Promise<void> => {
      await view.page.getByRole('textbox', { name: 'Name' }).fill(name)
      await view.page.getByRole('textbox', { name: 'Password', exact: true }).fill(password)
      await view.page.getByRole('textbox', { name: 'Password', exact: true }).press('Enter')
    }
    const signOutButton = () => view.page.getByRole('button', { name: 'Sign out', exact: true })
    const signOut = async (): Promise<void> => {
      await signOutButton().click()
      await view.page.getByRole('textbox', { name: 'Password', exact: true }).waitFor()
    }
    let oneTimePassword = ''

    it('an administrator invites somebody who must have a second factor', async () => {
      const { page, signIn, press, tick, expectFits } = view
      await expectFits('sign-in')
      await signIn('admin')
      await page.getByRole('link', { name: 'People' }).click()
      await page.getByRole('heading', { name: 'Nora Nurse' }).waitFor()
      await press('Invite somebody')
      await page.getByRole('textbox', { name: 'Name to sign in with' }).fill('paula')
      const form = page.getByRole('region', { name: 'Invite somebody' })
      await form.getByRole('textbox', { name: 'Name that others see' }).fill('Paula Passkey')
      await tick(form.getByRole('checkbox', { name: 'Must have a second factor' }))
      await form.getByRole('button', { name: 'Invite', exact: true }).click()
      oneTimePassword = await page.locator('output code').innerText()
      expect(oneTimePassword).toMatch(/^[a-z0-9]{12}$/)
      await page.getByRole('article', { name: 'Paula Passkey' }).getByText('Invited').waitFor()
      await page
        .getByRole('article', { name: 'Paula Passkey' })
        .getByRole('button', { name: 'Change' })
        .click()
      await expectFits('person')
      await signOut()
    }, 180_000)

    it('who was invited chooses a password, adds an authenticator and is in', async () => {
      const { page, press, expectFits } = view
      await type('paula', oneTimePassword)
      await page.getByRole('heading', { name: 'Choose a password of your own' }).waitFor()
      await page.getByRole('textbox', { name: 'New password', exact: true }).fill('paula paula paula')
      await page.getByRole('textbox', { name: 'New password again' }).fill('paula paula paula')
      await press('Change password')
      await page.getByText('contains your name').waitFor()
      await page.getByRole('textbox', { name: 'New password', exact: true }).fill(PASSWORD)
      await page.getByRole('textbox', { name: 'New password again' }).fill(PASSWORD)
      await press('Change password')
      await page.getByRole('heading', { name: 'Add a second factor' }).waitFor()
      await press('Add an authenticator')
      await page.getByRole('img', { name: 'QR code of the secret' }).waitFor()
      await expectFits('enrolment')
      await page
        .getByRole('textbox', { name: 'Code' })
        .fill(codeOf(await page.locator('.secret').innerText()))
      await press('Confirm')
      await page.getByRole('listitem').first().waitFor()
      expect(await page.getByRole('listitem').count()).toBe(10)
      await expectFits('recovery-codes')
      await press('I have them')
      await signOutButton().waitFor()
    }, 180_000)

    it('adds a passkey, signs in with it alone, and beside the password', async () => {
      const { page, press, expectFits, problems } = view
      await page.getByRole('link', { name: 'Paula Passkey' }).click()
      const factors = page.getByRole('region', { name: 'Second factors' })
      await factors.getByText('10 of 10 left').waitFor()
      await factors.getByRole('textbox', { name: 'Name' }).fill('Ward tablet')
      await factors.getByRole('button', { name: 'Add a passkey' }).click()
      await factors.getByText('Ward tablet').waitFor()
      await expectFits('account')
      await signOut()

      await press('Sign in with a passkey')
      await signOutButton().waitFor()
      await page.getByRole('link', { name: 'Paula Passkey' }).click()
      await page.getByText('by passkey').waitFor()
      await signOut()

      await type('paula', PASSWORD)
      await page.getByRole('heading', { name: 'Second step' }).waitFor()
      await expectFits('second-step')
      const early = await page.evaluate(async () => (await fetch('/api/rooms')).status)
      expect(early).toBe(403)
      await press('Use a passkey')
      await signOutButton().waitFor()

      await page.getByRole('link', { name: 'Paula Passkey' }).click()
      await factors.getByRole('button', { name: 'Rename' }).click()
      await factors.getByRole('textbox', { name: 'Name' }).first().fill('Old tablet')
      await factors.getByRole('button', { name: 'Save' }).click()
      await factors.getByRole('button', { name: 'Remove Old tablet' }).click()
      await factors.getByText('Old tablet', { exact: true }).waitFor({ state: 'detached' })
      await press('Sign out everywhere')
      await page.getByRole('textbox', { name: 'Password', exact: true }).waitFor()
      await press('Sign in with a passkey')
      await page.getByText('belongs to nobody here').waitFor()
      expect(problems).toEqual([])
    }, 180_000)

    it('an auditor reads, and finds nothing to press', async () => {
      const { page, signIn, openRoom, problems, photograph } = view
      await page.goto(url)
      await signIn('auditor')
      await openRoom('Isolation 1')
      await page.getByRole('heading', { name: 'Isolation 1' }).waitFor()
      for (const name of [/Disinfect/, /Emergency stop/, /Mark/, /Stop/]) {
        expect([name, await page.getByRole('button', { name }).count()]).toEqual([name, 0])
      }
      await photograph('auditor')
      expect(problems).toEqual([])
    }, 120_000)
  },
)
