import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Counter, Durations } from './instruments.ts'
import { metricsText } from './metric-text.ts'

/** As Prometheus reads them: the number behind each name with its labels. */
function read(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ')
      return [line.slice(0, at), Number(line.slice(at + 1).replace('Inf', 'Infinity'))]
    }),
  )
}

describe('metrics', () => {
  it('counts by labels, whose values cannot break a line', () => {
    const counter = new Counter({ name: 'asked_total', help: 'Asked\nfor' })
    counter.add({ route: '/a"\\\n' })
    counter.add({ route: '/a"\\\n' }, 2)
    counter.add({ route: '/b' })
    expect(metricsText([counter.metric()])).toBe(
      [
        String.raw`# HELP asked_total Asked\nfor`,
        '# TYPE asked_total counter',
        String.raw`asked_total{route="/a\"\\\n"} 3`,
        'asked_total{route="/b"} 1',
        '',
      ].join('\n'),
    )
  })

  it('has in each bucket what took so long at most, and all of it in the last', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1 }), (allS) => {
        const durations = new Durations({ name: 'took_seconds', help: 'Took' })
        for (const durationS of allS) durations.observe({ of: 'plan' }, durationS)
        const numbers = read(metricsText([durations.metric()]))
        for (const [name, value] of numbers) {
          const [, most] = /le="([^"]+)"/.exec(name) ?? []
          if (most === undefined) continue
          const mostS = most === '+Inf' ? Infinity : Number(most)
          expect(value).toBe(allS.filter((durationS) => durationS <= mostS).length)
        }
        expect(numbers.get('took_seconds_count{of="plan"}')).toBe(allS.length)
        expect(numbers.get('took_seconds_sum{of="plan"}')).toBeCloseTo(
          allS.reduce((sum, each) => sum + each, 0),
        )
      }),
    )
  })

  it('times what fails as well', async () => {
    const durations = new Durations({ name: 'took_seconds', help: 'Took' })
    await expect(durations.time({}, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(read(metricsText([durations.metric()])).get('took_seconds_count')).toBe(1)
  })
})
