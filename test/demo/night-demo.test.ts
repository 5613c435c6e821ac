import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { NightResult } from '../../scripts/src/demo/night-result.ts'
import { runWardlight } from '../support/processes.ts'
import { sharedPeers } from '../support/repository.ts'

const minutes = 60_000
const clinic = path.join(sharedPeers, 'maps/rmf-clinic/clinic.building.yaml')
const isThere = existsSync(clinic)

async function night(...args: readonly string[]): Promise<NightResult> {
  const { code, stdout, stderr } = await runWardlight(['demo', '--json', '--organism', 'mrsa', ...args])
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as NightResult
}

describe('wardlight demo --rooms', () => {
  it(
    'treats rooms of both floors with a robot that rides the lift between them',
    async () => {
      const result = await night('--rooms', '102,201', '--robots', '1')
      expect(result).toMatchObject({ verdict: 'complete', proven: 2, unexplained: 0, liftRides: 1 })
      expect(result.rooms.map(({ roomId, level, verdict }) => [roomId, level, verdict])).toEqual([
        ['102', 'L1', 'proven'],
        ['201', 'L2', 'proven'],
      ])
    },
    10 * minutes,
  )

  it.skipIf(!isThere)(
    `does rooms of the Open-RMF clinic${isThere ? '' : ` (skipped: no ${clinic})`}`,
    async () => {
      const rooms = 'L1_left_consult_rm_1,L2_left_consult_rm_1'
      const result = await night('--map', clinic, '--rooms', rooms, '--robots', '2')
      expect(result.rooms).toHaveLength(2)
      expect(result.unexplained).toBe(0)
      expect(result.nearestM).toBeGreaterThan(0.5)
    },
    10 * minutes,
  )
})
