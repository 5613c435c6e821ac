import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium, type Locator, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { startWardlight } from './processes.ts'
import { testResults } from './repository.ts'

const SIZES = [
  { name: '1440', width: 1440, height: 900 },
  { name: '1024', width: 1024, height: 768 },
  { name: '390', width: 390, height: 844 },
] as const

/** The phone at the door, the tablet of the ward, the control room. */
const PLACES = [
  { name: '390', width: 390, height: 844 },
  { name: '1024', width: 1024, height: 768 },
  { name: '1920', width: 1920, height: 1080 },
] as const
const THEMES = ['light', 'dark'] as const

/** The whole Wardlight with a console in a real browser, and what people do in it. */
export interface ConsolePage {
  readonly page: Page
  /** Where the console is served. */
  readonly url: string
  /** Errors that the page threw so far. */
  readonly problems: readonly string[]
  /** In the three sizes, into the test results; the whole page where asked. */
  readonly photograph: (name: string, isWhole?: boolean) => Promise<void>
  readonly expectAccessible: () => Promise<void>
  /** On a phone, a tablet and a wall, light and dark: photographed, accessible, and nothing wider than the screen. */
  readonly expectFits: (name: string) => Promise<void>
  /** On a phone, a tablet and a wall: photographed, and nothing wider than the screen. */
  readonly expectWidths: (name: string) => Promise<void>
  readonly signIn: (name: string) => Promise<void>
  readonly openRoom: (name: string) => Promise<void>
  readonly press: (name: string | RegExp) => Promise<void>
  readonly tick: (checkbox: Locator) => Promise<void>
  /** Asks the server through the console's own session; `null` where it answers nothing. */
  readonly call: <Answer>(method: string, path: string, body?: unknown) => Promise<Answer>
  readonly close: () => Promise<void>
}

/** @param args of `wardlight start`, beside data and ports */
export async function openConsole(executablePath: string, args: readonly string[]): Promise<ConsolePage> {
  await mkdir(testResults, { recursive: true })
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'wardlight-e2e-'))
  const wardlight = await startWardlight(
    ['start', '--data', dataDir, '--port', '0', '--mqtt-port', '0', ...args],
    { ready: /Console\s+(http\S+)/ },
  )
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      // Tests end the same with and without the internet.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  })
  const page = await (await browser.newContext({ viewport: SIZES[0] })).newPage()
  page.setDefaultTimeout(120_000)
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  const url = wardlight.found[1]!
  await page.goto(url)
  const settle = async (): Promise<void> => {
    // Two frames: one to lay out, one to draw the canvas at its new size.
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    )
  }
  const expectAccessible = async (): Promise<void> => {
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
      .analyze()
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
    ).toEqual([])
  }
  const expectWidths = async (
    name: string,
    theme = 'light',
    also: () => Promise<void> = async () => {},
  ): Promise<void> => {
    for (const { name: size, width, height } of PLACES) {
      await page.setViewportSize({ width, height })
      await settle()
      await page.screenshot({ path: path.join(testResults, `${name}-${size}-${theme}.png`) })
      const widest = await page.evaluate(() =>
        Math.max(
          ...[...document.querySelectorAll('.top, main, main *')].map(({ scrollWidth }) => scrollWidth),
        ),
      )
      expect(widest, `${name}, ${size}, ${theme}`).toBeLessThanOrEqual(width)
      await also()
    }
  }
  return {
    page,
    url,
    problems,
    async photograph(name, isWhole = false) {
      for (const { name: size, width, height } of SIZES) {
        await page.setViewportSize({ width, height })
        await page.getByText('Drawing the map').waitFor({ state: 'detached' })
        await settle()
        await page.screenshot({ path: path.join(testResults, `${name}-${size}.png`), fullPage: isWhole })
      }
      await page.setViewportSize(SIZES[0])
    },
    expectAccessible,
    expectWidths,
    async expectFits(name) {
      for (const colorScheme of THEMES) {
        await page.emulateMedia({ colorScheme })
        await expectWidths(name, colorScheme, expectAccessible)
      }
      await page.emulateMedia({ colorScheme: null })
      await page.setViewportSize(SIZES[0])
    },
    async signIn(name) {
      await page.getByRole('textbox', { name: 'Name' }).fill(name)
      await page.getByRole('textbox', { name: 'Password' }).fill(`${name}-demo`)
      await page.getByRole('textbox', { name: 'Password' }).press('Enter')
      await page.getByRole('button', { name: 'Sign out' }).waitFor()
    },
    async openRoom(name) {
      await page.getByRole('searchbox', { name: 'Find a room' }).fill(name)
      await page
        .getByRole('option', { name: new RegExp(name) })
        .or(page.getByRole('row', { name: new RegExp(name) }))
        .first()
        .click()
    },
    async press(name) {
      await page.getByRole('button', { name }).click()
    },
    /** What is seen of a checkbox lies over its input. */
    async tick(checkbox) {
      await checkbox.focus()
      await page.keyboard.press('Space')
    },
    async call<Answer>(method: string, route: string, body?: unknown) {
      return page.evaluate(
        async ([verb, where, content]) => {
          const answer = await fetch(`/api${where}`, {
            method: verb,
            ...(content === undefined
              ? {}
              : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) }),
          })
          const text = await answer.text()
          if (!answer.ok) throw new Error(text)
          return text === '' ? null : (JSON.parse(text) as unknown)
        },
        [method, route, body] as const,
      ) as Promise<Answer>
    },
    async close() {
      await browser.close()
      await wardlight.kill('SIGTERM')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
