import type { Factsheet, MobileRobotPosition, RobotAddress } from '@wardlight/core/vda5050'
import type { CheckId, TestedVersion } from './catalogue.ts'
import { runFleetChecks } from './fleet-checks.ts'
import { CheckNotRun, mustBe } from './heard.ts'
import {
  actionIdProblems,
  cancelledProblems,
  countProblems,
  edgeEndProblems,
  firstNodeProblems,
  firstUpdateProblems,
  orderIdProblems,
  otherOrderProblems,
  releaseProblems,
  sequenceProblems,
  stitchProblems,
  updateIdProblems,
} from './judge-orders.ts'
import {
  clockProblems,
  countingProblems,
  headerProblems,
  of,
  schemaProblems,
  timestampProblems,
  type Judgement,
} from './judge-messages.ts'
import { leaseProblems, responseProblems, zoneSetProblems, type ZoneWord } from './judge-zones.ts'
import type { Operator } from './operator.ts'
import { Outcomes } from './outcomes.ts'
import { headOf, reportOf, type ConformanceReport, type Outcome } from './report.ts'
import { VirtualRobot } from './virtual-robot.ts'
import { VirtualVehicle, type Body } from './virtual-vehicle.ts'

export interface FleetSideOptions {
  readonly broker: string
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly address: RobotAddress
  readonly version: TestedVersion
  readonly operator: Operator
  /** Where the robot stands at the beginning. */
  readonly at: Pick<MobileRobotPosition, 'x' | 'y' | 'theta' | 'mapId'>
  /** Actions of nodes that its factsheet declares. */
  readonly nodeActions: readonly string[]
  readonly speedMps: number
  readonly driveS: number
  readonly quietS: number
  readonly onOutcome?: (id: CheckId, outcome: Outcome) => void
}

/** Plays a robot to a fleet through the catalogue. @throws what mqtt.js throws when the broker does not take the kit */
export async function runFleetSide(
  options: FleetSideOptions,
): Promise<{ readonly report: ConformanceReport; readonly robot: VirtualRobot }> {
  const startMs = Date.now()
  const { broker, username, password, address, version } = options
  const vehicle = new VirtualVehicle({ ...options.at, localized: true }, options.speedMps)
  const factsheet = factsheetOf(options)
  const robot = new VirtualRobot({ broker, username, password, address, version, vehicle, factsheet })
  const outcomes = new Outcomes(options.onOutcome)
  const run = (id: CheckId, check: () => Promise<string | void>) => outcomes.run(id, check)
  try {
    await robot.listen()
    const { cancelledAtMs } = await runFleetChecks(robot, vehicle, options, run)
    await judgeWords(robot, options, cancelledAtMs, run)
  } finally {
    await robot.stop()
  }
  return { report: reportOf(headOf('fleet', options, startMs), outcomes.all), robot }
}

async function judgeWords(
  { heard, orders, instantActions, zoneWords }: VirtualRobot,
  { version, address }: FleetSideOptions,
  cancelledAtMs: ReadonlyMap<string, number>,
  run: Outcomes['run'],
): Promise<void> {
  const judge = (
    id: CheckId,
    material: readonly unknown[],
    problems: () => Judgement,
    remark?: () => string | undefined,
  ) =>
    run(id, async () => {
      if (material.length === 0) throw new CheckNotRun('there was nothing to judge')
      const found = problems()
      mustBe(found.length === 0, [...new Set(found)].slice(0, 5).join('; '))
      return remark?.()
    })
  if (version === '3.0') {
    const words = (topic: ZoneWord['topic']) => zoneWords.filter((word) => word.topic === topic)
    await judge('F35', words('zoneSet'), () => zoneSetProblems(zoneWords))
    await judge('F38', words('responses'), () => responseProblems(zoneWords))
    await judge('F39', words('responses'), () => leaseProblems(zoneWords))
  }
  const heardOrders = of(heard, 'order')
  const heardActions = of(heard, 'instantActions')
  await judge('F50', heardOrders, () => schemaProblems(heard, version, (topic) => topic === 'order'))
  await judge('F51', orders, () => countProblems(orders))
  await judge('F52', orders, () => sequenceProblems(orders))
  if (version === '2.1') await judge('F53', heardOrders, () => edgeEndProblems(heardOrders))
  await judge('F54', orders, () => releaseProblems(orders))
  await judge('F55', orders, () => firstNodeProblems(orders))
  await judge('F56', orders, () => orderIdProblems(orders))
  if (version === '3.0') await judge('F57', orders, () => firstUpdateProblems(orders))
  await judge('F58', orders, () => updateIdProblems(orders))
  await judge(
    'F59',
    orders.filter(({ order }) => order.orderUpdateId > 0),
    () => stitchProblems(orders, version),
  )
  await judge('F60', orders, () => otherOrderProblems(orders))
  if (version === '3.0')
    await judge('F61', [...cancelledAtMs], () => cancelledProblems(orders, cancelledAtMs))
  await judge('F62', [...heardOrders, ...heardActions], () => actionIdProblems(orders, instantActions))
  await judge('F70', heardActions, () => schemaProblems(heardActions, version, () => true))
  await judge('F71', heard, () => headerProblems(heard, version, address))
  const live = heard.filter(({ retain }) => !retain)
  await judge(
    'F72',
    live,
    () => [...countingProblems(live, 'order'), ...countingProblems(live, 'instantActions')],
    () =>
      live.some(({ qos }) => qos > 0)
        ? 'orders or instant actions have quality of service 1; the standard says 0'
        : undefined,
  )
  await judge('F73', live, () => timestampProblems(live))
  await judge('F74', live, () => live.flatMap(clockProblems))
  await judge('F75', heard, () =>
    heard.flatMap(({ topic, retain }) => (retain ? [`${topic} is kept by the broker`] : [])),
  )
}

/** Of a small robot that takes anything on its back. */
function factsheetOf({ nodeActions, speedMps }: FleetSideOptions): Body<Factsheet> {
  const action = (scope: 'INSTANT' | 'NODE') => (actionType: string) => ({
    actionType,
    actionScopes: [scope],
    pauseAllowed: true,
    cancelAllowed: true,
  })
  return {
    typeSpecification: {
      seriesName: 'Wardlight conformance kit',
      mobileRobotKinematics: 'DIFFERENTIAL',
      mobileRobotClass: 'CARRIER',
      maximumLoadMass: 50,
      localizationTypes: ['NATURAL'],
      navigationTypes: ['AUTONOMOUS'],
      supportedZones: ['BLOCKED', 'RELEASE', 'SPEED_LIMIT'],
    },
    physicalParameters: {
      minimumSpeed: 0.01,
      maximumSpeed: speedMps,
      maximumAcceleration: 1,
      maximumDeceleration: 1,
      minimumHeight: 0.5,
      maximumHeight: 0.5,
      width: 0.5,
      length: 0.5,
    },
    protocolLimits: {
      maximumStringLengths: {},
      maximumArrayLengths: {},
      timing: { minimumOrderInterval: 0.1, minimumStateInterval: 0.1 },
    },
    protocolFeatures: {
      optionalParameters: [],
      mobileRobotActions: [
        ...[
          'startPause',
          'stopPause',
          'cancelOrder',
          'stateRequest',
          'factsheetRequest',
          'enableZoneSet',
        ].map(action('INSTANT')),
        ...nodeActions.map(action('NODE')),
      ],
    },
    mobileRobotGeometry: {},
    loadSpecification: {},
  }
}
