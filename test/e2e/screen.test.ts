import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createSystemClock, SimulatedClock } from '@wardlight/core/clock'
import { RobotScreen } from '../../robot-agent/src/screen/robot-screen.ts'
import { createBench, planForRoom, SILENT_LOG, uvOrder } from '../../robot-agent/src/testing/robot-bench.ts'
import { testResults } from '../support/repository.ts'
import { until } from '../support/until.ts'
import { ROBOT_TOPICS } from '@wardlight/core/ros'

const executablePath = process.env['WARDLIGHT_CHROMIUM']
/**
 * A tablet lying, a tablet standing, a telephone. Type size of a warning as a share of the height: on the tablets
 * letters of 15 mm (see `screen.css`), and nowhere less than a twelfth.
 */
const sizes = [
  { name: '1280', width: 1280, height: 800, warningShare: 0.15 },
  { name: '800', width: 800, height: 1280, warningShare: 0.095 },
  { name: '390', width: 390, height: 844, warningShare: 1 / 12 },
] as const

/** A plan that burns for more than ten minutes. */
function longOrder() {
  const order = uvOrder({ rearmTimeoutS: 300 })
  const plan = structuredClone(planForRoom())
  const long = { ...plan, stops: plan.stops.map((stop) => ({ ...stop, dwellS: stop.dwellS * 4 })) }
  order.nodes[1]!.actions[1]!.actionParameters![1]!.value = long as never
  return order
}

describe.skipIf(executablePath === undefined)("the robot's own screen (skipped without Chromium)", () => {
  let browser: Browser
  let page: Page
  let bench: ReturnType<typeof createBench>
  let screen: RobotScreen
  const problems: string[] = []

  beforeAll(async () => {
    await mkdir(testResults, { recursive: true })
    browser = await chromium.launch({
      executablePath: executablePath!,
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    })
  })

  afterAll(async () => browser?.close())

  afterEach(async () => {
    await page?.close()
    await screen?.stop()
    bench?.stop()
  })

  /** A robot on its simulated clock, its screen on the machine's: fingers are real. */
  async function open(options: { armButton?: boolean; screenClock?: SimulatedClock } = {}): Promise<void> {
    const { armButton = false, screenClock = createSystemClock(globalThis) } = options
    problems.length = 0
    bench = createBench()
    bench.start()
    screen = new RobotScreen({
      settings: { host: '127.0.0.1', port: 0, armButton },
      robotName: 'uv-01',
      clock: bench.clock,
      screenClock,
      orders: bench.orders,
      supervisor: bench.supervisor,
      announcements: () => bench.announcer.texts,
      log: SILENT_LOG,
      onStopped: () => {},
    })
    await screen.start()
    page = await (await browser.newContext({ viewport: sizes[0], reducedMotion: 'reduce' })).newPage()
    page.setDefaultTimeout(20_000)
    page.on('pageerror', (error) => problems.push(error.message))
    // What the strict policy forbids, the browser says on its console.
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy|Trusted Type/i.test(message.text()))
        problems.push(message.text())
    })
    await page.goto(screen.url!)
    if (options.screenClock !== undefined) await beatUntilIdle(options.screenClock)
    else await shows('idle')
  }

  async function beatUntilIdle(clock: SimulatedClock): Promise<void> {
    await until(async () => {
      clock.advance(200)
      return (await page.locator('body').getAttribute('data-mode')) === 'idle' || null
    })
  }

  async function shows(mode: string): Promise<void> {
    await page.locator(`body[data-mode="${mode}"]`).waitFor()
  }

  async function toArming(order = uvOrder()): Promise<void> {
    bench.orders.take(order)
    bench.until(() => bench.phase === 'awaitingArming', 60)
    bench.clock.advance(1500)
    await shows('awaitingArming')
  }

  async function toLit(order = uvOrder()): Promise<void> {
    await toArming(order)
    bench.arm()
    bench.until(() => bench.hardware.isLit, 60)
    bench.clock.advance(1000)
    await shows('keepOut')
  }

  /** At each size: a picture, no violation of WCAG AA, nothing cut off, and a warning that is large enough. */
  async function inspect(name: string, lines = 3): Promise<void> {
    for (const { name: size, width, height, warningShare } of sizes) {
      await page.setViewportSize({ width, height })
      await page.evaluate(async () => {
        await document.fonts.ready
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      })
      await page.screenshot({ path: path.join(testResults, `screen-${name}-${size}.png`) })
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
        .analyze()
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
      ).toEqual([])
      const seen = await page.evaluate(() => {
        const box = (found: Element) => found.getBoundingClientRect()
        const isWarning = document.body.dataset['look'] === 'warning'
        return {
          isWarning,
          isWide: document.documentElement.scrollWidth > innerWidth,
          hasHiddenParts: [...document.querySelectorAll('main *, header *, footer *')].some((part) => {
            const { left, right, width } = box(part)
            return width > 0 && (left < -1 || right > innerWidth + 1)
          }),
          // A warning never scrolls; lists of a calm screen may.
          mustScroll:
            document.querySelector('main')!.scrollHeight > document.querySelector('main')!.clientHeight + 1,
          stop: box(document.querySelector('#stop')!).toJSON() as DOMRect,
          sizes: [...document.querySelectorAll('#heading > *')].map((line) =>
            Number.parseFloat(getComputedStyle(line).fontSize),
          ),
        }
      })
      expect(seen.isWide || seen.hasHiddenParts).toBe(false)
      expect(seen.stop.bottom).toBeLessThanOrEqual(height)
      expect(seen.stop.height).toBeGreaterThanOrEqual(76)
      expect(seen.sizes).toHaveLength(lines)
      if (seen.isWarning) {
        for (const fontSize of seen.sizes) expect(fontSize).toBeGreaterThanOrEqual(height * warningShare)
        expect(seen.mustScroll).toBe(false)
      }
    }
    await page.setViewportSize(sizes[0])
    expect(problems).toEqual([])
  }

  it('shows words that are announced, however many, until something is more urgent', async () => {
    await open()
    const longest = 'Bitte halten Sie die Tür frei, hier fährt ein Roboter. '.repeat(4).slice(0, 200)
    for (const [name, texts] of [
      ['words', ['Robot coming through']],
      ['words-long', [longest]],
      ['words-several', [longest, 'Robot coming through', 'The lift is reserved']],
    ] as const) {
      const ends = texts.map((text) => bench.announcer.show(text, null, () => {}))
      screen.changed()
      await page.locator('#heading').getByText(texts.at(-1)!.trim()).waitFor()
      expect(await page.locator('#heading > *').allTextContents()).toEqual(texts.toReversed())
      expect(await page.locator('#kicker').textContent()).toContain('Ready')
      await inspect(name, texts.length)
      const isCutOff = await page.evaluate(() => {
        const main = document.querySelector('main')!
        return main.scrollHeight > main.clientHeight + 1
      })
      expect(isCutOff, name).toBe(false)
      for (const end of ends) end()
    }
    bench.announcer.show('Robot coming through', null, () => {})
    await toLit()
    expect(await page.locator('#heading').textContent()).not.toContain('Robot')
    expect(await page.locator('body').getAttribute('data-announces')).toBeNull()
  }, 120_000)

  it('says in every state what the robot is doing, in three languages, large enough for the door', async () => {
    await open()
    await inspect('idle')
    bench.orders.take(uvOrder())
    bench.clock.advance(300)
    await shows('driving')
    await inspect('driving')
    bench.until(() => bench.phase === 'surveying', 60)
    await shows('looking')
    await inspect('looking')
    bench.until(() => bench.phase === 'awaitingArming', 60)
    bench.hardware.setGuard('door-1', 1)
    bench.hardware.people = [{ x: 2.5, y: 2.5 }]
    bench.clock.advance(1500)
    await page.getByText('The door to the corridor is open').waitFor()
    await inspect('arming-blocked')
    bench.hardware.setGuard('door-1', 0)
    bench.hardware.people = []
    bench.clock.advance(3000)
    await page.getByText('Nothing keeps the lamp dark').waitFor()
    bench.checklist()
    await page.locator('#steps li[aria-current]', { hasText: 'Press the button on the robot' }).waitFor()
    await inspect('arming')
    expect(await page.locator('#hold').isVisible()).toBe(false)
    bench.hardware.pressArmButton()
    bench.begin()
    bench.clock.advance(1200)
    await shows('leaveNow')
    await page.locator('#count', { hasText: '7' }).waitFor()
    await inspect('leave-now')
    bench.until(() => bench.hardware.isLit, 60)
    bench.clock.advance(1000)
    await page.getByText('The lamp is lit.').waitFor()
    await inspect('keep-out')
    bench.hardware.setGuard('door-1', 1)
    bench.clock.advance(1000)
    await shows('interrupted')
    await page.getByText('A door was opened').waitFor()
    await inspect('interrupted')
    bench.hardware.setGuard('door-1', 0)
    bench.clock.advance(1000)
    bench.arm()
    bench.until(() => bench.phase === 'verifying', 3000)
    // The tubes glow on for a moment, and as long the screen keeps people out.
    bench.clock.advance(700)
    await shows('checking')
    await inspect('checking')
    bench.until(() => bench.report !== null, 3000)
    await shows('proven')
    await inspect('proven')
  }, 180_000)

  it('keeps people out while a lamp does not say that it is dark', async () => {
    await open()
    bench.hardware.silence(ROBOT_TOPICS.lampOutput)
    bench.clock.advance(2000)
    await shows('keepOut')
    const words = page.getByText('The lamp does not answer: it may be lit.')
    await words.waitFor()
    expect(await words.isVisible()).toBe(true)
    await inspect('lamp-silent')
  }, 60_000)

  it('stops lamp and drive with one press, and with one key', async () => {
    await open()
    await toLit(longOrder())
    await inspect('keep-out-long')
    await page.locator('#stop').click()
    await until(async () => !bench.hardware.isLit || null)
    expect(bench.supervisor.state.isLatched).toBe(true)
    bench.clock.advance(1000)
    await shows('interrupted')
    await page.getByText("Stopped by somebody at the robot's screen").waitFor()
    await inspect('stopped-in-treatment')
    bench.orders.resume()
    bench.clock.advance(1000)
    bench.arm()
    bench.until(() => bench.hardware.isLit, 60)
    await shows('keepOut')
    await page.keyboard.press('Escape')
    await until(async () => !bench.hardware.isLit || null)
    await page.getByText('Lamp and drive are off').waitFor()
  }, 60_000)

  it('stops on the way, and says what holds it', async () => {
    await open()
    bench.orders.take(uvOrder())
    bench.clock.advance(300)
    await shows('driving')
    await page.locator('#stop').focus()
    await page.keyboard.press('Enter')
    await shows('stopped')
    const { x } = bench.hardware.pose
    bench.hardware.setEmergencyStop(true)
    bench.clock.advance(3000)
    expect(bench.hardware.pose.x).toBe(x)
    await page.getByText('The emergency stop is pressed').waitFor()
    await inspect('stopped')
  }, 60_000)

  it('says how it ended when nothing is proven', async () => {
    await open()
    await toLit(uvOrder({ rearmTimeoutS: 20 }))
    bench.hardware.setPersonSensed(true)
    bench.until(() => bench.report !== null, 60)
    expect(bench.report!.verdict).not.toBe('proven')
    await shows(bench.report!.verdict)
    await inspect('not-proven')
  }, 60_000)

  it('keeps people out when it has lost the robot, and finds it again', async () => {
    await open()
    const { port } = new URL(screen.url!)
    await screen.stop()
    await shows('lost')
    await page.getByText('This screen has lost the robot.').waitFor()
    await inspect('lost')
    await page.keyboard.press('Escape')
    await page.getByText('Not sent: press the emergency stop on the robot').waitFor()
    await inspect('lost-stop')
    expect(bench.supervisor.state.isRemotelyStopped).toBe(false)
    screen = new RobotScreen({
      settings: { host: '127.0.0.1', port: Number(port), armButton: false },
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
    // The stop that could not go out goes out now.
    await shows('stopped')
    expect(bench.supervisor.state.isRemotelyStopped).toBe(true)
  }, 60_000)

  it('keeps people out while the line is open and the robot does not go on', async () => {
    const clock = new SimulatedClock()
    await open({ screenClock: clock })
    // No time goes by on the screen's clock, so no beat comes. The page tries new lines, and each gets a view.
    await shows('lost')
    for (let time = 0; time < 2; time += 1) {
      const line = await page.waitForEvent('websocket')
      await line.waitForEvent('framereceived')
      expect(await page.locator('body').getAttribute('data-mode')).toBe('lost')
    }
    await beatUntilIdle(clock)
  }, 60_000)

  it('begins anew when the page fails, for it might go on showing what was', async () => {
    await open()
    await page.evaluate(() => {
      document.body.dataset['isOld'] = 'yes'
      setTimeout(() => {
        throw new Error('on purpose')
      })
    })
    await page.locator('body:not([data-is-old])').waitFor()
    await shows('idle')
    await expect.poll(() => problems).toEqual(['on purpose'])
  }, 60_000)

  it('keeps people out where no script runs', async () => {
    await open()
    await page.close()
    page = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
    await page.goto(screen.url!)
    for (const words of ['KEEP OUT', 'KEIN ZUTRITT', '禁止入内']) {
      expect(await page.getByText(words, { exact: true }).isVisible()).toBe(true)
    }
    await page.screenshot({ path: path.join(testResults, 'screen-no-script.png') })
  }, 60_000)

  it('arms by a hold of 2 s where the screen is the button, by finger and by keyboard', async () => {
    await open({ armButton: true })
    await toArming()
    const hold = page.locator('#hold')
    await hold.waitFor()
    await hold.hover()
    await page.mouse.down()
    await page.getByText('Confirm the checklist first').waitFor()
    await page.mouse.up()
    expect(bench.supervisor.state.armingStep).toBe('locked')

    bench.checklist()
    await page.mouse.down()
    await page.getByText('Keep holding').waitFor()
    await inspect('holding')
    await page.mouse.up()
    await page.getByText(/Too short|hold again/).waitFor()

    await hold.hover()
    await page.mouse.down()
    await page.getByText('Keep holding').waitFor()
    await page.mouse.move(5, 5)
    await page.getByText('The finger left: hold again').waitFor()
    await page.mouse.up()
    expect(bench.supervisor.state.armingStep).toBe('checklistConfirmed')

    // A busy machine may break a hold; a person would hold again.
    await until(async () => {
      await hold.hover()
      await page.mouse.down()
      await page.getByText('Let go now').waitFor()
      expect(bench.supervisor.state.armingStep).toBe('checklistConfirmed')
      await page.mouse.up()
      await page
        .getByText(/Counted|hold again/)
        .or(page.locator('#hold[hidden]'))
        .first()
        .waitFor({ state: 'attached' })
      return bench.supervisor.state.armingStep === 'buttonPressed' || null
    })
    await page.locator('#steps li[aria-current]', { hasText: 'Start from outside' }).waitFor()
    await inspect('armed-by-screen')

    bench.checklist()
    await until(async () => {
      await hold.focus()
      await page.keyboard.down('Space')
      await page.getByText('Let go now').waitFor()
      await page.keyboard.up('Space')
      await page
        .getByText(/Counted|hold again/)
        .or(page.locator('#hold[hidden]'))
        .first()
        .waitFor({ state: 'attached' })
      return bench.supervisor.state.armingStep === 'buttonPressed' || null
    })
    // Whoever held it is seen, and leaves by the door.
    bench.hardware.walkOut()
    bench.begin()
    bench.clock.advance(500)
    await shows('leaveNow')
  }, 90_000)
})
