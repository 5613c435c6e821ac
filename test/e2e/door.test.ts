import type { Locator } from 'playwright-core'
import decodeQr from 'qr/decode.js'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AccountView, FloorPlanView, Hl7MappingView, RobotView, RoomView } from '@wardlight/core/fleet'
import { isInsidePolygon } from '@wardlight/core/geometry'
import { adt, HospitalSender } from '../../fleet-server/src/testing/hospital-system.ts'
import { TestClient } from '../../fleet-server/src/testing/test-client.ts'
import { openConsole, type ConsolePage } from '../support/console-page.ts'
import { freePorts } from '../support/free-ports.ts'
import { tabTo } from '../support/keyboard.ts'
import { until } from '../support/until.ts'

const executablePath = process.env['WARDLIGHT_CHROMIUM']

const PHONE = { width: 390, height: 844 } as const
/** What a gloved finger hits (WCAG 2.2, 2.5.5). */
const TARGET_PX = 44

describe.skipIf(executablePath === undefined)(
  'the code on the door, in the browser (skipped without Chromium)',
  () => {
    let ward: ConsolePage
    let admin: TestClient
    let line: HospitalSender
    let rooms: RoomView[]

    beforeEach(() => ward.page.emulateMedia({ media: null }))
    beforeAll(async () => {
      const [hl7Port] = (await freePorts(1)) as [number]
      ward = await openConsole(executablePath!, ['--robots', '1', '--hl7-port', `${hl7Port}`])
      line = await HospitalSender.connect(hl7Port)
      admin = await TestClient.signIn(ward, 'admin')
      rooms = await admin.ok<RoomView[]>('GET', '/rooms')
      // Counts every finger and every click, before anything else hears of it.
      await ward.page.addInitScript(() => {
        const counting = window as typeof window & { taps: number }
        counting.taps = 0
        window.addEventListener('pointerdown', () => (counting.taps += 1), { capture: true })
      })
    })
    afterAll(async () => {
      line?.close()
      await ward?.close()
    })

    const taps = () => ward.page.evaluate(() => (window as typeof window & { taps: number }).taps)

    /** As a phone does that has just read a code: nobody is signed in, nothing is loaded. */
    async function scan(address: string): Promise<void> {
      await ward.page.context().clearCookies()
      await ward.page.goto('about:blank')
      await ward.page.setViewportSize(PHONE)
      await ward.page.goto(address)
    }

    const door = (roomId: string) => `${ward.url}/#/door/${roomId}`

    /** By a reader of codes, from what is on the screen. */
    async function readCode(code: Locator): Promise<string> {
      const png = [...(await code.screenshot())]
      const { width, height, data } = await ward.page.evaluate(async (bytes) => {
        const picture = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/png' }))
        const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d')!
        context.drawImage(picture, 0, 0)
        const pixels = context.getImageData(0, 0, picture.width, picture.height)
        return { width: pixels.width, height: pixels.height, data: [...pixels.data] }
      }, png)
      return decodeQr({ width, height, data: new Uint8Array(data) }, { timeLimit: 10_000 })
    }

    async function expectTargets(): Promise<void> {
      const small = await ward.page.locator('main button, main a.button').evaluateAll(
        (targets, least) =>
          targets
            .map((target) => ({ name: target.textContent, ...target.getBoundingClientRect().toJSON() }))
            .filter(({ width, height }) => width > 0 && (width < least || height < least))
            .map(({ name, width, height }) => `${name}: ${width} × ${height}`),
        TARGET_PX,
      )
      expect(small).toEqual([])
    }

    it('is printed for every room of a ward, and leads from the phone to a request in three taps', async () => {
      const { page, problems, signIn, expectFits, photograph, press } = ward
      await signIn('engineer')
      await page.getByRole('link', { name: 'Door signs' }).click()
      await page.getByRole('heading', { name: 'Door signs', exact: true }).waitFor()
      const own = rooms.filter((room) => room.ward === '1A')
      expect(await page.locator('.sign').count()).toBe(own.length)
      await page.getByText(/No phone can reach http:\/\/127\.0\.0\.1/).waitFor()
      await expectFits('door-signs')

      await page.emulateMedia({ media: 'print' })
      await photograph('door-signs-printed', true)
      expect(await page.getByRole('button', { name: 'Print signs' }).isVisible()).toBe(false)
      const codes: { name: string | null; leadsTo: string }[] = []
      for (const sign of await page.locator('.sign').all()) {
        codes.push({
          name: await sign.getByRole('heading').textContent(),
          leadsTo: await readCode(sign.locator('.qr-code')),
        })
      }
      expect(codes.toSorted((a, b) => a.leadsTo.localeCompare(b.leadsTo))).toEqual(
        own
          .map(({ id, name }) => ({ name, leadsTo: door(id) }))
          .toSorted((a, b) => a.leadsTo.localeCompare(b.leadsTo)),
      )
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
      expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(Math.ceil(own.length / 4))
      await page.emulateMedia({ media: null })
      await press('Sign out')

      const room = own.find(({ kind }) => kind === 'patientRoom')!
      await scan(codes.find(({ name }) => name === room.name)!.leadsTo)
      await signIn('nurse')
      await page.getByRole('heading', { name: room.name, level: 1 }).waitFor()
      const send = page.getByRole('button', { name: 'Ask for disinfection' })
      await send.waitFor()
      // All of it is in sight: nobody scrolls with a bed in the other hand.
      expect((await send.boundingBox())!.y + TARGET_PX).toBeLessThanOrEqual(PHONE.height)
      await expectTargets()
      const before = await taps()
      await page.getByRole('radio', { name: 'In an hour' }).click()
      await page.getByRole('radio', { name: 'Urgent' }).click()
      await send.click()
      await page.getByText(/Asked for by Nora Nurse/).waitFor()
      expect((await taps()) - before).toBeLessThanOrEqual(3)
      const request = (await admin.ok<RoomView[]>('GET', '/rooms')).find(
        ({ id }) => id === room.id,
      )!.requestId
      expect(await admin.ok('GET', `/requests/${request}`)).toMatchObject({
        roomId: room.id,
        requestedBy: 'Nora Nurse',
        wish: { priority: 'stat' },
        dueAt: expect.any(String) as unknown,
      })
      await page.getByRole('link', { name: 'Go to the plan' }).waitFor()
      await expectTargets()
      await expectFits('door-asked')
      expect(problems).toEqual([])
    }, 360_000)

    it('leads by keyboard to what was last asked for in a room like it, and to the organism of an isolation', async () => {
      const { page, problems, expectFits } = ward
      const [first, second] = rooms.filter(({ kind, ward: of }) => kind === 'patientRoom' && of === '1A')
      const isolation = rooms.find(({ kind }) => kind === 'isolationRoom')!
      await scan(door(second!.id))
      await tabTo(page, 'textbox', 'Name')
      await page.keyboard.type('nurse')
      await tabTo(page, 'textbox', 'Password')
      await page.keyboard.type('nurse-demo')
      await page.keyboard.press('Enter')
      await page.getByText(`(Patient room): ${first!.name},`).waitFor()
      await expectFits('door-ask')
      await page.setViewportSize(PHONE)
      await tabTo(page, 'button', 'Ask for something else')
      await page.keyboard.press('Enter')
      await page.getByRole('radio', { name: 'A protocol' }).waitFor()
      await expectTargets()
      await expectFits('door-ask-else')
      await tabTo(page, 'button', 'Ask for disinfection')
      await page.keyboard.press('Enter')
      await page.getByText(/Asked for by Nora Nurse/).waitFor()

      const nurse = await TestClient.signIn(ward, 'nurse')
      await nurse.ok('POST', `/contamination/rooms/${isolation.id}/isolation`, {
        organismIds: ['c-difficile'],
      })
      await page.goto(door(isolation.id))
      await page.getByText('Chosen because the room is isolated for').waitFor()
      await page.locator('.door-treatment', { hasText: /difficile/ }).waitFor()
      await nurse.ok('POST', `/contamination/rooms/${isolation.id}/isolation`, { organismIds: [] })
      await page.reload()
      await page.getByText('nobody has named the organism').waitFor()
      expect(await page.getByRole('button', { name: 'Ask for disinfection' }).isDisabled()).toBe(true)
      expect(problems).toEqual([])
    }, 360_000)

    it('asks after a discharge whether the room is empty and stripped', async () => {
      const { page, problems, signIn, press, expectFits } = ward
      const { mapping } = await admin.ok<Hl7MappingView>('GET', '/hl7/mapping')
      await admin.ok('PUT', '/hl7/mapping', {
        ...mapping,
        defaultTreatment: { organismId: 'mrsa', targetLog: 3 },
      })
      const room = rooms.filter(({ kind }) => kind === 'patientRoom')[2]!
      for (const [trigger, at] of [
        ['A01', '20260105010000'],
        ['A03', '20260105020000'],
      ] as const) {
        expect((await line.send(adt(trigger, { location: `X^${room.id}`, at }))).value('MSA-1')).toBe('AA')
      }
      await scan(door(room.id))
      await signIn('nurse')
      await page.getByText('Somebody was discharged here.').waitFor()
      await expectFits('door-discharged')
      await page.setViewportSize(PHONE)
      const before = await taps()
      await press('Room is empty and stripped')
      await page.getByRole('link', { name: 'Go to the plan' }).waitFor()
      expect((await taps()) - before).toBe(1)
      expect(problems).toEqual([])
    }, 180_000)

    it('stops the robot behind the door with one tap', async () => {
      const { page, problems, signIn, expectAccessible } = ward
      const robot = await until(async () => {
        const found = (await admin.ok<RobotView[]>('GET', '/robots'))[0]
        return found?.position ? found : null
      })
      const { levels } = await admin.ok<FloorPlanView>('GET', '/floor')
      const place = levels
        .find(({ id }) => id === robot.position!.levelId)!
        .rooms.find(({ polygon }) => isInsidePolygon(robot.position!, polygon))!
      await scan(door(place.id))
      await signIn('clinician')
      const stop = page.getByRole('button', { name: `Emergency stop of ${robot.serialNumber}` })
      await stop.waitFor()
      await expectTargets()
      const before = await taps()
      await stop.click()
      await until(async () =>
        (await admin.ok<RobotView[]>('GET', '/robots')).find(({ id }) => id === robot.id)!.emergencyStop ===
        'NONE'
          ? null
          : true,
      )
      await page.getByText(`Emergency stop sent to ${robot.serialNumber}`).waitFor()
      expect((await taps()) - before).toBe(1)
      await expectAccessible()
      expect(problems).toEqual([])
    }, 120_000)

    it('says plainly that a room is unknown, or of another ward', async () => {
      const { page, problems, signIn, expectFits } = ward
      const theirs = rooms.find((room) => room.ward === '1A')!
      const nurse = (await admin.ok<AccountView[]>('GET', '/users')).find(({ name }) => name === 'nurse2')!
      await admin.ok('PATCH', `/users/${nurse.id}`, { wards: ['2B'] })
      await scan(door('no-such-room'))
      await signIn('nurse2')
      await page.getByRole('heading', { name: 'There is no such room' }).waitFor()
      await page.goto(door(theirs.id))
      await page.getByRole('heading', { name: `${theirs.name} is not in your wards` }).waitFor()
      await page.getByText('It belongs to 1A; your account is for 2B.').waitFor()
      expect(await page.getByRole('button', { name: 'Ask for disinfection' }).count()).toBe(0)
      await expectFits('door-of-others')
      expect(problems).toEqual([])
    }, 120_000)
  },
)
