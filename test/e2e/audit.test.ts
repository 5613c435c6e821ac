import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RoomView } from '@wardlight/core/fleet'
import { verifyLines } from '../../fleet-server/src/audit/audit-file.ts'
import { TestClient } from '../../fleet-server/src/testing/test-client.ts'
import { openConsole, type ConsolePage } from '../support/console-page.ts'
import { tabTo } from '../support/keyboard.ts'

const executablePath = process.env['WARDLIGHT_CHROMIUM']
/** Each is recorded as asked for and as changed; a page of the record has a hundred. */
const CHANGES = 70

describe.skipIf(executablePath === undefined)(
  'the audit record in the browser (skipped without Chromium)',
  () => {
    let view: ConsolePage
    let room: RoomView

    beforeAll(async () => {
      view = await openConsole(executablePath!, ['--robots', '1'])
      const nurse = await TestClient.signIn(view, 'nurse')
      room = (await nurse.ok<RoomView[]>('GET', '/rooms')).find(({ kind }) => kind === 'patientRoom')!
      for (let index = 0; index < CHANGES; index += 1) {
        await nurse.ok('PATCH', `/rooms/${room.id}`, { state: index % 2 === 0 ? 'occupied' : 'stat' })
      }
      await nurse.call('PUT', '/schedule/hours', {})
    })
    afterAll(() => view?.close())

    const entries = () => view.page.locator('.audit-entry')
    const changed = () => view.page.getByRole('heading', { name: `${room.name}: changed` })

    it('is for administrators and auditors', async () => {
      const { page, signIn, press } = view
      await signIn('nurse')
      expect(await page.getByRole('link', { name: 'Audit', exact: true }).count()).toBe(0)
      await page.goto(`${view.url}/#/audit`)
      await page.getByRole('searchbox', { name: 'Find a room' }).waitFor()
      await press('Sign out')
    }, 120_000)

    it('says who changed what, and goes back to its beginning', async () => {
      const { page, signIn, expectFits } = view
      await signIn('auditor')
      await page.getByRole('link', { name: 'Audit', exact: true }).click()
      await changed().first().waitFor()
      const newest = entries().filter({ has: changed() }).first()
      expect(await newest.innerText()).toMatch(
        /Nora Nurse, Nurse · \d+ \w+ \d{4}, \d\d:\d\d:\d\d · from 127\.0\.0\.1/,
      )
      expect(await newest.locator('dl').innerText()).toContain('Occupied')
      const refused = entries().filter({ hasText: 'Asked: PUT /api/schedule/hours' })
      await refused.getByText('Refused: not allowed').waitFor()
      expect(await entries().count()).toBe(100)
      await newest.scrollIntoViewIfNeeded()
      await expectFits('audit')
      await tabTo(page, 'button', 'Older entries')
      await page.keyboard.press('Enter')
      await page.getByText('There is nothing older.').waitFor()
      expect(await entries().count()).toBeGreaterThan(2 * CHANGES)
      await page.getByRole('heading', { name: 'Account Nora Nurse: added' }).waitFor()
    }, 180_000)

    it('is searched by whom, what and when, and says what to do where nothing fits', async () => {
      const { page, press, expectFits } = view
      await page.getByRole('textbox', { name: 'What it is about' }).fill('schedule/hours')
      await page.getByRole('textbox', { name: 'Who did it' }).fill('nora')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Asked: PUT /api/schedule/hours' }).waitFor()
      await changed().first().waitFor({ state: 'detached' })
      expect(await entries().count()).toBe(1)
      await press('From when until when')
      await page.getByLabel('Before').fill('2020-01-01T00:00')
      await press('Show')
      await page.getByText('Nothing in the record fits.').waitFor()
      await expectFits('audit-nothing')
      await press('Show everything')
      await changed().first().waitFor()
      expect(await page.getByRole('textbox', { name: 'Who did it' }).inputValue()).toBe('')
    }, 180_000)

    it('is taken away whole, and holds elsewhere', async () => {
      const { page, problems } = view
      const download = page.waitForEvent('download')
      await page.getByRole('link', { name: 'Download the whole record' }).click()
      const file = await (await download).path()
      const { fault, head } = await verifyLines(createInterface({ input: createReadStream(file) }))
      expect(fault).toBeNull()
      expect(head.sequence).toBeGreaterThan(2 * CHANGES)
      expect(problems).toEqual([])
    }, 120_000)
  },
)
