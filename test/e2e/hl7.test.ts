import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adt, HospitalSender } from '../../fleet-server/src/testing/hospital-system.ts'
import { TestClient } from '../../fleet-server/src/testing/test-client.ts'
import type { Hl7MappingView, RoomView } from '@wardlight/core/fleet'
import { openConsole, type ConsolePage } from '../support/console-page.ts'
import { freePorts } from '../support/free-ports.ts'

const executablePath = process.env['WARDLIGHT_CHROMIUM']

describe.skipIf(executablePath === undefined)(
  'a room after a discharge, in the browser (skipped without Chromium)',
  () => {
    let hl7Port: number
    let hospital: ConsolePage
    let line: HospitalSender

    beforeAll(async () => {
      ;[hl7Port] = (await freePorts(1)) as [number]
      hospital = await openConsole(executablePath!, ['--robots', '1', '--hl7-port', `${hl7Port}`])
      line = await HospitalSender.connect(hl7Port)
    })
    afterAll(async () => {
      line?.close()
      await hospital?.close()
    })

    it('can be approved only once a nurse has said that it is empty and stripped', async () => {
      const { page, problems, signIn, expectFits, press } = hospital
      const admin = await TestClient.signIn(hospital, 'admin')
      const { mapping } = await admin.ok<Hl7MappingView>('GET', '/hl7/mapping')
      await admin.ok('PUT', '/hl7/mapping', {
        ...mapping,
        defaultTreatment: { organismId: 'mrsa', targetLog: 3 },
      })
      const room = (await admin.ok<RoomView[]>('GET', '/rooms')).find(({ kind }) => kind === 'patientRoom')!
      for (const [trigger, at] of [
        ['A01', '20260105010000'],
        ['A03', '20260105020000'],
      ] as const) {
        expect((await line.send(adt(trigger, { location: `X^${room.id}`, at }))).value('MSA-1')).toBe('AA')
      }

      await signIn('nurse')
      await page.goto(`${hospital.url}/#/rooms/${room.id}`)
      const ready = page.getByRole('button', { name: 'Room is empty and stripped' })
      await ready.waitFor()
      expect(await page.getByRole('button', { name: 'Approve plan' }).count()).toBe(0)
      await expectFits('room-to-be-looked-into')
      await ready.click()
      await page.getByText(/Room empty and stripped, says Nora Nurse/).waitFor()
      await page.getByRole('button', { name: 'Approve plan' }).waitFor()
      expect(await page.getByRole('link', { name: 'Messages' }).count()).toBe(0)
      await press('Sign out')

      await signIn('engineer')
      await page.getByRole('link', { name: 'Messages' }).click()
      await page.getByRole('heading', { name: 'Received ADT^A03' }).waitFor()
      await expectFits('hl7-messages')
      expect(problems).toEqual([])
    }, 180_000)
  },
)
