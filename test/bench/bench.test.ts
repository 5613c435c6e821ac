import { describe, expect, it } from 'vitest'
import { bench, SUITES } from '../../scripts/src/bench/bench-command.ts'
import { formatResult } from '../../scripts/src/bench/bench-report.ts'

describe('npm run bench', () => {
  it('measures both sides of every row of every suite, and shows growth', async () => {
    const begun: string[] = []
    const report = await bench(
      SUITES.map(({ id }) => id),
      // Light, a visit, and light again: what gas simulates takes a while.
      { rounds: 1, isQuick: true, missions: 1, firstSeed: 10 },
      ({ id }) => begun.push(id),
    )
    expect(begun).toEqual(SUITES.map(({ id }) => id))
    const parsed = JSON.parse(JSON.stringify(report)) as typeof report
    expect(parsed).toEqual(report)
    for (const { rows, growth, suite, failures } of report.suites) {
      expect(failures ?? []).toEqual([])
      expect(rows.length + growth.length).toBeGreaterThan(0)
      for (const { ours, peer, ratio } of rows) {
        for (const { median, min, max } of [ours.figures, peer.figures, ratio]) {
          expect(min).toBeGreaterThan(0)
          expect(median).toBeGreaterThanOrEqual(min)
          expect(max).toBeGreaterThanOrEqual(median)
        }
      }
      for (const { rows: sizes } of growth) expect(sizes.length).toBeGreaterThan(0)
      expect(formatResult({ suite, rows, growth })).toContain(`== ${suite}`)
    }
  }, 180_000)

  it('says which suites there are', async () => {
    await expect(
      bench(['speed'], { rounds: 1, isQuick: true, missions: 1, firstSeed: 1 }, () => {}),
    ).rejects.toMatchObject({
      code: 'WARD_ERR_OPTION',
      remedy: 'Give some of: dose, plan, schedule, traffic, wire, audit, hl7, proof, perception, soak.',
    })
  })
})
