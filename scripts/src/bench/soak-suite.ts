import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { readFloorPlan } from '@wardlight/core/floor'
import { nodePlanFiles } from '../node-plan-files.ts'
import { sampleHospital } from '../paths.ts'
import { drawMission, runSoakMission, type SoakOutcome } from './soak-missions.ts'
import type { BenchSuite, GrowthTable, SuiteResult } from './suite.ts'

/** A heap that grew by more than this over the second half of the run leaks, megabytes and a share. */
const LEAK_MB = 20
const LEAK_SHARE = 0.25
/** The broker closes what a robot has left behind within this, real milliseconds. */
const SOCKETS_CLOSE_MS = 2000

const VERDICTS = ['proven', 'completed', 'incomplete', 'aborted', 'notCleared'] as const

interface Count {
  readonly verdicts: Record<SoakOutcome['verdict'], number>
  missions: number
  interlocks: number
  worstMs: number
}

const newCount = (): Count => ({
  missions: 0,
  verdicts: { proven: 0, completed: 0, incomplete: 0, aborted: 0, notCleared: 0 },
  interlocks: 0,
  worstMs: 0,
})

/**
 * Missions of every method in the simulated hospital with random faults, as many as are asked for: robot, broker and
 * world are the real ones, only server and database are not there. What must never happen is a failure of the suite.
 */
export const SOAK_SUITE: BenchSuite = {
  id: 'soak',
  about: 'missions of every method with random faults',
  isOnRequest: true,
  async run({ missions, firstSeed, isQuick }): Promise<SuiteResult> {
    const { plan: floor } = readFloorPlan(sampleHospital, nodePlanFiles)
    const byFault = new Map<string, Count>()
    const byMethod = new Map<string, Count>()
    const failures: string[] = []
    // Told at once too: a run takes an hour, and its cause can be looked for meanwhile.
    const fail = (what: string) => {
      failures.push(what)
      process.stderr.write(`  MUST NOT HAPPEN: ${what}\n`)
    }
    const heapMb: number[] = []
    const total = isQuick ? 3 : missions
    const socketsBefore = socketsOpen()
    const beganMs = performance.now()
    for (let done = 1; done <= total; done += 1) {
      const seed = firstSeed + done - 1
      try {
        const outcome = await runSoakMission(floor, seed)
        const { method, room, happened, problems } = outcome
        for (const problem of problems) {
          fail(`seed ${seed} (${method}, ${room}; ${happened.join(', ') || 'no fault'}): ${problem}`)
        }
        for (const name of happened.length === 0 ? ['no fault'] : happened) count(byFault, name, outcome)
        count(byMethod, method, outcome)
      } catch (error) {
        const { method, room } = drawMission(floor, seed)
        fail(`seed ${seed} (${method}, ${room}): ${error instanceof Error ? error.message : String(error)}`)
      }
      if (done % 20 === 0 || done === total) {
        heapMb.push(heapInUseMb())
        const perMin = (60_000 * done) / (performance.now() - beganMs)
        process.stderr.write(
          `  ${done} of ${total}, ${failures.length} failures, ${perMin.toFixed(0)} a minute\n`,
        )
      }
    }
    const half = heapMb[Math.floor(heapMb.length / 2)]!
    const last = heapMb.at(-1)!
    if (last > half + LEAK_MB && last > (1 + LEAK_SHARE) * half) {
      failures.push(`memory grew from ${half.toFixed(0)} MB at half of the missions to ${last.toFixed(0)} MB`)
    }
    await closedWithin(socketsBefore)
    const sockets = socketsOpen() - socketsBefore
    if (sockets > 0) failures.push(`${sockets} sockets are open after the last mission`)
    const perMin = (60_000 * total) / (performance.now() - beganMs)
    return {
      suite: 'soak',
      rows: [],
      growth: [
        tableOf('soak.methods', `${total} missions by method`, 'method', byMethod, [
          `${perMin.toFixed(1)} missions a minute`,
          `memory in use: ${half.toFixed(0)} MB at half of the missions, ${last.toFixed(0)} MB at their end`,
        ]),
        tableOf('soak.faults', 'the same by fault, none to three each', 'fault', byFault, [
          'a mission with several faults counts for each of them',
        ]),
      ],
      failures,
    }
  },
}

function count(counts: Map<string, Count>, name: string, outcome: SoakOutcome): void {
  const kept = counts.get(name) ?? newCount()
  counts.set(name, kept)
  kept.missions += 1
  kept.verdicts[outcome.verdict] += 1
  kept.interlocks += outcome.interlocks
  kept.worstMs = Math.max(kept.worstMs, outcome.offLatencyMs ?? 0)
}

function tableOf(
  id: string,
  name: string,
  size: string,
  counts: ReadonlyMap<string, Count>,
  notes: readonly string[],
): GrowthTable {
  return {
    id,
    name,
    size,
    figures: [
      'missions',
      'proven',
      'completed',
      'incomplete',
      'aborted',
      'not cleared',
      'interlocks',
      'worst ms to off',
    ],
    rows: [...counts]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([key, { missions, verdicts, interlocks, worstMs }]) => ({
        size: key,
        figures: [missions, ...VERDICTS.map((verdict) => verdicts[verdict]), interlocks, worstMs],
      })),
    notes,
  }
}

function socketsOpen(): number {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => kind === 'TCPSocketWrap' || kind === 'TCPServerWrap').length
}

async function closedWithin(socketsBefore: number): Promise<void> {
  const endMs = performance.now() + SOCKETS_CLOSE_MS
  while (socketsOpen() > socketsBefore && performance.now() < endMs) {
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** After everything that nobody needs is gone. */
function heapInUseMb(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed / 1e6
}
