import { readFloorPlan } from '@wardlight/core/floor'
import { rectangle } from '@wardlight/core/geometry'
import { describe, expect, it } from 'vitest'
import { nodePlanFiles } from '../../scripts/src/node-plan-files.ts'
import { sampleHospital } from '../../scripts/src/paths.ts'
import {
  planFor,
  runTreatment,
  type TreatmentCase,
  type TreatmentRun,
} from '../../scripts/src/simulated-treatment.ts'
import { dishonestyOf, MOST_FALSE, tally, type Tally } from '../../scripts/src/treatment-truth.ts'

const { plan: floor } = readFloorPlan(sampleHospital, nodePlanFiles)

function line(
  name: string,
  { promised, trulyReached, reportedMissed, unreported, worstShare }: Tally,
): string {
  const share = ((100 * trulyReached) / promised).toFixed(2)
  return `${name.padEnd(22)} ${promised} promised, ${trulyReached} truly reached (${share} %), ${reportedMissed} reported missed, ${unreported} unreported, worst at ${worstShare.toFixed(3)} of the target`
}

function expectHonest(result: Tally, run: TreatmentRun): void {
  expect(dishonestyOf(result, run)).toBeNull()
}

describe('a plan, run in the simulation with its localisation noise', () => {
  it('truly delivers on 99 % of what it promised, over 20 seeds, and reports what it missed', async () => {
    const plan = planFor(floor, 'I1', 'mrsa', 3)
    const lines: string[] = []
    for (let seed = 1; seed <= 20; seed += 1) {
      const treatment: TreatmentCase = { floor, room: 'I1', plan, seed }
      const run = await runTreatment(treatment)
      const result = tally(treatment, run)
      lines.push(line(`seed ${seed}`, result))
      expect(run.report.verdict).toBe('proven')
      expect(result.trulyReached).toBeGreaterThanOrEqual(0.99 * result.promised)
      expectHonest(result, run)
    }
    process.stdout.write(`${lines.join('\n')}\n`)
  }, 600_000)

  it('plans anew around a trolley that is left in mid-run, and reports what it then misses', async () => {
    const plan = planFor(floor, 'I1', 'mrsa', 3)
    const lines: string[] = []
    for (const seed of [1, 2, 3]) {
      const treatment: TreatmentCase = {
        floor,
        room: 'I1',
        plan,
        seed,
        rearmings: 1,
        afterLit: [
          {
            s: 60,
            act: ({ world }) =>
              world.addObstacle('L1', {
                id: 'trolley',
                name: 'trolley',
                kind: 'equipment',
                footprint: rectangle({ x: 30, y: 3.3 }, 0.9, 0.5),
                zMinM: 0,
                zMaxM: 1.1,
              }),
          },
        ],
      }
      const run = await runTreatment(treatment)
      const result = tally(treatment, run)
      lines.push(line(`trolley, seed ${seed}`, result), `  ${run.report.verdict}`)
      expect(run.report.timeline.filter(({ phase }) => phase === 'surveying')).toHaveLength(2)
      expect(run.report.room.obstacles.some(({ id }) => id.startsWith('found-'))).toBe(true)
      expectHonest(result, run)
    }
    process.stdout.write(`${lines.join('\n')}\n`)
  }, 300_000)

  it('killed in the light again and again it reports no dose that the room has not got', async () => {
    const plan = planFor(floor, 'I1', 'mrsa', 3)
    const lines: string[] = []
    for (const seed of [1, 2]) {
      const killedAtLitS = [20.3 * seed, 70.7, 140.1]
      const treatment: TreatmentCase = { floor, room: 'I1', plan, seed, rearmings: 3, killedAtLitS }
      const run = await runTreatment(treatment)
      const result = tally(treatment, run)
      lines.push(line(`killed, seed ${seed}`, result), `  ${run.report.verdict}`)
      const restarts = run.report.interlocks.filter(({ kind }) => kind === 'controller.restarted')
      expect(restarts).toHaveLength(killedAtLitS.length)
      expect(run.report.verdict).toBe('proven')
      expectHonest(result, run)
      const { deliveredMjPerCm2 } = run.report
      // Without a kill, too, localisation has some surfaces reported a few per cent too high; dose counted twice would be more.
      const over = deliveredMjPerCm2.filter((dose, index) => dose > 1.05 * run.trueMjPerCm2[index]! + 0.01)
      const reported = deliveredMjPerCm2.reduce((sum, dose) => sum + dose, 0)
      const truly = run.trueMjPerCm2.reduce((sum, dose) => sum + dose, 0)
      lines.push(
        `  ${((100 * reported) / truly).toFixed(1)} % of the true dose is reported, on ${over.length} surfaces more than the true one`,
      )
      expect(reported).toBeLessThan(truly)
      expect(over.length).toBeLessThanOrEqual(MOST_FALSE * run.surfaces.length)
    }
    process.stdout.write(`${lines.join('\n')}\n`)
  }, 300_000)

  const bathroom = planFor(floor, 'I1-bath', 'mrsa', 3)
  const hard: readonly (Pick<TreatmentCase, 'before' | 'afterLit'> & { name: string; isProven: boolean })[] =
    [
      {
        name: 'a dead tube',
        isProven: true,
        before: (world, id) => world.robots.get(id)!.weakenTube(0, 0),
      },
      {
        name: 'a tired lamp',
        isProven: true,
        before: (world, id) => {
          for (let tube = 0; tube < 8; tube += 1) world.robots.get(id)!.weakenTube(tube, 0.7)
        },
      },
      {
        name: 'somebody who stays',
        isProven: false,
        afterLit: [{ s: 15, act: ({ world }) => void world.people.enterRoom('I1-bath') }],
      },
    ]
  it.each(hard)(
    'with $name it reports what it missed',
    async ({ name, isProven, before, afterLit }) => {
      const lines: string[] = []
      for (const seed of [1]) {
        const treatment: TreatmentCase = {
          floor,
          room: 'I1-bath',
          plan: bathroom,
          seed,
          ...(before === undefined ? {} : { before }),
          ...(afterLit === undefined ? {} : { afterLit }),
        }
        const run = await runTreatment(treatment)
        const result = tally(treatment, run)
        lines.push(line(`${name}, seed ${seed}`, result), `  ${run.report.verdict}`)
        expectHonest(result, run)
        if (isProven) expect(result.trulyReached).toBeGreaterThanOrEqual(0.99 * result.promised)
        else expect(result.reportedMissed).toBeGreaterThan(bathroom.unreachable.length)
        expect(run.report.verdict === 'proven').toBe(isProven)
      }
      process.stdout.write(`${lines.join('\n')}\n`)
    },
    300_000,
  )
})
