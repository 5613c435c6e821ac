import os from 'node:os'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { isWardError, wardError } from '@wardlight/core/errors'
import { AUDIT_SUITE } from './audit-suite.ts'
import { formatResult } from './bench-report.ts'
import { DOSE_SUITE } from './dose-suite.ts'
import { HL7_SUITE } from './hl7-suite.ts'
import { PERCEPTION_SUITE } from './perception-suite.ts'
import { PLAN_SUITE } from './plan-suite.ts'
import { PROOF_SUITE } from './proof-suite.ts'
import { SCHEDULE_SUITE } from './schedule-suite.ts'
import { SOAK_SUITE } from './soak-suite.ts'
import type { BenchSettings, BenchSuite, SuiteResult } from './suite.ts'
import { TRAFFIC_SUITE } from './traffic-suite.ts'
import { WIRE_SUITE } from './wire-suite.ts'

export const SUITES: readonly BenchSuite[] = [
  DOSE_SUITE,
  PLAN_SUITE,
  SCHEDULE_SUITE,
  TRAFFIC_SUITE,
  WIRE_SUITE,
  AUDIT_SUITE,
  HL7_SUITE,
  PROOF_SUITE,
  PERCEPTION_SUITE,
  SOAK_SUITE,
]

/** What `--json` prints. */
export interface BenchReport {
  readonly node: string
  readonly cpu: string
  readonly cores: number
  readonly rounds: number
  readonly quick: boolean
  readonly suites: readonly SuiteResult[]
}

/**
 * The `bench` command. Progress goes to standard error, results to standard output; with `--json` exactly one object.
 *
 * @returns the exit code: 0 measured, whatever the figures; 1 an error, or something that must not happen and did
 */
export async function runBench(args: readonly string[]): Promise<number> {
  let exitCode = 0
  const program = new Command('bench')
    .description(`Speed against a peer in the same run. Suites: ${SUITES.map(({ id }) => id).join(', ')}`)
    .argument('[suites...]', 'which suites; by default all but perception and soak')
    .option('--json', 'print one JSON object')
    .option('--rounds <number>', 'rounds of every comparison', wholeNumber(1000), 5)
    .option('--missions <number>', 'missions of a soak run', wholeNumber(100_000), 100)
    .option('--first-seed <number>', 'seed of the first mission of a soak run', wholeNumber(1e9), 1)
    .option('--quick', 'tiny sizes: to see that it works, not how fast it is')
    .exitOverride()
    .action(
      async (
        ids: readonly string[],
        options: { json?: true; rounds: number; missions: number; firstSeed: number; quick?: true },
      ): Promise<void> => {
        const settings = {
          rounds: options.rounds,
          missions: options.missions,
          firstSeed: options.firstSeed,
          isQuick: options.quick ?? false,
        }
        const isJson = options.json ?? false
        const report = await bench(ids, settings, ({ about }) => process.stderr.write(`${about} …\n`))
        if (report.suites.some(({ failures = [] }) => failures.length > 0)) exitCode = 1
        process.stdout.write(
          isJson
            ? `${JSON.stringify(report)}\n`
            : `${report.cpu}, ${report.cores} cores, Node ${report.node}\n\n${report.suites.map(formatResult).join('\n\n')}\n`,
        )
      },
    )
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode
    if (!isWardError(error)) throw error
    process.stderr.write(`${error.what}. ${error.remedy}\n`)
    return 1
  }
}

/** @throws WARD_ERR_OPTION for a suite that does not exist */
export async function bench(
  ids: readonly string[],
  settings: BenchSettings,
  onSuite: (suite: BenchSuite) => void,
): Promise<BenchReport> {
  const unknown = ids.find((id) => !SUITES.some((suite) => suite.id === id))
  if (unknown !== undefined) {
    throw wardError('WARD_ERR_OPTION', {
      what: `There is no suite "${unknown}"`,
      remedy: `Give some of: ${SUITES.map(({ id }) => id).join(', ')}.`,
    })
  }
  const suites: SuiteResult[] = []
  for (const suite of SUITES) {
    if (ids.length > 0 ? !ids.includes(suite.id) : suite.isOnRequest === true) continue
    onSuite(suite)
    suites.push(await suite.run(settings))
  }
  return {
    node: process.versions.node,
    cpu: os.cpus()[0]?.model ?? 'unknown processor',
    cores: os.availableParallelism(),
    rounds: settings.rounds,
    quick: settings.isQuick,
    suites,
  }
}

function wholeNumber(most: number): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (Number.isInteger(number) && number >= 1 && number <= most) return number
    throw new InvalidArgumentError(`Give a whole number from 1 to ${most}.`)
  }
}
