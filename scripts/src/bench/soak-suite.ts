import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Verdict } from '@wardlight/core/fleet'
import { readFloorPlan } from '@wardlight/core/floor'
import { nodePlanFiles } from '../node-plan-files.ts'
import { sampleHospital } from '../paths.ts'
import { planFor, runTreatment, type TreatmentCase } from '../simulated-treatment.ts'
import { dishonestyOf, tally } from '../treatment-truth.ts'
import { eventsOf, FAULTS, randomFaults, randomKills, type FaultName } from './random-faults.ts'
import type { BenchSuite, GrowthTable, SuiteResult } from './suite.ts'

/** A hazard in the lit room leaves the lamp no longer than this: `docs/safety.md`. */
const LAMP_OFF_MS = 200
/** In the table, of a mission whose robot's program was killed. */
const KILLED = 'the program is killed'
/** The nurse gives up after so many new armings. */
const REARMINGS = 3
/** A heap that grew by more than this over the second half of the run leaks, megabytes and a share. */
const LEAK_MB = 20
const LEAK_SHARE = 0.25

interface Count {
  missions: number
  verdicts: Record<Verdict, number>
  interlocks: number
  worstMs: number
}

const newCount = (): Count => ({
  missions: 0,
  verdicts: { proven: 0, incomplete: 0, aborted: 0 },
  interlocks: 0,
  worstMs: 0,
})

/**
 * Treatments in the simulated hospital with random faults, as many as are asked for: robot, broker and world are
 * the real ones, only server and database are not there. What must never happen is a failure of the suite.
 */
export const SOAK_SUITE: BenchSuite = {
  id: 'soak',
  about: 'treatments with random faults',
  isOnRequest: true,
  async run({ missions, isQuick }): Promise<SuiteResult> {
    const { plan: floor } = readFloorPlan(sampleHospital, nodePlanFiles)
    const room = 'I1-bath'
    const plan = planFor(floor, room, 'mrsa', 3)
    // There is no place for a trolley in a bathroom.
    const names = (Object.keys(FAULTS) as FaultName[]).filter((name) => name !== 'a trolley is left')
    const counts = new Map<string, Count>()
    const failures: string[] = []
    const heapMb: number[] = []
    const total = isQuick ? 3 : missions
    for (let seed = 1; seed <= total; seed += 1) {
      const faults = randomFaults(seed, names)
      const killedAtLitS = randomKills(seed)
      const happened = [...faults.map(({ name }) => name), ...(killedAtLitS.length > 0 ? [KILLED] : [])]
      const treatment: TreatmentCase = {
        floor,
        room,
        plan,
        seed,
        rearmings: REARMINGS,
        afterLit: eventsOf(faults),
        killedAtLitS,
      }
      const fail = (what: string): void => {
        failures.push(`seed ${seed} (${happened.join(', ') || 'no fault'}): ${what}`)
      }
      try {
        const run = await runTreatment(treatment)
        const latencyMs = run.lampOffLatencyMs ?? 0
        if (run.isLampLit) fail('the lamp is lit after the report')
        if (latencyMs > LAMP_OFF_MS) fail(`the lamp was lit for ${latencyMs} ms beside a hazard`)
        const dishonesty = dishonestyOf(tally(treatment, run), run)
        if (dishonesty !== null) fail(dishonesty)
        if (latencyMs > 0 && run.report.interlocks.length === 0) fail('a hazard is not in the report')
        for (const name of happened.length === 0 ? ['no fault'] : happened) {
          const count = counts.get(name) ?? newCount()
          counts.set(name, count)
          count.missions += 1
          count.verdicts[run.report.verdict] += 1
          count.interlocks += run.report.interlocks.length
          count.worstMs = Math.max(count.worstMs, latencyMs)
        }
      } catch (error) {
        fail(error instanceof Error ? error.message : String(error))
      }
      if (seed % 20 === 0 || seed === total) {
        heapMb.push(heapInUseMb())
        process.stderr.write(`  ${seed} of ${total}, ${failures.length} failures\n`)
      }
    }
    const half = heapMb[Math.floor(heapMb.length / 2)]!
    const last = heapMb.at(-1)!
    if (last > half + LEAK_MB && last > (1 + LEAK_SHARE) * half) {
      failures.push(`memory grew from ${half.toFixed(0)} MB at half of the missions to ${last.toFixed(0)} MB`)
    }
    return {
      suite: 'soak',
      rows: [],
      growth: [tableOf(counts, total, half, last)],
      failures,
    }
  },
}

function tableOf(counts: ReadonlyMap<string, Count>, total: number, half: number, last: number): GrowthTable {
  return {
    id: 'soak.faults',
    name: `${total} treatments of a bathroom with none to three random faults each`,
    size: 'fault',
    figures: ['missions', 'proven', 'incomplete', 'aborted', 'interlocks', 'worst ms to dark'],
    rows: [...counts]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([name, { missions, verdicts, interlocks, worstMs }]) => ({
        size: name,
        figures: [missions, verdicts.proven, verdicts.incomplete, verdicts.aborted, interlocks, worstMs],
      })),
    notes: [
      'a mission with several faults counts for each of them',
      `memory in use: ${half.toFixed(0)} MB at half of the missions, ${last.toFixed(0)} MB at their end`,
    ],
  }
}

/** After everything that nobody needs is gone. */
function heapInUseMb(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed / 1e6
}
