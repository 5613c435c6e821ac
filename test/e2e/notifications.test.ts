import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NotificationBody, RobotView } from '@wardlight/core/fleet'
import { TestClient } from '../../fleet-server/src/testing/test-client.ts'
import { openConsole, type ConsolePage } from '../support/console-page.ts'
import { tabTo } from '../support/keyboard.ts'
import { until } from '../support/until.ts'

const executablePath = process.env['WARDLIGHT_CHROMIUM']

describe.skipIf(executablePath === undefined)(
  'who is told of alarms, in the browser (skipped without Chromium)',
  () => {
    let view: ConsolePage
    let url = ''
    let answers = 200
    /** What a pager service of the hospital took. */
    const got: { readonly text: string; readonly signature: string }[] = []
    const pager = createServer((request, response) => {
      let text = ''
      request.on('data', (chunk: Buffer) => (text += chunk.toString()))
      request.on('end', () => {
        got.push({ text, signature: String(request.headers['x-wardlight-signature']) })
        response.writeHead(answers).end()
      })
    })
    const bodies = () => got.map(({ text }) => JSON.parse(text) as NotificationBody)

    beforeAll(async () => {
      await new Promise<void>((resolve) => pager.listen(0, '127.0.0.1', resolve))
      url = `http://127.0.0.1:${(pager.address() as AddressInfo).port}/hooks/a-secret-token`
      view = await openConsole(executablePath!, ['--robots', '1'])
    })
    afterAll(async () => {
      await view?.close()
      pager.close()
    })

    const save = () => view.page.getByRole('button', { name: 'Save who is told' })

    it('says how to begin, and takes a step by the keyboard, tried before it counts', async () => {
      const { page, signIn, expectFits, press } = view
      await signIn('admin')
      await page.getByRole('link', { name: 'Notifications' }).click()
      await page.getByText('Nobody is told: alarms stand in the console alone.').waitFor()
      await page.getByText('Nobody was told of anything yet.').waitFor()
      await expectFits('notifications-empty')
      await tabTo(page, 'button', 'Add somebody to be told')
      await page.keyboard.press('Enter')
      await page.getByRole('textbox', { name: 'Who', exact: true }).fill('nurses on duty')
      const address = page.getByRole('textbox', { name: 'Address that takes it (webhook)' })
      await address.fill('pager.example')
      await page.getByText('Begin with https:// or http://, as the service shows it.').waitFor()
      expect(await save().isDisabled()).toBe(true)
      await address.fill(url)
      answers = 404
      await press('Send a test to step 1')
      await page.getByText('It was not taken: it answered 404').waitFor()
      await expectFits('notifications-test')
      answers = 200
      await press('Send a test to step 1')
      await page.getByText('It was taken (200).').waitFor()
      expect(bodies().map(({ to, alarm }) => [to, alarm.kind])).toEqual([
        ['nurses on duty', 'notification.test'],
        ['nurses on duty', 'notification.test'],
      ])
      await save().click()
      await page.getByText('Saved. It holds for alarms that are open now, too.').waitFor()
    }, 180_000)

    it('keeps the focus where somebody removes a step', async () => {
      const { page, press } = view
      await press('Add somebody to be told')
      await tabTo(page, 'button', 'Remove step 2')
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Remove step 2' }).waitFor({ state: 'detached' })
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Add somebody to be told')
    }, 60_000)

    it('shows the key of signatures once', async () => {
      const { page, press } = view
      await page.getByText('Nobody knows the key yet.').waitFor()
      await press('Make a new key')
      const secret = await page.locator('code.secret').innerText()
      expect(secret).toMatch(/^[0-9a-f]{64}$/)
      await press('Send a test to step 1')
      await page.getByText('It was taken (200).').waitFor()
      const { text, signature } = got.at(-1)!
      expect(signature).toBe(createHmac('sha256', secret).update(text).digest('hex'))
      await page.reload()
      await page.getByText(/It is not shown again\./).waitFor()
      expect(await page.content()).not.toContain(secret)
    }, 120_000)

    it('shows what was told, to engineers and auditors without the addresses', async () => {
      const { page, press, signIn, expectFits, problems } = view
      const nurse = await TestClient.signIn(view, 'nurse')
      const [robot] = await nurse.ok<RobotView[]>('GET', '/robots')
      await nurse.ok('POST', `/robots/${robot!.id}/emergency-stop`)
      const told = await until(async () => bodies().find(({ alarm }) => alarm.robotId === robot!.id) ?? null)
      await press('Load again')
      const entry = page.getByRole('region', { name: 'What was told' }).getByRole('listitem').first()
      await until(async () => {
        await press('Load again')
        return (await entry.getByText('Told', { exact: true }).count()) > 0 ? true : null
      })
      expect(await entry.innerText()).toContain(told.alarm.text)
      expect(await entry.innerText()).toContain('To nurses on duty')
      await expectFits('notifications')
      await press('Sign out')
      await signIn('engineer')
      await page.getByText('Administrators set whom the server tells, and how.').waitFor()
      await entry.getByText('To nurses on duty').waitFor()
      expect(await page.content()).not.toContain('a-secret-token')
      expect(await save().count()).toBe(0)
      await expectFits('notifications-engineer')
      expect(problems).toEqual([])
    }, 180_000)
  },
)
