import type { WireVersion } from '@wardlight/core/vda5050'

/** The versions that the kit tests; 2.0 has nothing that 2.1 has not. */
export type TestedVersion = Extract<WireVersion, '2.1' | '3.0'>
export type Side = 'robot'

/** One thing that an implementation must do. Ids are stable: reports of years are compared by them. */
export interface Check {
  readonly id: string
  readonly side: Side
  readonly title: string
  /** Where the specification asks for it, by version; a version that does not ask is left out. */
  readonly clauses: Readonly<Partial<Record<TestedVersion, string>>>
}

const both = (v2: string, v3: string) => ({ '2.1': v2, '3.0': v3 })

/** In the order in which they are run: what moves the robot comes after what does not. */
export const CATALOGUE = [
  // The line
  robot('R01', 'connection is retained and says ONLINE', both('6.14', '6.5')),
  robot('R02', 'connection has quality of service 1', both('6.2', '4.1')),
  robot('R03', 'factsheet is retained', both('6.15', '6.10')),
  // Instant actions while idle
  robot('R10', 'stateRequest is answered with a state and is FINISHED', both('6.8.2', '6.2.3.2')),
  robot('R11', 'factsheetRequest is answered with a factsheet and is FINISHED', both('6.15', '6.10')),
  robot('R12', 'the factsheet declares cancelOrder, startPause and stopPause', { '3.0': '6.2.3' }),
  robot('R13', 'an unknown instant action is FAILED', both('6.11', '6.6.9')),
  robot('R14', 'an unknown instant action is INVALID_INSTANT_ACTION, naming its actionId', {
    '3.0': '6.2.1',
  }),
  robot('R15', 'cancelOrder without an order is FAILED', both('6.6.3.2', '6.1.3.2')),
  robot(
    'R16',
    'cancelOrder without an order is an error that names its actionId',
    both('6.6.3.2', '6.1.3.2'),
  ),
  // Orders that must be refused
  robot(
    'R20',
    'a message that is no JSON changes nothing, and is a validation error',
    both('6.6.4.1', '6.1.4.1'),
  ),
  robot('R21', 'an order without nodes is a validation error', both('6.6.4.1', '6.1.4.1')),
  robot('R22', 'an order with an action that nobody knows is refused', both('6.6.4.2', '6.1.4.3')),
  robot('R23', 'an order with a field that it cannot use is refused', both('6.6.4.2', '6.1.4.2')),
  robot('R24', 'an order that begins far away is refused', both('6.6.2 figure 8 (4)', '6.1.4.7')),
  robot('R25', 'an order on a map that it does not know is refused', { '3.0': '6.1.4.10' }),
  robot('R26', 'a new order with an orderUpdateId above 0 is refused', { '3.0': '6.1.2 figure 8 (4)' }),
  // Orders, base and horizon
  robot('R30', 'an order is accepted, and a state says so', both('6.10', '6.6')),
  robot('R31', 'errors of refused orders are gone once an order is accepted', both('6.6.4', '6.1.4')),
  robot(
    'R32',
    'base and horizon are in nodeStates and edgeStates, the first node is not',
    both('6.10.1', '6.1.1'),
  ),
  robot('R33', 'the same order once more is ignored', both('6.6.4.3', '6.1.4.5')),
  robot('R34', 'another content under the same orderUpdateId is refused', { '3.0': '6.1.4.5' }),
  robot('R35', 'another order while one is in work is refused', both('6.6.2 figure 8 (3)', '6.1.4.6')),
  robot('R36', 'a traversed node and its edge leave the state, lastNodeId names it', both('6.10.2', '6.6.2')),
  robot('R37', 'it stops at the end of its base and never enters the horizon', both('6.6.2', '6.1.2')),
  robot(
    'R38',
    'an update that does not begin at the end of the base is refused',
    both('6.6.2 figure 8 (7)', '6.1.2 figure 8 (9)'),
  ),
  robot(
    'R39',
    'an update from the end of the base is accepted and replaces the horizon',
    both('6.6.2', '6.1.2'),
  ),
  robot('R40', 'an update with a lower orderUpdateId is refused', both('6.6.4.3', '6.1.4.4')),
  robot(
    'R41',
    'a finished order leaves no nodeStates and edgeStates, and keeps its orderId',
    both('6.10.1', '6.1.2.1'),
  ),
  robot(
    'R42',
    'an update of a finished order from its last node is accepted',
    both('6.6.2 figure 8 (8)', '6.1.2 figure 8 (10)'),
  ),
  // Pause and cancel
  robot('R50', 'startPause stops it, reports paused and is FINISHED', both('6.8.2', '6.2.3.2')),
  robot('R51', 'stopPause lets it go on and is FINISHED', both('6.8.2', '6.2.3.2')),
  robot('R52', 'cancelOrder for another orderId is FAILED', { '3.0': '6.1.3.2' }),
  robot(
    'R53',
    'cancelOrder stops it, empties nodeStates, keeps orderId and is FINISHED',
    both('6.6.3', '6.1.3'),
  ),
  robot('R54', 'an update of a cancelled order is refused', { '3.0': '6.1.3.1' }),
  robot('R55', 'after a cancel it takes an order that begins where it stands', both('6.6.3.1', '6.1.3.1')),
  // Actions
  robot('R60', 'an action of a node is reported from WAITING to FINISHED', both('6.11', '6.6.9')),
  robot('R61', 'it stands while a HARD action runs', both('6.12', '6.2.2')),
  // The line breaks
  robot('R70', 'when its line breaks, the broker says so in its name, retained', both('6.14', '6.5')),
  robot('R71', 'back on the line it says ONLINE', both('6.14', '6.5')),
  // Over all messages
  robot('R80', 'states come at least every 30 s', both('6.10', '6.6')),
  robot('R81', 'every state follows the schema', both('6.10.6', '7.8')),
  robot('R82', 'every other message follows its schema', both('6.14, 6.15, 6.13', '7.7, 7.9, 7.10')),
  robot('R83', 'the battery is told in numbers, never null', both('6.10.6', '7.8')),
  robot('R84', 'headers name the robot and the version', both('6.4', '7.2')),
  robot('R85', 'headerId counts up by one with each state', both('6.4', '7.2')),
  robot('R86', 'timestamps are UTC and do not run backwards', both('6.4', '7.2')),
  robot('R87', 'its clock is right within 30 s', both('6.4', '7.2')),
] as const satisfies readonly Check[]

export type CheckId = (typeof CATALOGUE)[number]['id']

/** The checks of a side that a version asks for. */
export function checksFor(side: Side, version: TestedVersion): (Check & { readonly id: CheckId })[] {
  return CATALOGUE.filter((check: Check) => check.side === side && check.clauses[version] !== undefined)
}

function robot<Id extends string>(id: Id, title: string, clauses: Check['clauses']) {
  return { id, side: 'robot' as const, title, clauses }
}
