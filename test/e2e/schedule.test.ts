import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RequestView, RoomView } from '@wardlight/core/fleet'
import { openConsole, type ConsolePage } from '../support/console-page.ts'
import { tabTo } from '../support/keyboard.ts'
import { until } from '../support/until.ts'

const executablePath = process.env['WARDLIGHT_CHROMIUM']
const MINUTE = 60_000

describe.skipIf(executablePath === undefined)(
  'the schedule in the browser (skipped without Chromium)',
  () => {
    let nurse: ConsolePage

    beforeAll(async () => {
      nurse = await openConsole(executablePath!, ['--robots', '1'])
    })
    afterAll(() => nurse?.close())

    const call: ConsolePage['call'] = (method, path, body) => nurse.call(method, path, body)

    async function askFor(...names: string[]): Promise<void> {
      const rooms = await call<RoomView[]>('GET', '/rooms')
      for (const name of names) {
        const { id } = rooms.find((room) => room.name === name)!
        await call('POST', '/requests', { roomId: id, organismId: 'mrsa', targetLog: 3 })
      }
      await until(async () => {
        const requests = await call<RequestView[]>('GET', '/requests')
        return requests.every(({ status }) => status !== 'planning') ? true : null
      })
    }

    const list = () => nurse.page.getByRole('region', { name: 'Rooms in order' })
    const order = () => list().getByRole('link').allTextContents()
    /** Its line; reasons of others may name it too. */
    const lineOf = (room: string) =>
      list()
        .getByRole('listitem')
        .filter({ has: nurse.page.getByRole('link', { name: room, exact: true }) })
    const reasonOf = (room: string) => lineOf(room).locator('.schedule-reason').textContent()
    const answer = () => nurse.page.getByRole('region', { name: 'What this does' })
    const changed = () => nurse.page.getByText('Changed.')

    it('says how to begin where nothing is planned', async () => {
      const { page, signIn, expectFits } = nurse
      await signIn('nurse')
      await page.getByRole('link', { name: 'Schedule' }).click()
      await page.getByText('Nothing is planned.').waitFor()
      expect(await page.getByRole('link', { name: 'Go to the rooms' }).getAttribute('href')).toBe('#/')
      await expectFits('schedule-empty')
    }, 120_000)

    it(
      'makes a plan that comes again, and sees its dates before and after',
      async () => {
        const { page, press, tick, expectFits } = nurse
        await page.getByRole('link', { name: 'Make a recurring plan' }).click()
        await press('Make a plan')
        await page.getByRole('textbox', { name: 'Name' }).fill('Isolation, Mondays and Thursdays')
        await page.getByLabel('First time').fill('2027-03-22T02:30')
        await page.getByRole('radio', { name: 'Weekly' }).click()
        await tick(page.getByRole('checkbox', { name: 'Monday' }))
        await tick(page.getByRole('checkbox', { name: 'Thursday' }))
        const preview = page.getByRole('region', { name: 'Its next dates' }).getByRole('listitem')
        await preview.filter({ hasText: 'Mon 29 Mar, 02:30' }).waitFor()
        expect(await preview.count()).toBe(10)
        expect(await preview.first().textContent()).toContain('Mon 22 Mar, 02:30')
        // Who knows rules writes one; what is wrong with it is said at once.
        await page.getByRole('radio', { name: 'By a rule' }).click()
        await page.getByRole('textbox', { name: 'Rule (RFC 5545)' }).fill('FREQ=SOMETIMES')
        await page.getByText(/does not begin with a frequency/).waitFor()
        await page.getByRole('textbox', { name: 'Rule (RFC 5545)' }).fill('FREQ=WEEKLY;BYDAY=MO,TH')
        await preview.filter({ hasText: 'Thu 25 Mar, 02:30' }).waitFor()
        expect(await page.getByRole('form').getByRole('button', { name: 'Make the plan' }).isDisabled()).toBe(
          true,
        )
        await page.getByRole('searchbox', { name: 'Find a room' }).fill('Isolation 2')
        await tick(page.getByRole('checkbox', { name: 'Isolation 2', exact: true }))
        await expectFits('schedule-plan-form')
        await press('Make the plan')
        await page.getByText('The plan “Isolation, Mondays and Thursdays” was made.').waitFor()
        const card = page.getByRole('article', { name: 'Isolation, Mondays and Thursdays' })
        await card.getByText('Mon 22 Mar, 02:30').waitFor()
        await expectFits('schedule-plans')
        await card.getByRole('button', { name: 'Pause' }).click()
        await card.getByText('Paused').waitFor()
        await card.getByRole('button', { name: 'Go on' }).click()
        await card.getByText('Active').waitFor()
      },
      3 * MINUTE,
    )

    it(
      'makes a room urgent with the keyboard alone, and sees before and after what that does',
      async () => {
        const { page, problems, expectFits } = nurse
        await askFor('Room 101', 'Room 102', 'Room 103', 'Room 104')
        await page.goto(`${nurse.url}/#/schedule`)
        const before = await until(async () => {
          const rooms = await order()
          return rooms.length === 4 ? rooms : null
        })
        const last = before.at(-1)!
        await expectFits('schedule-board')
        await page.locator('body').press('Tab')
        await tabTo(page, 'link', last)
        await page.keyboard.press('Enter')
        await page.getByRole('heading', { name: last }).waitFor()
        await tabTo(page, 'radio', 'As the room says')
        await page.keyboard.press('ArrowRight')
        await page.keyboard.press('Space')
        await tabTo(page, 'button', 'Show what this does')
        await page.keyboard.press('Enter')
        await answer().waitFor()
        const words = await answer().textContent()
        expect(words).toContain(`${last} begins at`)
        expect(words).toMatch(/Other rooms.*begins at \d\d:\d\d in place of \d\d:\d\d/)
        // Nothing has happened yet.
        expect(await order()).toEqual(before)
        await expectFits('schedule-answer')
        await tabTo(page, 'button', /^Change it/)
        await page.keyboard.press('Enter')
        await changed().waitFor()
        const after = await until(async () => {
          const rooms = await order()
          return rooms.indexOf(last) < 2 ? rooms : null
        })
        expect(after.toSorted()).toEqual(before.toSorted())
        expect(await reasonOf(last)).toMatch(/because it is free|because it comes from/)
        await lineOf(last).getByText('Urgent').waitFor()
        expect(problems).toEqual([])
      },
      4 * MINUTE,
    )

    it(
      'moves a room by dragging it, which asks first and does nothing by itself',
      async () => {
        const { page, problems } = nurse
        await page.getByRole('button', { name: 'Close' }).click()
        const [room] = (await order()).slice(-1)
        const bar = page.locator('[data-entry]').filter({ hasText: room! })
        const box = (await bar.boundingBox())!
        const begun = await reasonOf(room!)
        const drag = async (): Promise<void> => {
          const { x, y } = (await bar.boundingBox())!
          await page.mouse.move(x + 4, y + box.height / 2)
          await page.mouse.down()
          await page.mouse.move(x + 300, y + box.height / 2, { steps: 4 })
        }
        await drag()
        await page.keyboard.press('Escape')
        await page.mouse.up()
        expect(await answer().count()).toBe(0)
        await drag()
        await page.mouse.up()
        await answer().waitFor()
        expect(await answer().textContent()).toMatch(
          new RegExp(`${room} begins at \\d\\d:\\d\\d in place of \\d\\d:\\d\\d`),
        )
        expect(await answer().textContent()).toContain('it is not wanted before')
        expect(await reasonOf(room!)).not.toContain('not wanted before')
        await answer().getByRole('button', { name: 'Leave it as it is' }).click()
        expect(await reasonOf(room!)).not.toContain('not wanted before')
        expect(begun).not.toContain('not wanted before')
        await drag()
        await page.mouse.up()
        await answer()
          .getByRole('button', { name: /^Change it/ })
          .click()
        await changed().waitFor()
        await list().getByText('it is not wanted before').waitFor()
        expect(problems).toEqual([])
      },
      2 * MINUTE,
    )

    it(
      'says a conflict in words, with what would help, before anybody causes it',
      async () => {
        const { page, press, problems, expectFits } = nurse
        const room = (await order())[1]!
        await list().getByRole('link', { name: room, exact: true }).click()
        await page.getByLabel('Done by (optional)').fill(hospitalTime(Date.now() + 3 * MINUTE))
        await press('Show what this does')
        await answer().getByText('Somebody has to look at this').waitFor()
        expect(await answer().textContent()).toMatch(
          new RegExp(`Cannot meet the deadline of ${room}, \\d\\d:\\d\\d, unless `),
        )
        await press('Change it all the same')
        await changed().waitFor()
        await list()
          .getByText(/min late/)
          .first()
          .waitFor()
        await expectFits('schedule-late')
        await page.getByLabel('Begin by, or not at all (optional)').fill('2020-01-01T00:00')
        await press('Show what this does')
        await page.getByText('The latest time to begin has passed').waitFor()
        await press('Withdraw')
        await press('Withdraw this request')
        await page.getByText('It is no longer on the schedule').waitFor()
        expect(problems).toEqual([])
      },
      3 * MINUTE,
    )

    it(
      'shows the hours in which nobody can arm, once an administrator has set them',
      async () => {
        const { page, press, tick, signIn, problems, expectFits } = nurse
        await press('Sign out')
        await signIn('admin')
        await page.goto(`${nurse.url}/#/schedule/hours`)
        await press(/^Add hours$/)
        const staffed = page.getByRole('region', { name: 'When somebody is there to arm' })
        await staffed.getByLabel('From').fill(hospitalTime(Date.now() + 90 * MINUTE).slice(11))
        await staffed.getByLabel('To').fill(hospitalTime(Date.now() + 150 * MINUTE).slice(11))
        await press('Add hours when rooms are closed')
        const closed = page.getByRole('region', { name: 'When robots stay out of rooms' })
        expect(await page.getByRole('button', { name: 'Save hours' }).isDisabled()).toBe(true)
        await closed.getByRole('textbox', { name: 'Why' }).fill('Visiting hours')
        // Not while rooms are wanted here, whatever the time of the day.
        await closed.getByLabel(/^From/).fill(hospitalTime(Date.now() + 12 * 60 * MINUTE).slice(11))
        await closed.getByLabel(/^To/).fill(hospitalTime(Date.now() + 13 * 60 * MINUTE).slice(11))
        await tick(closed.getByRole('checkbox', { name: 'Sunday' }))
        await expectFits('schedule-hours')
        await press('Save hours')
        await page.getByText('The hours are saved.').waitFor()
        await press('Sign out')
        await signIn('nurse')
        await page.getByText(/Visiting hours/).waitFor()
        await page.getByRole('link', { name: 'Next', exact: true }).click()
        await list().getByText('nobody is there to arm it before').first().waitFor()
        await page.locator('.timeline').getByText('nobody to arm').first().waitFor()
        await expectFits('schedule-unstaffed')
        expect(problems).toEqual([])
      },
      3 * MINUTE,
    )
  },
)

/** By the clocks of the hospital, which `wardlight start` takes from this machine: `2026-03-28T02:30`. */
function hospitalTime(ms: number): string {
  return new Date(ms).toLocaleString('sv').slice(0, 16).replace(' ', 'T')
}
