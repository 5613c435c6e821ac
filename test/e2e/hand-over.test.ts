import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RoomView } from '@wardlight/core/fleet'
import { TestClient } from '../../fleet-server/src/testing/test-client.ts'
import { openConsole, type ConsolePage } from '../support/console-page.ts'
import { tabTo } from '../support/keyboard.ts'

const executablePath = process.env['WARDLIGHT_CHROMIUM']

describe.skipIf(executablePath === undefined)(
  'one shift hands a ward to the next one, in the browser (skipped without Chromium)',
  () => {
    let ward: ConsolePage

    beforeAll(async () => {
      ward = await openConsole(executablePath!, ['--robots', '1'])
    })
    afterAll(() => ward?.close())

    it('with what is open and with notes; another nurse takes it over, an auditor reads it', async () => {
      const { page, problems, signIn, press, expectFits, photograph } = ward
      const nurse = await TestClient.signIn(ward, 'nurse2')
      const rooms = (await nurse.ok<RoomView[]>('GET', '/rooms')).filter((room) => room.ward === '1A')
      const [first, second] = rooms.filter(({ kind }) => kind === 'patientRoom')

      await signIn('nurse')
      await page.getByRole('link', { name: 'Hand-over' }).click()
      await page.getByRole('heading', { name: /^Open in 1A/ }).waitFor()
      await page.getByText('Nothing was handed over in this ward yet.').waitFor()
      await expectFits('hand-over-first')
      // What happens while it is read is shown.
      await nurse.ok('PATCH', `/rooms/${first!.id}`, { state: 'stat' })
      const urgentIn = (part: string | RegExp) =>
        page
          .getByRole('region', { name: part })
          .locator('.hand-over-item')
          .filter({ hasText: `${first!.name}Urgent` })
      const urgent = urgentIn(/^Open in 1A/)
      await urgent.waitFor()
      await nurse.ok('POST', '/requests', { roomId: second!.id, organismId: 'mrsa', targetLog: 3 })
      await page.getByText('Plan to be approved: asked for by Nils Nurse').waitFor()

      await tabTo(page, 'textbox', 'Notes for the next shift')
      await page.keyboard.type('The trolley is back at ten. Room 102 was not aired.')
      await page.getByText(/No names of patients/).waitFor()
      await tabTo(page, 'button', 'Hand over')
      await page.keyboard.press('Enter')
      await page.getByText('Handed over. Whoever comes on duty').waitFor()
      await page.getByRole('heading', { name: /^By Nora Nurse/ }).waitFor()
      expect(await page.getByRole('button', { name: /^Take over/ }).count()).toBe(0)
      await press('Sign out')

      await signIn('nurse2')
      const take = page.getByRole('button', { name: /^Take over what Nora Nurse/ })
      await take.waitFor()
      await page.getByText('The trolley is back at ten. Room 102 was not aired.').waitFor()
      // What was open then stays as it was, whatever is done since.
      await nurse.ok('PATCH', `/rooms/${first!.id}`, { state: 'dirty' })
      await urgent.waitFor({ state: 'detached' })
      await press(/^What was open then/)
      await urgentIn('Waits for you').waitFor()
      await expectFits('hand-over')
      await page.emulateMedia({ media: 'print' })
      await photograph('hand-over-printed', true)
      expect(await take.isVisible()).toBe(false)
      await page.emulateMedia({ media: null })
      await take.click()
      await page.getByText(/^Taken over by Nils Nurse/).waitFor()
      expect(await take.count()).toBe(0)
      await press('Sign out')

      await signIn('auditor')
      await page.getByText(/^Taken over by Nils Nurse/).waitFor()
      await page.getByText('Nurses and clinicians hand over.').waitFor()
      expect(await page.getByRole('button', { name: 'Hand over', exact: true }).count()).toBe(0)
      await press('Sign out')
      await signIn('engineer')
      expect(await page.getByRole('link', { name: 'Hand-over' }).count()).toBe(0)
      expect(problems).toEqual([])
    }, 240_000)
  },
)
