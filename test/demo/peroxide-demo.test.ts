import { describe, expect, it } from 'vitest'
import type { CombinedDemoResult } from '../../scripts/src/demo/run-combined-demo.ts'
import type { PeroxideDemoResult } from '../../scripts/src/demo/run-peroxide-demo.ts'
import { runWardlight } from '../support/processes.ts'

const minutes = 60_000

async function demo(
  ...args: string[]
): Promise<{ code: number; result: PeroxideDemoResult; stderr: string }> {
  const { code, stdout, stderr } = await runWardlight(['demo', '--json', ...args])
  expect(stdout, stderr).not.toBe('')
  return { code, result: JSON.parse(stdout) as PeroxideDemoResult, stderr }
}

describe('wardlight demo with hydrogen peroxide', () => {
  it(
    'stops the gas within 200 ms when a person comes in, and says the same again for the same seed',
    async () => {
      const options = ['--method', 'ahp', '--person-enters', '60', '--seed', '5']
      const first = await demo(...options)
      expect(first.code, first.stderr).toBe(3)
      expect(first.result).toMatchObject({ method: 'ahp', verdict: 'incomplete', end: 'interrupted' })
      expect(first.result.gasOffLatencyMs!).toBeLessThanOrEqual(200)
      expect(first.result.interlocks[0]!.kind).toBe('door.opened')
      expect(first.result.wasEvacuated).toBe(true)
      expect(first.result.truth.worstBreathedPpm).toBeGreaterThan(0)
      // Whatever happened: it is over only once the room is clear.
      expect(first.result.clearedAtSeconds).not.toBeNull()
      expect(first.result.truth.ppmWhenCleared).toBeLessThanOrEqual(1)
      expect((await demo(...options)).result).toEqual(first.result)
    },
    5 * minutes,
  )

  it('refuses a room that cannot be sealed, with the reason', async () => {
    const { code, stderr } = await runWardlight(['demo', '--method', 'hpv', '--room', '101'])
    expect(code).toBe(1)
    expect(stderr).toContain('Room 101, bathroom would reach')
  })

  it.each([
    ['--lamp-fails', /lights no lamp/],
    ['--rearm', /stops it for the whole mission/],
  ])('refuses %s, with the reason', async (option, says) => {
    const { code, stdout, stderr } = await runWardlight(['demo', '--json', '--method', 'ahp', option, '1'])
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(says)
  })

  it(
    'comes back from a killed program airing the room, and is over once its sensors have cleared it',
    async () => {
      const { code, result, stderr } = await demo('--method', 'ahp', '--kill-agent', '60', '--seed', '5')
      expect(code, stderr).toBe(3)
      expect(result).toMatchObject({ verdict: 'incomplete', end: 'restarted' })
      expect(result.truth.ppmWhenCleared).toBeLessThanOrEqual(1)
    },
    5 * minutes,
  )

  it(
    'goes on off the network, and delivers the report when it is back',
    async () => {
      const { code, result, stderr } = await demo('--method', 'ahp', '--network-lost', '30:3600')
      expect(code, stderr).toBe(0)
      expect(result).toMatchObject({ verdict: 'proven', connectionsLost: 1 })
    },
    5 * minutes,
  )

  it(
    'proves a whole cycle',
    async () => {
      const { code, result, stderr } = await demo('--method', 'ahp')
      expect(code, stderr).toBe(0)
      expect(result).toMatchObject({
        verdict: 'proven',
        end: 'completed',
        interlocks: [],
        gasOffLatencyMs: null,
      })
      expect(result.h2o2G.injected).toBeGreaterThanOrEqual(0.98 * result.h2o2G.planned)
      expect(result.dwellSeconds.achieved).toBeGreaterThanOrEqual(result.dwellSeconds.planned)
      expect(result.truth.ppmWhenCleared).toBeLessThanOrEqual(1)
      expect(result.phases.map(({ phase }) => phase)).toEqual([
        'traveling',
        'surveying',
        'awaitingArming',
        'exitDelay',
        'isolating',
        'conditioning',
        'gassing',
        'dwelling',
        'aerating',
        'verifying',
        'finished',
      ])
    },
    5 * minutes,
  )
})

describe('wardlight demo of light and then vapour, by a protocol', () => {
  it(
    'proves both, each armed by itself, and adds no log reductions',
    async () => {
      const { code, stdout, stderr } = await runWardlight(['demo', '--json', '--method', 'combined'])
      expect(code, stderr).toBe(0)
      const result = JSON.parse(stdout) as CombinedDemoResult
      expect(result).toMatchObject({
        verdict: 'proven',
        roomState: 'inProgress',
        steps: [
          { method: 'uv', verdict: 'proven' },
          { method: 'hpv', verdict: 'proven' },
        ],
        isGasProven: true,
      })
      expect(result.surfaces!.lit + result.surfaces!.unlit.length).toBe(result.surfaces!.total)
    },
    5 * minutes,
  )

  it(
    'lets no gas in where the light was not proven',
    async () => {
      const { code, stdout, stderr } = await runWardlight([
        ...['demo', '--json', '--method', 'combined'],
        ...['--person-enters', '20'],
      ])
      expect(code, stderr).toBe(3)
      expect(JSON.parse(stdout)).toMatchObject({
        verdict: 'incomplete',
        roomState: 'suspended',
        steps: [
          { method: 'uv', verdict: 'incomplete' },
          { method: 'hpv', verdict: 'notRun' },
        ],
        isGasProven: false,
      })
    },
    5 * minutes,
  )
})
