import type { RobotAddress } from '@wardlight/core/vda5050'
import type { CheckId, TestedVersion } from './catalogue.ts'
import { CheckNotRun, mustBe } from './heard.ts'
import {
  batteryProblems,
  countingProblems,
  headerProblems,
  intervalProblems,
  of,
  schemaProblems,
  timestampProblems,
  type Judgement,
} from './judge-messages.ts'
import { Outcomes } from './outcomes.ts'
import { headOf, reportOf, type ConformanceReport, type Outcome } from './report.ts'
import { runRobotChecks, type RobotCheckOptions } from './robot-checks.ts'
import { RobotUnderTest } from './robot-under-test.ts'
import { runMapChecks, type MapFile } from './robot-map-checks.ts'
import { runZoneChecks } from './robot-zone-checks.ts'

/** So long a robot is listened to at least, seconds: less says nothing of the 30 s between two states. */
const LEAST_LISTENING_S = 35

export interface RobotSideOptions extends RobotCheckOptions {
  readonly broker: string
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly address: RobotAddress
  readonly version: TestedVersion
  /** A map to this robot; without it what is downloaded is not tested. */
  readonly mapFile?: MapFile | undefined
  /** Told after each check. */
  readonly onOutcome?: (id: CheckId, outcome: Outcome) => void
}

/** Drives a robot through the catalogue. @throws what mqtt.js throws when the broker does not take the kit */
export async function runRobotSide(
  options: RobotSideOptions,
): Promise<{ readonly report: ConformanceReport; readonly robot: RobotUnderTest }> {
  const startMs = Date.now()
  const robot = new RobotUnderTest(options.address, options.version)
  const outcomes = new Outcomes(options.onOutcome)
  await robot.connect(options.broker, {
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
  })
  try {
    await runRobotChecks(robot, options, (id, check) => outcomes.run(id, check))
    if (options.version === '3.0') await runZoneChecks(robot, options, (id, check) => outcomes.run(id, check))
    await runMapChecks(robot, options, (id, check) => outcomes.run(id, check))
    await robot.wait(Math.max(0, LEAST_LISTENING_S - (Date.now() - startMs) / 1000))
    await judgeMessages(robot, (id, judge) => outcomes.run(id, judge))
  } finally {
    await robot.disconnect()
  }
  return { report: reportOf(headOf('robot', options, startMs), outcomes.all), robot }
}

async function judgeMessages(
  { heard, version, address }: RobotUnderTest,
  run: (id: CheckId, judge: () => Promise<string | void>) => Promise<void>,
): Promise<void> {
  const untilMs = Date.now()
  const states = of(heard, 'state')
  const judge = (id: CheckId, problems: () => Judgement, remark?: () => string | undefined) =>
    run(id, async () => {
      if (states.length === 0) throw new CheckNotRun('it sent no state')
      const found = problems()
      mustBe(found.length === 0, found.slice(0, 5).join('; '))
      return remark?.()
    })
  // A broken line, and the reconnect after it, begin a new count on some robots.
  const connections = of(heard, 'connection')
  const isAfterBreak = ({ atMs }: { readonly atMs: number }) =>
    connections.some(
      ({ body, atMs: online }) =>
        (body as { connectionState?: string } | undefined)?.connectionState === 'ONLINE' &&
        online <= atMs + 1000 &&
        atMs - online < 15_000,
    )
  await judge('R80', () => intervalProblems(heard, untilMs))
  await judge('R81', () => schemaProblems(heard, version, (topic) => topic === 'state'))
  await judge('R82', () => schemaProblems(heard, version, (topic) => topic !== 'state'))
  await judge('R83', () => batteryProblems(heard, version))
  await judge('R84', () => headerProblems(heard, version, address))
  await judge(
    'R85',
    () => countingProblems(heard, 'state', isAfterBreak),
    () =>
      states.some(({ qos }) => qos > 0)
        ? 'state is sent with quality of service 1; the standard says 0'
        : undefined,
  )
  await judge('R86', () => timestampProblems(heard))
}
