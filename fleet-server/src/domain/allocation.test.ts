import { describe, expect, it } from 'vitest'
import type { RobotView, StepPlan } from '@wardlight/core/fleet'
import { proposePeroxideCycle, peroxidePlanInputOf, type TreatmentPlan } from '@wardlight/core/disinfection'
import { smallPlan } from '../testing/small-plan.ts'
import { aRobotView } from '../testing/views.ts'
import { chooseRobot, type RobotCandidate, type RobotNeed } from './allocation.ts'

const level = smallPlan().levels[0]!
const place = { levelId: 'L1', levelName: 'Ground floor', robotId: null }
const need: RobotNeed = { ...place, plan: { method: 'uv', treatment: {} as TreatmentPlan } }

function candidate(
  serialNumber: string,
  {
    distanceM = 10,
    isIdle = true,
    actionTypes = null,
    vaporiser = null,
    contamination = null,
    isScheduled = false,
    ...view
  }: Partial<Omit<RobotCandidate, 'distanceM' | 'contamination'>> & {
    distanceM?: number
    contamination?: string | null
  } & Partial<Omit<RobotView, 'vaporiser'>> = {},
): RobotCandidate {
  return {
    isIdle,
    actionTypes,
    vaporiser,
    contamination: () => contamination,
    canChangeLevel: () => false,
    isScheduled,
    distanceM: () => distanceM,
    view: {
      ...aRobotView(0),
      id: `wardlight.${serialNumber}`,
      manufacturer: 'wardlight',
      serialNumber,
      ...view,
    },
  }
}

describe('choosing a robot', () => {
  it('takes the nearest of those that can go', () => {
    const chosen = chooseRobot(
      [
        candidate('far', { distanceM: 30 }),
        candidate('near', { distanceM: 3, batteryFraction: 0.3 }),
        candidate('next', { distanceM: 5 }),
      ],
      need,
    )
    expect(chosen.view.serialNumber).toBe('next')
  })

  it('takes the one that the schedule has before a nearer one, if it can go', () => {
    const near = candidate('near', { distanceM: 3 })
    const chosen = (patch: Parameters<typeof candidate>[1]) =>
      chooseRobot([near, candidate('scheduled', { distanceM: 30, isScheduled: true, ...patch })], need).view
    expect(chosen({}).serialNumber).toBe('scheduled')
    expect(chosen({ isPaused: true }).serialNumber).toBe('near')
  })

  const reasons: readonly (readonly [Parameters<typeof candidate>[1], string])[] = [
    [{ connection: 'CONNECTION_BROKEN' }, 'is not connected'],
    [{ connection: 'UNKNOWN' }, 'is not connected'],
    [{ missionId: 'm' }, 'is on another mission'],
    [{ emergencyStop: 'MANUAL' }, 'has its emergency stop pressed'],
    [{ isPaused: true }, 'is paused; resume it first'],
    [{ operatingMode: 'SERVICE' }, 'is in mode SERVICE, not AUTOMATIC'],
    [
      { errors: [{ type: 'lamp.stuckOn', level: 'FATAL', description: '' }] },
      'has an error that needs a person: lamp.stuckOn',
    ],
    [{ position: null }, 'does not know where it is'],
    [{ position: { x: 0, y: 0, theta: 0, levelId: 'L2', isLocalized: true } }, 'is not on Ground floor'],
    [{ batteryFraction: null }, 'has not told its battery yet'],
    [{ batteryFraction: 0.2 }, 'has 20 % battery and needs more than 30 %'],
    [{ isIdle: false }, 'is still busy with an order'],
    [{ actionTypes: new Set(['pick']) }, 'cannot disinfect with UV'],
    [{ contamination: 'carries MRSA' }, 'carries MRSA'],
  ]
  it.each(reasons)('says of a robot with %o that it %s', (view, reason) => {
    expect(() => chooseRobot([candidate('uv-01', view)], need)).toThrow(
      expect.objectContaining({
        code: 'WARD_ERR_NO_ROBOT',
        what: expect.stringContaining(`uv-01 ${reason}`) as string,
      }) as Error,
    )
  })

  it('sends the robot that people asked for and no other, and says so of the others', () => {
    const [near, far] = [candidate('uv-01', { distanceM: 1 }), candidate('uv-02', { distanceM: 30 })]
    const wanted = { ...need, robotId: far.view.id }
    expect(chooseRobot([near, far], wanted)).toBe(far)
    expect(() => chooseRobot([near], wanted)).toThrow('uv-01 is not the one that people asked for')
  })

  it('sends the unit that the plan is for and no other robot, and no unit for a plan that drives', () => {
    const unit = candidate('unit-01', { isFixed: true, distanceM: 0 })
    const other = candidate('unit-02', { isFixed: true, distanceM: 0 })
    const driving = candidate('uv-01')
    const plan = { ...need.plan, unitId: 'wardlight.unit-01' } as StepPlan
    expect(chooseRobot([other, driving, unit], { ...need, plan }).view.serialNumber).toBe('unit-01')
    expect(chooseRobot([unit, other, driving], need).view.serialNumber).toBe('uv-01')
    expect(() => chooseRobot([other, driving], { ...need, plan })).toThrow(
      'uv-01 drives, and the plan is for the unit wardlight.unit-01',
    )
    expect(() => chooseRobot([unit, other], need)).toThrow('No robot that drives is registered')
  })

  it('sends no robot whose charge, in a battery as worn as it is, does not carry the mission', () => {
    const twoHours = { method: 'uv' as const, treatment: { plannedS: 2 * 3600 } as TreatmentPlan }
    const choose = (view: Parameters<typeof candidate>[1]) =>
      chooseRobot([candidate('uv-01', view)], { ...need, plan: twoHours }).view.serialNumber
    // Two hours are half of a new battery, and a tenth is to be left.
    expect(choose({ batteryFraction: 0.61 })).toBe('uv-01')
    expect(() => choose({ batteryFraction: 0.59 })).toThrow(
      'uv-01 has 59 % of a battery, and the mission takes 60 %',
    )
    expect(choose({ batteryFraction: 0.9, batteryHealth: 0.7 })).toBe('uv-01')
    expect(() => choose({ batteryFraction: 0.9, batteryHealth: 0.6 })).toThrow(
      'uv-01 has 90 % of a battery that holds 60 % of a new one, and the mission takes 93 %',
    )
  })

  it('says when there is none at all', () => {
    expect(() => chooseRobot([], need)).toThrow('No robot is registered')
  })

  describe('for gas', () => {
    const room = { ...level.rooms[1]!, airChangesPerHour: 6 }
    const plan = {
      method: 'hpv' as const,
      ...proposePeroxideCycle(peroxidePlanInputOf(level, room, 'hpv', true)),
    }
    const actionTypes = new Set(['startUvDose', 'startPeroxideCycle'])
    const fitting = { method: 'hpv' as const, maxRateGPerMin: 60, tankMl: 5000 }
    const choose = (...candidates: RobotCandidate[]) => chooseRobot(candidates, { ...place, plan })

    it('sends the nearest robot whose vaporiser can do it, by its factsheet', () => {
      const near = candidate('uv-01', { actionTypes: new Set(['startUvDose']), distanceM: 1 })
      const far = candidate('gas-01', { actionTypes, vaporiser: fitting, distanceM: 30 })
      expect(choose(near, far).view.serialNumber).toBe('gas-01')
    })

    it.each<[string, Partial<Pick<RobotCandidate, 'actionTypes' | 'vaporiser'>>]>([
      // Of light it is believed, of gas it is not: a room would be sealed for nothing.
      ['has no vaporiser', { actionTypes: null }],
      ['has no vaporiser', { actionTypes, vaporiser: null }],
      ['has a vaporiser for ahp, not for hpv', { actionTypes, vaporiser: { ...fitting, method: 'ahp' } }],
      ['holds 100 ml of solution', { actionTypes, vaporiser: { ...fitting, tankMl: 100 } }],
      ['gives 1 g/min', { actionTypes, vaporiser: { ...fitting, maxRateGPerMin: 1 } }],
    ])('says of one that cannot: %s', (why, patch) => {
      expect(() => choose(candidate('gas-01', patch))).toThrow(`gas-01 ${why}`)
    })
  })

  it('asks a robot that just found no way last of all, and still asks it where there is no other', () => {
    const errors = [{ type: 'NODE_UNREACHABLE', level: 'CRITICAL', description: 'no way' }]
    const stuck = candidate('stuck', { distanceM: 1, errors })
    const far = candidate('far', { distanceM: 50 })
    const serial = (robots: readonly RobotCandidate[]) => chooseRobot(robots, need).view.serialNumber
    expect(serial([stuck, far])).toBe('far')
    expect(serial([far, stuck])).toBe('far')
    expect(serial([candidate('stuck', { errors, isScheduled: true }), far])).toBe('far')
    expect(serial([stuck])).toBe('stuck')
  })
})
