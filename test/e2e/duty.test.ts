import type { CDPSession } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openConsole, type ConsolePage } from '../support/console-page.ts'
import { until } from '../support/until.ts'

const executablePath = process.env['WARDLIGHT_CHROMIUM']

/** The browser's own worker for the console's pages. */
async function registrationOf(devTools: CDPSession): Promise<string> {
  const registered = new Promise<string>((resolve) => {
    devTools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations
      if (first !== undefined && !first.isDeleted) resolve(first.registrationId)
    })
  })
  await devTools.send('ServiceWorker.enable')
  return registered
}

describe.skipIf(executablePath === undefined)(
  'being on duty, in the browser (skipped without Chromium)',
  () => {
    let view: ConsolePage

    beforeAll(async () => {
      view = await openConsole(executablePath!, [
        '--robots',
        '1',
        '--push-contact',
        'mailto:it@hospital.example',
      ])
      await view.page.context().grantPermissions(['notifications'], { origin: view.url })
      await view.signIn('nurse')
    })
    afterAll(async () => {
      await view?.close()
    })

    const card = () => view.page.getByRole('region', { name: 'On duty' })

    it('says what to do where the push service of the browser cannot be reached', async () => {
      const { page } = view
      await page.goto(`${view.url}/#/account`)
      await card().getByText('You are not told of anything on this device').waitFor()
      await card().getByRole('button', { name: 'Begin duty on this device' }).click()
      const told = card().getByRole('alert')
      await told.waitFor()
      expect(await told.innerText()).toContain('push service cannot be reached')
      await view.expectFits('duty-no-service')
    })

    it('shows the alarm that comes, and opens the console at it', async () => {
      const { page } = view
      const devTools = await page.context().newCDPSession(page)
      const registrationId = await registrationOf(devTools)
      const message = {
        title: 'Alarm: Hospital',
        text: 'Robot 1: emergency stop',
        tag: 'alarm-1',
        isPressing: true,
        path: '/#/alarms',
      }
      await devTools.send('ServiceWorker.deliverPushMessage', {
        origin: view.url,
        registrationId,
        data: JSON.stringify(message),
      })
      const shown = await until(() =>
        page.evaluate(async () => {
          const registration = await navigator.serviceWorker.ready
          const [first] = await registration.getNotifications()
          return first === undefined
            ? null
            : {
                title: first.title,
                body: first.body,
                tag: first.tag,
                stays: first.requireInteraction,
                data: first.data as unknown,
              }
        }),
      )
      expect(shown).toEqual({
        title: message.title,
        body: message.text,
        tag: message.tag,
        stays: true,
        data: { path: message.path },
      })
    })
  },
)
