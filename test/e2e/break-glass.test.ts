import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditPage, RoomView } from '@wardlight/core/fleet'
import { TestClient } from '../../fleet-server/src/testing/test-client.ts'
import { GOOD_PASSWORD, newcomer, TestPerson } from '../../fleet-server/src/testing/test-person.ts'
import { openConsole, type ConsolePage } from '../support/console-page.ts'
import { tabTo } from '../support/keyboard.ts'

const executablePath = process.env['WARDLIGHT_CHROMIUM']
const REASON = 'Resuscitation, its nurse is at the bed'

describe.skipIf(executablePath === undefined)(
  'other wards in an emergency, in the browser (skipped without Chromium)',
  () => {
    let view: ConsolePage
    let admin: TestPerson
    let own: RoomView
    let foreign: RoomView

    beforeAll(async () => {
      view = await openConsole(executablePath!, ['--robots', '1'])
      admin = new TestPerson(view)
      await admin.signIn('admin', 'admin-demo')
      const rooms = await admin.ok<RoomView[]>('GET', '/rooms')
      own = rooms.find(({ ward }) => ward === '1A')!
      foreign = rooms.find(({ ward }) => ward === '1I')!
      await newcomer(view, admin, {
        name: 'anna',
        displayName: 'Anna Nurse',
        role: 'nurse',
        wards: ['1A'],
      })
    })
    afterAll(() => view?.close())

    const option = (room: RoomView) =>
      view.page.getByRole('option', { name: new RegExp(`^${room.name}, [^,]+, for `) })
    const find = (room: RoomView) => view.page.getByRole('searchbox', { name: 'Find a room' }).fill(room.name)

    it('are not seen, and whose a room is stands where it would be', async () => {
      const { page, expectAccessible, photograph } = view
      await page.getByRole('textbox', { name: 'Name' }).fill('anna')
      await page.getByRole('textbox', { name: 'Password', exact: true }).fill(GOOD_PASSWORD)
      await page.keyboard.press('Enter')
      await page.getByText('You see the rooms of your wards (1A) and those of no ward.').waitFor()
      await find(own)
      await option(own).waitFor()
      await find(foreign)
      await page.getByText('No room matches.').waitFor()
      await page.goto(`${view.url}/#/rooms/${foreign.id}`)
      await page.getByRole('heading', { name: `${foreign.name} belongs to another ward` }).waitFor()
      expect(await page.getByRole('button', { name: 'Disinfect this room' }).count()).toBe(0)
      await expectAccessible()
      await photograph('foreign-room')
    }, 180_000)

    it('are seen with a reason, by the keyboard alone; every page says until when', async () => {
      const { page, expectFits, photograph, problems } = view
      await page.getByRole('link', { name: 'Schedule' }).click()
      await page.getByText('Nothing is planned.').waitFor()
      await tabTo(page, 'button', 'See other wards in an emergency')
      await page.keyboard.press('Enter')
      const reason = page.getByRole('textbox', { name: 'Why' })
      await reason.waitFor()
      expect(await reason.evaluate((field) => field === document.activeElement)).toBe(true)
      const confirm = page.getByRole('button', { name: 'See every ward for four hours' })
      await page.keyboard.type('now')
      expect(await confirm.isDisabled()).toBe(true)
      await expectFits('break-glass')
      await reason.fill(REASON)
      await page.keyboard.press('Enter')
      const until = page.getByText(/You see every ward until \w{3},? \d+ \w+, \d\d:\d\d\./)
      await until.waitFor()
      // The focus did not fall off the page with the form.
      expect(await page.evaluate(() => document.activeElement?.textContent)).toContain(
        'You see every ward until',
      )
      await expectFits('glass-broken')
      await page.goto(`${view.url}/#/rooms/${foreign.id}`)
      await page.getByRole('heading', { name: foreign.name, exact: true }).waitFor()
      await find(foreign)
      await option(foreign).waitFor()
      await photograph('glass-broken-rooms')
      await page.getByRole('link', { name: 'Alarms' }).click()
      await until.waitFor()
      const { entries } = await admin.ok<AuditPage>('GET', `/audit?about=${encodeURIComponent(REASON)}`)
      expect(entries.map(({ who }) => who?.name)).toContain('Anna Nurse')
      expect(problems).toEqual([])
    }, 180_000)

    it('are not seen any more once they say that it is over, and it does not ask again', async () => {
      const { page, press, problems } = view
      await page.reload()
      await press('End it now')
      await page.getByText(/You see every ward until/).waitFor({ state: 'detached' })
      await page.getByRole('link', { name: 'Rooms' }).click()
      await page.getByText('You see the rooms of your wards (1A)').waitFor()
      await find(foreign)
      await option(foreign).waitFor({ state: 'detached' })
      await press('Sign out')
      await view.signIn('nurse')
      await page.getByRole('searchbox', { name: 'Find a room' }).waitFor()
      // Who is in every ward anyway is not asked.
      expect(await page.getByRole('button', { name: 'See other wards in an emergency' }).count()).toBe(0)
      const nurse = await TestClient.signIn(view, 'nurse')
      expect((await nurse.call('DELETE', '/session/break-glass')).status).toBe(409)
      expect(problems).toEqual([])
    }, 180_000)
  },
)
