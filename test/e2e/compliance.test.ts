import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ARMING_CHECKLIST, type MissionView, type RequestView, type RoomView } from '@wardlight/core/fleet'
import { openConsole, type ConsolePage } from '../support/console-page.ts'
import { until } from '../support/until.ts'

const executablePath = process.env['WARDLIGHT_CHROMIUM']
const MINUTE = 60_000

describe.skipIf(executablePath === undefined)('compliance in the browser (skipped without Chromium)', () => {
  let nurse: ConsolePage

  beforeAll(async () => {
    nurse = await openConsole(executablePath!, ['--robots', '1', '--speed', '20'])
  })
  afterAll(() => nurse?.close())

  const call: ConsolePage['call'] = (method, path, body) => nurse.call(method, path, body)

  async function roomId(name: string): Promise<string> {
    return (await call<RoomView[]>('GET', '/rooms')).find((room) => room.name === name)!.id
  }

  async function planned(room: string): Promise<string> {
    const { id } = await call<RequestView>('POST', '/requests', {
      roomId: await roomId(room),
      organismId: 'mrsa',
      targetLog: 3,
    })
    await until(async () => {
      const { status } = await call<RequestView>('GET', `/requests/${id}`)
      return status === 'planned' ? true : null
    })
    return id
  }

  /** Looks again until the robot, which may be on its way home, takes it. */
  async function approved(requestId: string): Promise<string> {
    return until(async () =>
      call<MissionView>('POST', `/requests/${requestId}/approve`).then(
        ({ id }) => id,
        () => null,
      ),
    )
  }

  const mission = (id: string) => call<MissionView>('GET', `/missions/${id}`)

  async function armed(id: string): Promise<void> {
    // The mission may have gone on between the look and the press.
    const press = (path: string, body?: unknown) => call('POST', path, body).catch(() => {})
    await until(async () => {
      const { phase, arming, robotId } = await mission(id)
      if (phase !== 'awaitingArming') return arming === 'started' ? true : null
      if (arming === 'locked') {
        await press(`/missions/${id}/checklist`, { items: ARMING_CHECKLIST.map((item) => item.id) })
      } else if (arming === 'checklistConfirmed') {
        await press(`/simulation/robots/${encodeURIComponent(robotId)}/arm-button`)
      } else if (arming === 'buttonPressed') await press(`/missions/${id}/start`)
      return null
    })
  }

  const verdict = (id: string) => until(async () => (await mission(id)).verdict)
  const section = (name: string) => nurse.page.getByRole('region', { name, exact: true })

  it(
    'says how numbers come about where there are none',
    async () => {
      const { page, signIn, expectFits, problems } = nurse
      await signIn('nurse')
      await page.getByRole('link', { name: 'Compliance' }).click()
      await page.getByText('Nothing was due in these months.').waitFor()
      await page.getByText(/Numbers come about by themselves/).waitFor()
      expect(await page.getByRole('link', { name: 'Go to the rooms' }).getAttribute('href')).toBe('#/')
      await expectFits('compliance-empty')
      expect(problems).toEqual([])
    },
    3 * MINUTE,
  )

  it(
    'shows what was done, what was stopped, and what is still to do',
    async () => {
      const { page, problems, expectFits, press } = nurse
      const done = await approved(await planned('Isolation 1'))
      await armed(done)
      expect(await verdict(done)).toBe('proven')
      await call('POST', `/missions/${done}/release`, { missedSurfacesWiped: true })
      const again = await approved(await planned('Isolation 1'))
      await armed(again)
      expect(await verdict(again)).toBe('proven')
      const stopped = await approved(await planned('Room 101'))
      await call('POST', `/missions/${stopped}/stop`)
      expect(await verdict(stopped)).toBe('aborted')
      await planned('Room 102')
      await call(
        'POST',
        `/contamination/rooms/${encodeURIComponent(await roomId('Isolation 1'))}/isolation`,
        {
          organismIds: ['mrsa'],
        },
      )

      await page.reload()
      const due = section('Rooms due and done')
      await due.getByText('1 of 4 done').waitFor()
      // The picture has a twin in words.
      expect(await due.getByRole('figure').count()).toBe(1)
      const rows = due.getByRole('table').getByRole('row')
      const cells = await rows.evaluateAll((lines) =>
        lines
          .slice(1)
          .map((line) => [...line.querySelectorAll('td')].map(({ textContent }) => Number(textContent))),
      )
      const sums = cells.reduce((sum, line) => sum.map((value, index) => value + line[index]!))
      expect(sums).toEqual([4, 1, 0, 0, 3, 0])
      const turnaround = section('From the request to clean')
      expect(await turnaround.getByRole('row', { name: /^All/ }).textContent()).toMatch(/^All1/)
      await section('Runs without a proof, and why').getByText('1 of 3 runs ended without a proof').waitFor()
      await section('Runs without a proof, and why')
        .getByRole('rowheader', { name: 'Stopped by somebody' })
        .waitFor()
      const missed = section('Surfaces that are missed again and again')
      await missed.getByText('2 of 2 runs').first().waitFor()
      const lamps = section('Lamps')
      await lamps
        .getByText(/\d of [\d,]+ h/)
        .first()
        .waitFor()
      await expectFits('compliance')
      for (const part of [turnaround, missed]) {
        await part.evaluate((card) => card.scrollIntoView())
        await nurse.photograph(part === missed ? 'compliance-missed' : 'compliance-turnaround')
      }

      await press(/Choose an organism/)
      await page.getByRole('option', { name: 'MRSA', exact: true }).click()
      const outbreak = section('Outbreak')
      await outbreak.getByText(/was isolated for it/).waitFor()
      await outbreak.getByText(/by Nora Nurse/).waitFor()
      await outbreak.scrollIntoViewIfNeeded()
      await expectFits('compliance-outbreak')
      await page.evaluate(() => document.querySelector('main')?.scrollTo(0, 0))

      const [download] = await Promise.all([
        page.waitForEvent('download'),
        due.getByRole('link', { name: 'CSV: Rooms due and done' }).click(),
      ])
      expect(download.suggestedFilename()).toBe('wardlight-due.csv')
      const csv = await readFile(await download.path(), 'utf8')
      expect(csv).toMatch(/^month,ward,due,done,/)

      // On paper: what was chosen is said, and nothing is there to press.
      await page.emulateMedia({ media: 'print' })
      expect(await page.getByText(/ to .*, All wards/).isVisible()).toBe(true)
      expect(await page.getByRole('button', { name: 'Print' }).isVisible()).toBe(false)
      await nurse.photograph('compliance-printed', true)
      await page.emulateMedia({ media: null })
      expect(problems).toEqual([])
    },
    8 * MINUTE,
  )

  it(
    'counts one ward and other months where somebody chooses them, with the keyboard',
    async () => {
      const { page, problems } = nurse
      const ward = page
        .getByRole('button', { name: /^Ward/ })
        .or(page.getByRole('button', { name: /All wards/ }))
      await ward.first().focus()
      await page.keyboard.press('Enter')
      const first = page.getByRole('option').nth(1)
      const name = await first.textContent()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      await until(async () => {
        const hints = await section('Rooms due and done')
          .getByRole('rowheader')
          .allTextContents()
          .catch(() => [])
        const isEmpty = (await page.getByText('Nothing was due in these months.').count()) > 0
        return isEmpty || (hints.length > 0 && hints.every((hint) => hint.includes(name!))) ? true : null
      })
      expect(problems).toEqual([])
    },
    2 * MINUTE,
  )

  it(
    'has room in the header for everything that an administrator has there',
    async () => {
      const { page, signIn, photograph, press } = nurse
      await press('Sign out')
      await signIn('admin')
      await page.goto(`${nurse.url}/#/compliance`)
      await section('Rooms due and done').waitFor()
      await photograph('compliance-administrator')
      for (const width of [390, 1024, 1920]) {
        await page.setViewportSize({ width, height: 900 })
        const edges = await page
          .getByRole('banner')
          .evaluate((header) =>
            [...header.querySelectorAll('a, button')].map((each) => each.getBoundingClientRect().right),
          )
        // The link that skips the header stands outside of the screen until it has the focus.
        expect(Math.max(...edges)).toBeLessThanOrEqual(width)
      }
    },
    2 * MINUTE,
  )
})
