import { expect, it } from 'vitest'
import { runRandomSwaps } from '../../scripts/src/bench/traffic/random-swaps.ts'

/** More or other ones: WARDLIGHT_SWAPS=50000 WARDLIGHT_SWAPS_SEED=7 npm test -- test/traffic */
const swaps = Number(process.env['WARDLIGHT_SWAPS'] ?? 10_000)

it(`${swaps} random swaps in corridors, with stops, failures, robots carried away or off their way, and people: nobody is stuck, nobody collides`, () => {
  const count = runRandomSwaps({
    seed: Number(process.env['WARDLIGHT_SWAPS_SEED'] ?? 5),
    swaps,
    swapsPerFloor: 25,
    isChecked: true,
  })
  process.stdout.write(`${JSON.stringify(count)}\n`)
  expect(count.trouble).toEqual([])
  expect(count).toMatchObject({ collisions: 0, deadlocks: 0 })
  expect(count.swaps).toBeGreaterThanOrEqual(swaps)
  for (const fault of [
    count.stops,
    count.failures,
    count.carriedAway,
    count.strayed,
    count.blockedByPeople,
  ]) {
    expect(fault).toBeGreaterThan(0)
  }
}, 900_000)
