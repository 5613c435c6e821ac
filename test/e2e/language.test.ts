import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openConsole, type ConsolePage } from '../support/console-page.ts'

const executablePath = process.env['WARDLIGHT_CHROMIUM']

const LANGUAGES = [
  { name: 'Deutsch', lang: 'de-DE' },
  { name: '中文', lang: 'zh-CN' },
]
/** Without the map, beyond whose edge names of places may lie; of an administrator, who has the most. */
const PAGES = ['schedule', 'alarms', 'evidence', 'compliance', 'notifications', 'audit', 'account']

describe.skipIf(executablePath === undefined)(
  'the console in other languages (skipped without Chromium)',
  () => {
    let view: ConsolePage

    beforeAll(async () => {
      view = await openConsole(executablePath!, ['--robots', '1'])
    })
    afterAll(() => view?.close())

    it('is in English until somebody chooses, and stays as it was chosen', async () => {
      const { page } = view
      const langOf = () => page.evaluate(() => document.documentElement.lang)
      await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
      expect(await langOf()).toBe('en-GB')
      for (const { name, lang } of LANGUAGES) {
        await page.getByRole('radio', { name }).click()
        await page.waitForFunction((wanted) => document.documentElement.lang === wanted, lang)
        await view.expectFits(`sign-in-${lang}`)
        await page.reload()
        await page.getByRole('radio', { name, checked: true }).waitFor()
        expect(await langOf()).toBe(lang)
      }
    })

    it('fits every page on every screen, whatever the language', async () => {
      const { page } = view
      await view.call('POST', '/session', { name: 'admin', password: 'admin-demo' })
      for (const { name, lang } of LANGUAGES) {
        await page.goto(`${view.url}/#/account`)
        await page.reload()
        await page.getByRole('radio', { name }).click()
        await page.waitForFunction((wanted) => document.documentElement.lang === wanted, lang)
        for (const where of PAGES) {
          await page.goto(`${view.url}/#/${where}`)
          await page.locator('main').first().waitFor()
          await view.expectWidths(`${lang}-${where}`)
        }
      }
      expect(view.problems).toEqual([])
    }, 600_000)
  },
)
