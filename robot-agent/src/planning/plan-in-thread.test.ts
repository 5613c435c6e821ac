import { DEFAULT_LAMP, planTreatment } from '@wardlight/core/disinfection'
import { describe, expect, it } from 'vitest'
import { ENTRY, ROOM } from '../testing/robot-bench.ts'
import { planInThread } from './plan-in-thread.ts'

const INPUT = {
  room: ROOM,
  surfaceSizeM: 1,
  lamp: DEFAULT_LAMP,
  organismId: 'mrsa',
  targetLog: 1,
  robot: { radiusM: 0.3, speedMps: 0.6 },
  entry: ENTRY,
}

describe('planning in a thread', () => {
  it('gives the plan that planning at once gives', async () => {
    expect(await planInThread(INPUT)).toEqual(planTreatment(INPUT))
  })

  it('fails with the reason where no plan is possible', async () => {
    await expect(planInThread({ ...INPUT, organismId: 'unheard-of' })).rejects.toThrow('unheard-of')
  })
})
