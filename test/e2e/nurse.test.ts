import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyProofs } from '../../scripts/src/verify-command.ts'
import { ARMING_CHECKLIST } from '@wardlight/core/fleet'
import { openConsole, type ConsolePage } from '../support/console-page.ts'
import { tabTo } from '../support/keyboard.ts'
import { until } from '../support/until.ts'

const executablePath = process.env['WARDLIGHT_CHROMIUM']

describe.skipIf(executablePath === undefined)(
  "the nurse's way in the browser (skipped without Chromium)",
  () => {
    let nurse: ConsolePage

    beforeAll(async () => {
      nurse = await openConsole(executablePath!, ['--robots', '1', '--speed', '20'])
    })
    afterAll(() => nurse?.close())

    /** Signed out, at the beginning. */
    async function startAgain(): Promise<void> {
      await nurse.page.context().clearCookies()
      await nurse.page.goto(nurse.url)
    }

    it(
      'goes from sign-in to the released room with the keyboard alone',
      async () => {
        const { page, problems, photograph, expectAccessible } = nurse
        await photograph('sign-in')
        await expectAccessible()
        await tabTo(page, 'textbox', 'Name')
        await page.keyboard.type('nurse')
        await tabTo(page, 'textbox', 'Password')
        await page.keyboard.type('nurse-demo')
        await page.keyboard.press('Enter')

        const search = page.getByRole('searchbox', { name: 'Find a room' })
        await search.waitFor()
        await photograph('rooms')
        await expectAccessible()
        await tabTo(page, 'searchbox', 'Find a room')
        await page.keyboard.type('Isolation')
        await tabToRoom(page)
        await page.keyboard.press('Enter')
        await page.getByRole('button', { name: 'Disinfect this room' }).waitFor()
        await tabTo(page, 'button', 'Disinfect this room')
        await page.keyboard.press('Enter')
        await page.getByRole('button', { name: 'Make plan' }).waitFor()
        await tabTo(page, 'button', /^Options/)
        await page.keyboard.press('Enter')
        await page.getByRole('checkbox', { name: 'What hands touch most first' }).waitFor()
        await photograph('request')
        await expectAccessible()
        await tabTo(page, 'button', 'Make plan')
        await page.keyboard.press('Enter')
        await page.getByRole('button', { name: 'Approve plan' }).waitFor()
        await photograph('plan')
        await expectAccessible()
        await tabTo(page, 'button', 'Approve plan')
        await page.keyboard.press('Enter')

        await page.getByRole('checkbox', { name: ARMING_CHECKLIST[0].text }).waitFor()
        for (const { text } of ARMING_CHECKLIST) {
          await tabTo(page, 'checkbox', text)
          await page.keyboard.press('Space')
        }
        await photograph('arming')
        await expectAccessible()
        await page.locator('button:not([disabled])', { hasText: 'Confirm checklist' }).waitFor()
        await tabTo(page, 'button', 'Confirm checklist')
        await page.keyboard.press('Enter')
        await page.getByRole('button', { name: "Press the robot's button (simulation)" }).waitFor()
        await tabTo(page, 'button', "Press the robot's button (simulation)")
        await page.keyboard.press('Enter')
        await page.locator('button:not([disabled])', { hasText: 'Start treatment' }).waitFor()
        await tabTo(page, 'button', 'Start treatment')
        await page.keyboard.press('Enter')

        await page
          .getByText(/lamp is lit|lamp on/i)
          .first()
          .waitFor()
        await photograph('dosing')
        await expectAccessible()
        await page.getByRole('link', { name: 'Open report' }).waitFor()
        await tabTo(page, 'link', 'Open report')
        await page.keyboard.press('Enter')
        await page.getByRole('heading', { name: 'Disinfection report' }).waitFor()
        await page.getByText('Proven').first().waitFor()
        await photograph('report')
        await expectAccessible()
        const wiped = page.getByRole('checkbox', { name: 'Missed surfaces were wiped by hand' })
        if ((await wiped.count()) > 0) {
          await tabTo(page, 'checkbox', 'Missed surfaces were wiped by hand')
          await page.keyboard.press('Space')
        }
        await tabTo(page, 'button', 'Release room')
        await page.keyboard.press('Enter')
        await page
          .getByText(/Released by/)
          .first()
          .waitFor()
        await photograph('released')
        // What is taken away holds on any machine: the end of the mission, and the release.
        for (const form of ['PDF', 'JSON (signed)']) {
          const [download] = await Promise.all([
            page.waitForEvent('download'),
            page.getByRole('link', { name: `${form} of proof 2` }).click(),
          ])
          const verification = verifyProofs([await download.path()], { first: 1, json: false })
          expect(verification.text).toContain('the room was released as clean')
          expect(verification.exitCode).toBe(2)
        }
        // On paper there is no colour to tell anything by, and nothing to press.
        await page.emulateMedia({ media: 'print' })
        expect(await page.getByRole('button', { name: 'Print' }).isVisible()).toBe(false)
        expect(
          await page.locator('.verdict strong').evaluate((verdict) => getComputedStyle(verdict).color),
        ).toBe('rgb(0, 0, 0)')
        await photograph('printed', true)
        await page.emulateMedia({ media: null })
        expect(problems).toEqual([])
      },
      6 * 60_000,
    )

    it(
      'keeps the evidence: an organism with its source, a protocol of the hospital, a validation',
      async () => {
        const { page, problems, photograph, expectAccessible, signIn, press } = nurse
        const fill = (name: string, text: string) =>
          page.getByRole('textbox', { name, exact: true }).fill(text)
        await startAgain()
        await signIn('admin')
        await page.getByRole('link', { name: 'Evidence' }).click()
        await page.getByRole('heading', { name: 'MRSA', exact: true }).waitFor()
        await press('Add an organism')
        await fill('Name', 'Acinetobacter baumannii')
        await fill('Dose for log 1, mJ/cm²', '2.5')
        await photograph('organisms')
        await expectAccessible()
        expect(await page.getByRole('button', { name: 'Add organism' }).isDisabled()).toBe(true)
        await fill('Source', 'Own laboratory, report 7/2026')
        await press('Add organism')
        await page.getByText('Acinetobacter baumannii was added.').waitFor()
        await page.getByRole('heading', { name: 'Acinetobacter baumannii' }).waitFor()

        await page.getByRole('link', { name: 'Protocols' }).click()
        const save = page.getByRole('link', { name: 'Save as a file, to begin version 2' })
        await save.first().waitFor()
        await photograph('protocols')
        await expectAccessible()
        const saved = page.waitForEvent('download')
        await save.first().click()
        const file = await (await saved).path()
        const bring = async (name: string, content: string): Promise<void> => {
          await page
            .locator('input[type=file]')
            .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) })
        }
        await bring('broken.json', '{')
        await page.getByText('broken.json is no JSON file.').waitFor()
        const protocol = JSON.parse(await readFile(file, 'utf8')) as { name: string; source: string }
        await bring('mine.json', JSON.stringify({ ...protocol, source: '' }))
        await page
          .getByRole('alert')
          .getByText(/source/)
          .first()
          .waitFor()
        await bring('mine.json', JSON.stringify({ ...protocol, name: `${protocol.name}, ours` }))
        await page.getByText(`${protocol.name}, ours (version 2) was added.`).waitFor()

        await press('Sign out')
        await signIn('engineer')
        await page.getByRole('link', { name: 'Site validations' }).click()
        await press('Record a validation')
        await press(/Choose an organism/)
        await page.getByRole('option', { name: 'C. difficile spores', exact: true }).click()
        for (const [name, text] of Object.entries({
          'Dose on the indicators, mJ/cm²': '150',
          'Log reduction asked for': '4',
          Equipment: 'UV-01, 8 × 130 W',
          'Indicator organism, with strain': 'C. difficile ATCC 43598',
          'Product and carrier': 'steel carriers',
          Lot: '17',
          'Indicators exposed': '12',
          'Of them grew': '0',
          'Population on each, log': '6',
          'Performed by': 'hospital hygiene',
          'Performed on': '2026-01-01',
          'Valid through': '2099-12-31',
        })) {
          const field = page.locator('input').and(page.getByLabel(name, { exact: true }))
          await field.fill(text)
          await field.blur()
        }
        expect(await page.getByRole('button', { name: 'Record validation' }).isDisabled()).toBe(true)
        await fill('Evidence', 'Report 12, page 4')
        await photograph('validation-form')
        await expectAccessible()
        await press('Record validation')
        await page.getByText('Showed log 6 at 150 mJ/cm².').waitFor()
        await press('Record a validation')
        await photograph('validations')
        await expectAccessible()
        await press('Sign out')
        expect(problems).toEqual([])
      },
      3 * 60_000,
    )

    it(
      'follows a protocol: what hands did is named, and two people sign',
      async () => {
        const { page, problems, photograph, expectAccessible, signIn, openRoom, press, tick } = nurse
        await startAgain()
        await signIn('nurse')
        await openRoom('Isolation 3, bathroom')
        await press('Disinfect this room')
        await page.getByRole('radio', { name: 'A protocol' }).click()
        await press(/Choose a protocol/)
        // The others go on: "C. difficile, with peroxide …".
        await page.getByRole('option', { name: /C. difficile(?!,)/ }).click()
        await press(/^Its steps/)
        await photograph('request-by-protocol')
        await expectAccessible()
        await press('Make plan')
        await page.getByRole('group', { name: 'Confirm before you approve' }).waitFor()
        expect(await page.getByRole('button', { name: 'Approve plan' }).isDisabled()).toBe(true)
        for (const checkbox of await page.getByRole('checkbox', { name: /\w/ }).all()) {
          await tick(checkbox)
        }
        expect(await page.getByRole('button', { name: 'Approve plan' }).isDisabled()).toBe(true)
        await page.getByRole('textbox', { name: 'Done by' }).fill('Ewa Cleaner')
        await page.getByRole('textbox', { name: 'Product (optional)' }).fill('Sporex 5')
        expect(await page.evaluate(() => document.scrollingElement!.scrollTop)).toBe(0)
        await photograph('approval-by-protocol')
        await expectAccessible()
        // The robot may still be on its way home from the room before.
        const checklist = page.getByRole('checkbox', { name: ARMING_CHECKLIST[0].text })
        await until(async () => {
          if ((await checklist.count()) > 0) return true
          const approve = page.getByRole('button', { name: 'Approve plan' })
          // It goes away as soon as the approval is taken, perhaps between the look and the press.
          await approve.click({ timeout: 1000 }).catch(() => {})
          return null
        })
        for (const { text } of ARMING_CHECKLIST) {
          await tick(page.getByRole('checkbox', { name: text }))
        }
        await press('Confirm checklist')
        await press("Press the robot's button (simulation)")
        await press('Start treatment')
        await page.getByRole('link', { name: 'Open report' }).click()
        await page.getByText('Signed by 0 of 2 people').waitFor()
        const wiped = page.getByRole('checkbox', { name: 'Missed surfaces were wiped by hand' })
        if ((await wiped.count()) > 0) await tick(wiped)
        await press('Sign the report')
        await page.getByText('You have signed.').waitFor()
        await photograph('signed-by-one')
        await expectAccessible()

        await press('Sign out')
        await signIn('nurse2')
        await page.getByText('Signed by 1 of 2 people').waitFor()
        await press('Release room')
        await page.getByText(/Released by Nils Nurse/).waitFor()
        await page.getByText(/Done by Ewa Cleaner, with Sporex 5/).waitFor()
        await photograph('released-by-two')
        await expectAccessible()
        // What the engineer recorded lets the report say more than the dose, and is one press away.
        await page.getByText(/sporicidal here against C. difficile ATCC 43598, 6 log/).waitFor()
        await page.getByRole('link', { name: 'The validation that this rests on' }).click()
        await page.getByText('Showed log 6 at 150 mJ/cm².').waitFor()
        expect(problems).toEqual([])
      },
      6 * 60_000,
    )
  },
)

/** Tabs into the list of rooms; lists are one tab stop, arrows move inside. */
async function tabToRoom(page: Page): Promise<void> {
  const rooms = page
    .getByRole('navigation', { name: 'Rooms' })
    .or(page.getByRole('region', { name: 'Rooms' }))
  for (let count = 0; count < 100; count += 1) {
    await page.keyboard.press('Tab')
    const isOnRoom = await rooms.first().evaluate((region) => {
      const active = document.activeElement
      return (
        active !== null &&
        region.contains(active) &&
        /Isolation/.test(active.textContent ?? '') &&
        active.textContent.length < 200
      )
    })
    if (isOnRoom) return
  }
  throw new Error('No room can be reached with the Tab key')
}
