import { DECONTAMINATION_CHECKLIST } from '@wardlight/core/fleet'
import type { Action, Order } from '@wardlight/core/vda5050'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { SUPERVISOR_LIMITS } from '../safety/supervisor.ts'
import { DOCK, errandAction, STATION, VISIT, WIPE } from '../testing/errand-order.ts'
import { endOf, hold, summaryOf } from '../testing/explore.ts'
import { orderNumbered, ROOM, type Flaws, type Whole } from '../testing/whole-robot.ts'
import { HARDWARE_EVENTS, walkWhole, type Act } from '../testing/whole-walk.ts'
import { isOver } from './order-execution.ts'

/*
 * Orders with errands, their missions and the supervisor together, as `composed-exploration.test.ts` walks orders with light:
 * the real `OrderRunner`, all errand runners, `SafetySupervisor` and drive gate, each state × each event. Beside orders of
 * one errand there are orders of two missions: a visit before light in the same room, and light before the way to the dock.
 *
 * How long an errand charges and is waited for is walked with its machine alone. Here two states are one when they show the
 * same phase, flags, tries, goals of wheels and dock, and the same that people have done.
 */

const ORDERS: Readonly<Record<string, readonly Action[]>> = {
  dock: [errandAction('dock', 'act-dock', DOCK)],
  visit: [errandAction('startTelepresence', 'act-visit', VISIT)],
  wipe: [errandAction('decontaminate', 'act-clean', WIPE)],
  station: [errandAction('decontaminate', 'act-clean', STATION)],
}
const LIGHT = 'light'
const ERRANDS = Object.keys(ORDERS)
/** What an order holds, one after the other. */
const ROUNDS: readonly (readonly string[])[] = [
  ...ERRANDS.map((name) => [name]),
  ['visit', LIGHT],
  [LIGHT, 'dock'],
]

/** From where the robot stands, one node for each mission. */
function orderOf(round: readonly string[], number: number, whole: Whole): Order {
  const plain = orderNumbered(number, whole.watch.place)
  const [here, inRoom] = plain.nodes as [Order['nodes'][number], Order['nodes'][number]]
  const places = round.map((name, index) => ({
    ...inRoom,
    nodeId: `place-${index}`,
    sequenceId: 2 * (index + 1),
    actions: (name === LIGHT ? inRoom.actions : ORDERS[name]!).map((action) => ({
      ...action,
      actionId: `${action.actionId}-${number}`,
    })),
  }))
  const edges = places.map((_, index) => ({
    ...plain.edges[0]!,
    edgeId: `way-${index}`,
    sequenceId: 2 * index + 1,
  }))
  return { ...plain, nodes: [here, ...places], edges }
}

const RULES = {
  dark: 'an errand never lights, and nothing is armed while one is in work',
  occupied: 'while a visit is in work its room counts as occupied, and no longer',
  one: 'there are never two missions at once',
  wheels: 'nothing moves the robot while somebody asks for a pause or a stop',
  consent: 'it is driven by hand only after the patient agreed',
  idle: 'when no order is in work nothing moves, nobody is waited for, and every report is there',
} as const
type Rule = keyof typeof RULES
let only: Rule | null = null
const check = (rule: Rule, isHeld: boolean) => {
  if (only === null || only === rule) hold(RULES[rule], isHeld)
}

function judge(whole: Whole): void {
  const { supervisor, orders, second } = whole
  const { state } = supervisor
  const { errand, mission } = orders
  const isOnErrand = errand !== null && errand.report === null
  if (isOnErrand) check('dark', !whole.isLit && !state.isLampWanted && state.armingStep !== 'started')
  check('occupied', state.isVisit === (isOnErrand && errand.kind === 'visit'))
  const inWork = [mission, errand, second?.errand ?? null].filter((each) => each?.report === null)
  check('one', inWork.length <= 1)
  const isMoving = whole.drive !== null || whole.docking !== null || whole.byHandMps !== 0
  if (whole.isPaused || whole.isStopAskedFor) check('wheels', !isMoving)
  if (whole.byHandMps !== 0) check('consent', whole.hasConsented)
  if (orders.isIdle) {
    const { actionStates, nodes } = orders.context
    const isOverAll = nodes.length === 0 && actionStates.every(({ actionStatus }) => isOver(actionStatus))
    const report = errand?.report ?? null
    const isTold =
      report === null || actionStates.some(({ actionResult }) => actionResult === JSON.stringify(report))
    check('idle', !isMoving && !whole.isLit && state.watch === null && isOverAll && isTold)
  }
}

const always =
  (act: (whole: Whole) => void): Act =>
  (whole) => {
    act(whole)
    return true
  }
const visitOf = ({ orders: { errand } }: Whole) =>
  errand?.kind === 'visit' && errand.report === null ? errand : null

const EVENTS: Readonly<Record<string, Act>> = {
  ...Object.fromEntries(
    ROUNDS.map((round): [string, Act] => [
      `an order: ${round.join(', then ')}`,
      (whole) => {
        const { orders, flaws } = whole
        const { errand, mission } = orders
        if (!orders.isIdle) {
          const isRefused = orders.take(orderOf(round, 99, whole)) !== null
          check('one', isRefused && orders.errand === errand && orders.mission === mission)
          return true
        }
        whole.ordersTaken += 1
        whole.hasConsented = false
        whole.orderName = round.join()
        whole.lastOrder = orderOf(round, whole.ordersTaken, whole)
        if (orders.take(whole.lastOrder) !== null) throw new Error('the order is refused')
        whole.second?.take(whole.lastOrder)
        if (flaws.isErrandWatched) {
          const { polygon, doors } = ROOM
          whole.supervisor.command({ type: 'watch', watch: { missionId: 'errand', polygon, doors } })
        }
        return true
      },
    ]),
  ),
  'the same order again': ({ orders, lastOrder }) => {
    if (lastOrder === null) return false
    const { errand } = orders
    orders.take({ ...lastOrder, headerId: 2 })
    check('one', orders.errand === errand)
    return true
  },
  pause: always((whole) => {
    whole.isPaused = true
    whole.orders.pause()
  }),
  resume: always((whole) => {
    whole.isPaused = false
    whole.isStopAskedFor = false
    whole.orders.resume()
  }),
  cancel: always(({ orders }) => orders.cancel()),
  'ask for a stop': always((whole) => {
    whole.isStopAskedFor = true
    whole.supervisor.command({ type: 'requestEmergencyStop', by: 'nurse' })
  }),
  'people arm': always((whole) => {
    whole.arm(whole.supervisor.state.watch?.missionId ?? 'none')
    // Whoever arms has seen to the stop.
    if (whole.supervisor.state.armingStep === 'started') whole.isStopAskedFor = false
  }),
  person: (whole) => {
    if (whole.fault !== null) return false
    whole.fault = 'person'
    whole.speak()
    return true
  },
  ...HARDWARE_EVENTS,
  'the docking server is done': (whole) => whole.endDocking('done'),
  'the docking server fails': (whole) => whole.endDocking('failed'),
  'no current flows': (whole) => whole.endDocking('noCurrent'),
  'the battery is full': (whole) => {
    if (!whole.isCharging) return false
    whole.chargeUp()
    return true
  },
  'the patient agrees': (whole) => {
    if (visitOf(whole)?.answer(true, 'the patient') !== null) return false
    whole.hasConsented = true
    return true
  },
  'the patient refuses': (whole) => visitOf(whole)?.answer(false, 'the patient') === null,
  'hand over': (whole) => {
    if (whole.flaws.isNobodyAsked) visitOf(whole)?.answer(true, 'nobody')
    whole.speakOfErrands()
    return visitOf(whole)?.handOver('s-1', 'Dr. Weber') === null
  },
  'drive by hand': (whole) => {
    const visit = visitOf(whole)
    if (visit?.phase !== 'driven') return false
    whole.driveByHand((command) => visit.drive(command))
    return true
  },
  'take the drive back': (whole) => visitOf(whole)?.takeBack('s-1') === null,
  'end the visit': (whole) => visitOf(whole)?.end('Dr. Weber') === null,
  'somebody wipes': ({ orders: { errand } }) =>
    errand?.kind === 'decontamination' &&
    errand.confirm(
      'cleaning team',
      DECONTAMINATION_CHECKLIST.map(({ id }) => id),
    ) === null,
  'it stands': always((whole) => {
    whole.pass(500)
    whole.speakOfErrands()
  }),
  'two minutes pass': (whole) => {
    if (whole.orders.errand?.phase !== 'standing') return false
    whole.clock.jump(121_000)
    whole.speak()
    return true
  },
  'nothing happens for an hour': always((whole) => {
    whole.clock.jump(61 * 60_000)
    whole.speak()
  }),
  'the agent stalls': always((whole) => {
    whole.clock.jump(SUPERVISOR_LIMITS.stallMs + 100)
    whole.speak()
  }),
}

function keyOf(whole: Whole): string {
  const { orders, supervisor, berth } = whole
  const { errand, mission } = orders
  const { state } = supervisor
  const { nodes, actionStates, isPaused } = orders.context
  return JSON.stringify([
    orders.isIdle
      ? 'idle'
      : [
          whole.orderName,
          nodes.length,
          actionStates.map(({ actionType, actionStatus }) => `${actionType} ${actionStatus}`),
          errand?.report === null ? errand.phase : null,
          mission?.report === null ? mission.phase : null,
          visitOf(whole)?.driver?.sessionId,
          errand?.kind === 'dock' && Math.min(2, errand.checkpoint().dock?.tries ?? 0),
        ],
    [
      isPaused,
      state.armingStep,
      state.isPaused,
      state.isRemotelyStopped,
      state.isVisit,
      state.watch !== null,
    ],
    [whole.fault, whole.isPaused, whole.isStopAskedFor, whole.isLit, supervisor.mustStand],
    [whole.drive !== null, whole.docking?.kind, berth.isDocked, whole.isCharging, whole.byHandMps !== 0],
    whole.hasConsented && !orders.isIdle,
  ])
}

function walked(flaws: Flaws = {}, rule: Rule | null = null, names: readonly string[] = Object.keys(EVENTS)) {
  only = rule
  return walkWhole({ flaws, judge, events: EVENTS, names, keyOf })
}

const named = (round: string) => `an order: ${round}`

describe('order, errand and supervisor together, in every state and for every event', () => {
  beforeAll(() => {
    vi.spyOn(console, 'warn').mockReturnValue()
  })
  afterAll(() => {
    vi.restoreAllMocks()
  })

  it('keep every rule', () => {
    const walk = walked()
    console.log(summaryOf('order, errand and supervisor together', walk))
    expect(walk.counterexample).toBeNull()
    const keys = [...walk.keys].join('\n')
    const dock = ['approaching', 'charging', 'backing']
    const visit = ['announcing', 'autonomous', 'driven', 'stopping', 'leaving']
    for (const phase of ['traveling', ...dock, ...visit, 'wiping', 'standing', 'held', 'awaitingArming']) {
      expect(keys).toContain(`"${phase}"`)
    }
  }, 300_000)

  const BROKEN: readonly (readonly [Rule, string, Flaws, readonly string[]])[] = [
    [
      'dark',
      'watches a room for an errand, so that it can be armed',
      { isErrandWatched: true },
      [named('wipe'), 'the drive ends', 'people arm'],
    ],
    ['occupied', 'does not tell its supervisor of a visit', { isVisitUntold: true }, [named('visit')]],
    ['one', 'has two that take every order', { isDoubled: true }, [named('dock')]],
    ['wheels', 'has a drive that cannot be cancelled', { isDriveEndless: true }, [named('wipe'), 'pause']],
    [
      'consent',
      'answers for the patient',
      { isNobodyAsked: true },
      [named('visit'), 'the drive ends', 'hand over', 'drive by hand'],
    ],
    [
      'idle',
      'has a docking server that cannot be stopped',
      { isDockingEndless: true },
      [named('dock'), 'the drive ends', 'cancel'],
    ],
  ]
  it.each(BROKEN)(
    '%s: a robot that %s is found out',
    (rule, name, flaws, names) => {
      const { counterexample } = walked(flaws, rule, names)
      console.log(endOf(`a robot that ${name}`, counterexample))
      expect(counterexample?.broken).toBe(RULES[rule])
    },
    60_000,
  )

  it('has no rule that cannot fail', () => {
    expect(BROKEN.map(([rule]) => rule).toSorted()).toEqual(Object.keys(RULES).toSorted())
  })
})
