import { AxeBuilder } from '@axe-core/playwright'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createSystemClock } from '@wardlight/core/clock'
import type { Order } from '@wardlight/core/vda5050'
import { RobotScreen } from '../../robot-agent/src/screen/robot-screen.ts'
import { decontaminationOrder, dockOrder, visitOrder } from '../../robot-agent/src/testing/errand-order.ts'
import { createBench, SILENT_LOG } from '../../robot-agent/src/testing/robot-bench.ts'
import { until } from '../support/until.ts'

const executablePath = process.env['WARDLIGHT_CHROMIUM']
const sizes = [
  { width: 1280, height: 800 },
  { width: 800, height: 1280 },
  { width: 390, height: 844 },
] as const

describe.skipIf(executablePath === undefined)(
  "errands on the robot's own screen (skipped without Chromium)",
  () => {
    let browser: Browser
    let page: Page
    let bench: ReturnType<typeof createBench>
    let screen: RobotScreen
    const problems: string[] = []

    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath: executablePath!,
        args: ['--no-sandbox', '--no-first-run'],
      })
    })
    afterAll(async () => browser?.close())
    afterEach(async () => {
      await page?.close()
      await screen?.stop()
      bench?.stop()
    })

    async function open(order: Order, phase: string): Promise<void> {
      problems.length = 0
      bench = createBench()
      bench.hardware.batteryFraction = 0.4
      bench.start()
      screen = new RobotScreen({
        settings: { host: '127.0.0.1', port: 0, armButton: false },
        robotName: 'uv-01',
        clock: bench.clock,
        screenClock: createSystemClock(globalThis),
        orders: bench.orders,
        supervisor: bench.supervisor,
        announcements: () => bench.announcer.texts,
        log: SILENT_LOG,
        onStopped: () => {},
      })
      await screen.start()
      expect(bench.orders.take(order)).toBeNull()
      bench.until(() => bench.orders.errand?.phase === phase, 60)
      page = await (await browser.newContext({ viewport: sizes[0], reducedMotion: 'reduce' })).newPage()
      page.setDefaultTimeout(20_000)
      page.on('pageerror', (error) => problems.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text())
      })
      await page.goto(screen.url!)
    }

    const shows = async (mode: string) => page.waitForSelector(`body[data-mode="${mode}"]`)

    async function isUsable(): Promise<void> {
      for (const size of sizes) {
        await page.setViewportSize(size)
        // What does not fit is scrolled to; the buttons are always there.
        for (const button of await page.locator('footer button:visible').all()) {
          const box = (await button.boundingBox())!
          expect(box.height).toBeGreaterThanOrEqual(64)
          expect(box.y + box.height).toBeLessThanOrEqual(size.height + 1)
        }
        const { violations } = await new AxeBuilder({ page }).analyze()
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
        ).toEqual([])
      }
      await page.setViewportSize(sizes[0])
    }

    it('asks the patient in three languages, and takes a yes', async () => {
      await open(visitOrder(), 'announcing')
      await shows('announcing')
      for (const words of ['May we visit you?', 'Dürfen wir Sie besuchen?', '可以探视您吗？', 'Dr. Weber']) {
        expect(await page.getByText(words).first().isVisible()).toBe(true)
      }
      await isUsable()
      await page.getByRole('button', { name: /Yes/ }).click()
      await shows('visit')
      const { errand } = bench.orders
      expect(errand?.phase).toBe('autonomous')
      if (errand?.kind === 'visit') expect(errand.handOver('s-1', 'Dr. Osei')).toBeNull()
      screen.changed()
      await page.getByText('Dr. Osei').waitFor()
      await page.getByRole('button', { name: /End the visit/ }).click()
      await until(async () => (errand?.phase === 'leaving' ? true : null))
      expect(problems).toEqual([])
    })

    it('takes a no, and leaves', async () => {
      await open(visitOrder(), 'announcing')
      await shows('announcing')
      await page.getByRole('button', { name: /Nein/ }).click()
      await until(async () => (bench.orders.isIdle ? true : null))
      const state = bench.orders.context.actionStates.find(({ actionId }) => actionId === 'act-visit')!
      expect(JSON.parse(state.actionResult!)).toMatchObject({ end: 'refused' })
      await shows('idle')
    })

    it('takes a robot for wiped only with every item and a name', async () => {
      await open(decontaminationOrder(), 'wiping')
      await shows('wiping')
      await isUsable()
      const confirm = page.getByRole('button', { name: /Everything is wiped/ })
      expect(await confirm.isDisabled()).toBe(true)
      for (const box of await page.getByRole('checkbox').all()) await box.check()
      expect(await confirm.isDisabled()).toBe(true)
      await page.getByLabel(/Wiped by/).fill('Ms. Adeyemi')
      await confirm.click()
      await until(async () => (bench.orders.isIdle ? true : null))
      const state = bench.orders.context.actionStates.find(({ actionId }) => actionId === 'act-clean')!
      expect(JSON.parse(state.actionResult!)).toMatchObject({ by: 'Ms. Adeyemi', isContaminated: false })
      expect(problems).toEqual([])
    })

    it('shows how far it is charged', async () => {
      await open(dockOrder(), 'charging')
      await shows('charging')
      expect(await page.getByText('40 %').isVisible()).toBe(true)
      await isUsable()
    })
  },
)
