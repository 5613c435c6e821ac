import { describe, expect, it } from 'vitest'
import type { ErrandDemoResult } from '../../scripts/src/demo/run-errand-demo.ts'
import { runWardlight } from '../support/processes.ts'

const minutes = 60_000

describe('wardlight demo with errands', () => {
  it(
    'visits a bed, stands within a second of a broken line, and goes back to charge, in one order',
    async () => {
      const { code, stdout, stderr } = await runWardlight([
        'demo',
        '--json',
        '--visit',
        '--dock',
        '--room',
        '101',
      ])
      expect(code, stderr).toBe(0)
      const result = JSON.parse(stdout) as ErrandDemoResult
      expect(result).toMatchObject({
        room: 'Room 101',
        verdict: 'completed',
        errands: [
          { kind: 'visit', end: 'ended', consent: { isGiven: true } },
          { kind: 'dock', end: 'charged', isDocked: true },
        ],
        truth: { touches: 0, timesLit: 0 },
      })
      expect(result.fastestByHandMps!).toBeGreaterThan(0.4)
      expect(result.standsAfterSilenceMs!).toBeLessThanOrEqual(1000)
    },
    3 * minutes,
  )
})
