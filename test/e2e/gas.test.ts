import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GAS_CHECKLIST } from '@wardlight/core/fleet'
import { openConsole, type ConsolePage } from '../support/console-page.ts'
import { testResults } from '../support/repository.ts'
import { until } from '../support/until.ts'

const executablePath = process.env['WARDLIGHT_CHROMIUM']
const ROOM = 'Intensive care 1'

describe.skipIf(executablePath === undefined)(
  'a room by hydrogen peroxide in the browser (skipped without Chromium)',
  () => {
    let nurse: ConsolePage

    // Each on a hospital of its own: the first leaves a tank half empty, and sensors and tape in place.
    beforeEach(async () => {
      nurse = await openConsole(executablePath!, ['--robots', '1', '--speed', '10'])
    })
    afterEach(() => nurse?.close())

    it(
      'is asked for by its protocol, prepared, armed, gassed, aired, read and released by two people',
      async () => {
        const { page, photograph, expectAccessible, press, tick } = nurse
        await nurse.signIn('nurse')
        await nurse.openRoom(ROOM)
        await press('Disinfect this room')
        await page.getByRole('radio', { name: 'A protocol' }).click()
        await press(/Choose a protocol/)
        await page.getByRole('option', { name: /Terminal clean, C. difficile, with peroxide vapour/ }).click()
        await page.getByText('airs it until sensors clear it').waitFor()
        await photograph('gas-request')
        await press('Make plan')

        await page.getByText('Solution needed').waitFor()
        await page.getByText('The room opens when its sensors clear it').waitFor()
        await photograph('gas-plan')
        await expectAccessible()
        for (const checkbox of await page.getByRole('checkbox', { name: /\w/ }).all()) await tick(checkbox)
        await page.getByRole('textbox', { name: 'Done by' }).fill('Ewa Cleaner')
        await press('Approve plan')

        const first = page.getByRole('checkbox', { name: GAS_CHECKLIST[0].text })
        await first.waitFor()
        // Nobody has placed a sensor yet: it says so, and would not start.
        await page.getByText('What is missing before it can start').waitFor()
        await page
          .getByText(/no gas sensor is ready/)
          .first()
          .waitFor()
        await photograph('gas-not-ready')
        await expectAccessible()
        await press('Place sensors and tape the doors (simulation)')
        await page.getByText('What is missing before it can start').waitFor({ state: 'detached' })
        for (const { text } of GAS_CHECKLIST) await tick(page.getByRole('checkbox', { name: text }))
        await photograph('gas-arming')
        await expectAccessible()
        await press('Confirm checklist')
        await press("Press the robot's button (simulation)")
        await press('Start the gas')

        await page.getByText('Keep out. Keep every door locked.').waitFor()
        await page.getByText('Gas is being let in').first().waitFor()
        const robotPage = await screenOf('uv-02')
        await robotPage.getByText('Gas is being let in.').waitFor()
        await robotPage.getByText('min, predicted').waitFor()
        await robotPage.screenshot({ path: path.join(testResults, 'screen-gas.png') })
        await robotPage.close()
        await press('20 times as fast')
        await until(async () => (await page.getByText(/^\d{3} ppm$/).count()) >= 2)
        await photograph('gas-live')
        await expectAccessible()
        await press('200 times as fast')
        await page.getByText('Airing the room').first().waitFor({ timeout: 300_000 })
        await photograph('gas-aerating')
        // Nobody marks a gassed room as anything.
        expect(await page.getByText('Gassed: keep out').count()).toBeGreaterThan(0)
        expect(await page.getByRole('button', { name: /^State/ }).count()).toBe(0)

        await page.getByRole('link', { name: 'Open report' }).click({ timeout: 420_000 })
        await page.getByRole('heading', { name: 'Disinfection report' }).waitFor()
        await page.getByText('the sensors cleared the room').waitFor()
        await page.getByText('Signed by 0 of 2 people').waitFor()
        await photograph('gas-report', true)
        await expectAccessible()
        await press('Sign the report')
        await page.getByText('You have signed.').waitFor()
        await press('Sign out')
        await nurse.signIn('nurse2')
        await page.getByText('Signed by 1 of 2 people').waitFor()
        await press('Release room')
        await page.getByText(/Released by Nils Nurse/).waitFor()
        await photograph('gas-released')
        await page.getByRole('link', { name: 'Back to the room' }).click()
        await page.getByText('Clean', { exact: true }).first().waitFor()

        await press('Sign out')
        expect(nurse.problems).toEqual([])
      },
      15 * 60_000,
    )

    it(
      'is loud when somebody walks into the gas: on every page, and on the robot',
      async () => {
        const { page, photograph, expectAccessible, press, tick } = nurse
        await nurse.signIn('nurse')
        const origin = new URL(page.url()).origin
        const simulate = async (path: string, data: object = {}) => {
          const answer = await page.request.post(`${origin}/api/simulation/${path}`, {
            headers: { origin },
            data,
          })
          expect(answer.status()).toBe(204)
        }
        // Before it may have run too fast for fingers.
        await simulate('speed', { factor: 10 })
        await page.getByRole('link', { name: 'Rooms' }).click()
        await nurse.openRoom('Intensive care 2')
        await press('Disinfect this room')
        await page.getByRole('radio', { name: 'A protocol' }).click()
        await press(/Choose a protocol/)
        await page.getByRole('option', { name: /Terminal clean, C. difficile, with peroxide vapour/ }).click()
        await press('Make plan')
        await page.getByText('Solution needed').waitFor()
        for (const checkbox of await page.getByRole('checkbox', { name: /\w/ }).all()) await tick(checkbox)
        await page.getByRole('textbox', { name: 'Done by' }).fill('Ewa Cleaner')
        const first = page.getByRole('checkbox', { name: GAS_CHECKLIST[0].text })
        // The robot may still be on its way home from the room before.
        await until(async () => {
          if ((await first.count()) > 0) return true
          await page
            .getByRole('button', { name: 'Approve plan' })
            .click({ timeout: 1000 })
            .catch(() => {})
          return null
        })
        await press('Place sensors and tape the doors (simulation)')
        await page.getByText('What is missing before it can start').waitFor({ state: 'detached' })
        for (const { text } of GAS_CHECKLIST) await tick(page.getByRole('checkbox', { name: text }))
        await press('Confirm checklist')
        await press("Press the robot's button (simulation)")
        await press('Start the gas')
        await page.getByText('Gas is being let in').first().waitFor()
        await simulate('rooms/ICU2/person')

        await page.getByText('LEAVE THE ROOMS AROUND INTENSIVE CARE 2 AT ONCE.').waitFor()
        await photograph('gas-evacuate')
        await expectAccessible()
        await page.getByRole('link', { name: 'Evidence' }).click()
        await page.getByText('LEAVE THE ROOMS AROUND INTENSIVE CARE 2 AT ONCE.').waitFor()
        const robotPage = await screenOf('uv-02')
        await robotPage.getByText('LEAVE AT ONCE').waitFor()
        await robotPage.getByText('SOFORT RAUS').waitFor()
        await robotPage.screenshot({ path: path.join(testResults, 'screen-evacuate.png') })
        await robotPage.close()
        await photograph('gas-robot')

        // It is an alarm as well: it stays until somebody has seen it.
        await page.getByRole('link', { name: /^Alarms \d+ alarms? not seen/ }).click()
        const alarm = page.getByRole('listitem').filter({ hasText: 'Gas where people are' })
        await alarm.waitFor()
        await photograph('alarms')
        await expectAccessible()
        await alarm.getByRole('button', { name: 'I have seen it' }).click()
        await alarm.getByText(/Seen by Nora Nurse/).waitFor()
        await page.getByRole('link', { name: 'Robots' }).click()
        await page.getByRole('option', { name: /^uv-02/ }).click()
        await page.getByRole('heading', { name: 'What it carries' }).waitFor()
        await press('Take out of service, or back')
        await page.getByRole('textbox', { name: 'Why' }).fill('Its nozzle drips')
        await press('No more work')
        await page.getByText(/Nora Nurse, .*: Its nozzle drips/).waitFor()
        await photograph('robot-care')
        await expectAccessible()
        expect(nurse.problems).toEqual([])
      },
      5 * 60_000,
    )

    /** Whoever stands before the robot reads its own screen; the console says where. */
    async function screenOf(robot: string): Promise<Page> {
      const { page } = nurse
      const back = page.url()
      await page.getByRole('link', { name: 'Robots' }).click()
      await page.getByRole('option', { name: robot }).click()
      const address = await page.getByRole('link', { name: 'Open its own screen' }).getAttribute('href')
      await page.goto(back)
      const screen = await page.context().newPage()
      await screen.setViewportSize({ width: 1280, height: 800 })
      await screen.goto(address!)
      return screen
    }
  },
)
