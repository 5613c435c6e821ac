import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ZoneView } from '@wardlight/core/fleet'
import { openConsole, type ConsolePage } from '../support/console-page.ts'
import { repositoryRoot } from '../support/repository.ts'

const executablePath = process.env['WARDLIGHT_CHROMIUM']

describe.skipIf(executablePath === undefined)(
  'a zone that people keep free, in the browser (skipped without Chromium)',
  () => {
    let clinician: ConsolePage
    let folder: string

    beforeAll(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), 'wardlight-zones-'))
      const map = path.join(folder, 'hospital.yaml')
      const sample = await readFile(path.join(repositoryRoot, 'sim/hospital/hospital.yaml'), 'utf8')
      await writeFile(map, withLobby(sample))
      clinician = await openConsole(executablePath!, ['--robots', '1', '--map', map])
    })
    afterAll(async () => {
      await clinician?.close()
      await rm(folder, { recursive: true, force: true })
    })

    it('is taken for a bed with a reason and an end, and given back', async () => {
      const { page, problems, signIn, expectFits } = clinician
      await signIn('clinician')
      await page.goto(`${clinician.url}/#/schedule/zones`)
      const zone = page.getByRole('article', { name: 'Lift lobby, for beds' })
      await zone.getByText('Robots may ask').waitFor()
      const take = zone.getByRole('button', { name: 'Keep it free' })
      expect(await take.isDisabled()).toBe(true)
      await zone.getByRole('textbox', { name: 'Why' }).fill('Bed transport to theatre 1')
      await zone.getByRole('radio', { name: '10 min' }).click()
      await expectFits('zones')
      await take.click()
      await zone.getByText(/: Bed transport to theatre 1\. From \d\d:\d\d until \d\d:\d\d\./).waitFor()
      await expectFits('zone-kept')
      const held = await page.evaluate(async () => (await fetch('/api/zones')).json())
      const { hold } = (held as ZoneView[]).find(({ id }) => id === 'zone-beds')!
      expect(Math.round((Date.parse(hold!.until) - Date.parse(hold!.since)) / 60_000)).toBe(10)
      await zone.getByRole('button', { name: 'Give it back' }).click()
      await zone.getByText('Robots may ask').waitFor()
      expect(problems).toEqual([])
    }, 180_000)
  },
)

/** The sample hospital, where robots go through the upper lift lobby one at a time. */
function withLobby(sample: string): string {
  const line = sample.split('\n').find((each) => each.includes('id: zone-slow-2'))
  if (line === undefined) throw new Error('The sample hospital has no upper lift lobby')
  const zone = '{ id: zone-beds, name: "Lift lobby, for beds", kind: release, rect: [18, 8.4, 7, 6] }'
  return sample.replace(line, `${line}\n      - ${zone}`)
}
