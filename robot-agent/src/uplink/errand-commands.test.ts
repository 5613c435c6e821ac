import { DECONTAMINATION_CHECKLIST, ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import { FactsheetSchema, VDA5050_VERSION } from '@wardlight/core/vda5050'
import { Value } from 'typebox/value'
import { afterEach, describe, expect, it } from 'vitest'
import { downloadFile } from '../maps/download-file.ts'
import { FileActions } from '../maps/file-actions.ts'
import { decontaminationOrder, errandAction, visitOrder } from '../testing/errand-order.ts'
import { ADDRESS, createBench, SILENT_LOG } from '../testing/robot-bench.ts'
import { DEFAULT_GEOMETRY, factsheetOf } from './factsheet.ts'
import { InstantActions } from './instant-actions.ts'
import { Refusals } from './refusals.ts'

let bench: ReturnType<typeof createBench> | null = null
afterEach(() => {
  bench?.stop()
  bench = null
})

function begun(order: ReturnType<typeof visitOrder>, phase: string) {
  const robot = createBench()
  bench = robot
  robot.start()
  expect(robot.orders.take(order)).toBeNull()
  robot.until(() => robot.orders.errand?.phase === phase, 60)
  const instantActions = new InstantActions({
    orders: robot.orders,
    supervisor: robot.supervisor,
    zones: robot.zones,
    announcer: null,
    files: new FileActions({ maps: null, zones: robot.zones, download: downloadFile, log: SILENT_LOG }),
    refusals: new Refusals(),
    sendFactsheet: () => {},
    onEnd: () => {},
  })
  let number = 0
  return {
    robot,
    /** @returns why it failed; `null` when it is done */
    send: (actionType: string, parameters: Record<string, unknown>): string | null => {
      number += 1
      const action = errandAction(actionType, `i-${number}`, parameters)
      instantActions.take({ ...action, blockingType: 'NONE' })
      const state = instantActions.states.find(({ actionId }) => actionId === action.actionId)!
      return state.actionStatus === 'FINISHED' ? null : (state.actionResult ?? '')
    },
  }
}

describe('instant actions for an errand', () => {
  it('answer a visit, hand the drive over and take it back, and end it', () => {
    const { robot, send } = begun(visitOrder(), 'announcing')
    const visit = { missionId: 'visit-1' }
    expect(send('answerVisit', { ...visit, isConsent: 'yes', answeredBy: 'nurse' })).toContain(
      'true or false',
    )
    expect(send('answerVisit', { ...visit, isConsent: true })).toContain('who gave it')
    expect(send('answerVisit', { ...visit, isConsent: true, answeredBy: 'nurse' })).toBeNull()
    robot.clock.advance(500)
    expect(send('handOverDrive', { ...visit, driver: 'Dr. Weber' })).toContain('session')
    expect(send('handOverDrive', { ...visit, sessionId: 's-1', driver: 'Dr. Weber' })).toBeNull()
    expect(robot.orders.errand?.phase).toBe('driven')
    expect(send('takeBackDrive', { ...visit, sessionId: 's-2' })).toContain('another session')
    expect(send('takeBackDrive', visit)).toBeNull()
    robot.until(() => robot.orders.errand?.phase === 'autonomous', 5)
    expect(send('endVisit', visit)).toContain('who ends it')
    expect(send('endVisit', { ...visit, endedBy: 'Dr. Weber' })).toBeNull()
    robot.until(() => robot.orders.isIdle, 10)
    expect(send('endVisit', { ...visit, endedBy: 'Dr. Weber' })).toContain('over')
  })

  it('confirm that the robot is wiped', () => {
    const { robot, send } = begun(decontaminationOrder(), 'wiping')
    const items = DECONTAMINATION_CHECKLIST.map(({ id }) => id)
    const wiped = { missionId: 'clean-1', confirmedBy: 'Ms. Adeyemi' }
    expect(send('confirmDecontamination', { ...wiped, items: items.slice(1) })).toContain('not everything')
    expect(send('confirmDecontamination', { ...wiped, items })).toBeNull()
    expect(robot.orders.isIdle).toBe(true)
  })

  it('are refused for another errand, or for one of another kind', () => {
    const { send } = begun(decontaminationOrder(), 'wiping')
    expect(send('endVisit', { missionId: 'visit-1', endedBy: 'nurse' })).toBe('no such errand is in work')
    expect(send('endVisit', { missionId: 'clean-1', endedBy: 'nurse' })).toBe('the errand is no visit')
  })
})

describe('the factsheet', () => {
  it('declares every action that the robot takes, errands with parameters, result and cancelability', () => {
    const header = { headerId: 1, timestamp: new Date(0).toISOString(), version: VDA5050_VERSION, ...ADDRESS }
    const sheet = factsheetOf(header, {
      geometry: DEFAULT_GEOMETRY,
      hasScreen: true,
      keepsMaps: true,
      vaporiser: { method: 'hpv', maxRateGPerMin: 60, tankMl: 5000 },
    })
    expect(Value.Check(FactsheetSchema, sheet)).toBe(true)
    const actions = sheet.protocolFeatures.mobileRobotActions
    expect(actions.map(({ actionType }) => actionType).toSorted()).toEqual(
      Object.values(ROBOT_ACTION_TYPES).toSorted(),
    )
    for (const type of ['dock', 'decontaminate', 'startTelepresence']) {
      expect(actions.find(({ actionType }) => actionType === type)).toMatchObject({
        actionScopes: ['NODE'],
        blockingTypes: ['HARD'],
        pauseAllowed: true,
        cancelAllowed: true,
        actionResult: expect.stringContaining('Report as JSON') as string,
      })
    }
  })
})
