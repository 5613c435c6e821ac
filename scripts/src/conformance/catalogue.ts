import type { WireVersion } from '@wardlight/core/vda5050'

/** The versions that the kit tests; 2.0 has nothing that 2.1 has not. */
export type TestedVersion = Extract<WireVersion, '2.1' | '3.0'>
export type Side = 'robot' | 'fleet'

/** One thing that an implementation must do. Ids are stable: reports of years are compared by them. */
export interface Check {
  readonly id: string
  readonly side: Side
  readonly title: string
  /** Where the specification asks for it, by version; a version that does not ask is left out. */
  readonly clauses: Readonly<Partial<Record<TestedVersion, string>>>
}

const both = (v2: string, v3: string) => ({ '2.1': v2, '3.0': v3 })

/** By side, and there roughly in the order in which they are run: what moves a robot comes after what does not. */
export const CATALOGUE = [
  // The robot. The line
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
  robot('R17', 'clearInstantActions forgets the instant actions that are over', { '3.0': '6.2.3.1' }),
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
  // Zones
  robot('R62', 'a zone set that comes is told, and is not enabled yet', { '3.0': '6.4.2' }),
  robot('R63', 'the same zoneSetId once more is a DUPLICATE_ZONE_SET', { '3.0': '6.4.2' }),
  robot('R64', 'enableZoneSet enables it and is FINISHED', { '3.0': '6.4.2' }),
  robot('R65', 'before a RELEASE zone it states a request for ACCESS and waits', { '3.0': '6.4.3' }),
  robot('R66', 'QUEUED does not let it in', { '3.0': '6.4.3' }),
  robot('R67', 'a lease that ran out before the zone is EXPIRED and does not let it in', { '3.0': '6.4.3' }),
  robot('R68', 'GRANTED lets it in, and is told while it is in the zone', { '3.0': '6.4.3' }),
  robot('R69', 'a release that is lost in the zone is told as RELEASE_LOST', { '3.0': '6.4.1.1' }),
  robot('R72', 'the request is gone when the robot has left the zone', { '3.0': '6.4.3' }),
  robot('R73', 'it does not enter a BLOCKED zone, whatever is released in it', { '3.0': '6.4.1.1' }),
  robot('R75', 'in a SPEED_LIMIT zone it drives no faster than that allows', { '3.0': '6.4.1.1' }),
  robot('R76', 'an ACTION zone has its actions done, each visit once, each told with an id of its own', {
    '3.0': '6.4.1.1, 6.6.9, 7.6',
  }),
  robot('R77', 'zone actions that are over are told until clearZoneActions clears them', {
    '3.0': '6.2.3.1, 7.8',
  }),
  robot('R74', 'deleteZoneSet deletes a set that is not enabled', { '3.0': '6.2.3.1' }),
  // Maps
  robot('R90', 'downloadMap of what is not there is FAILED, with an error', both('6.7.3', '6.3.3')),
  robot('R91', 'downloadMap with a wrong mapHash is FAILED', both('6.8.2', '6.2.3.1')),
  robot('R92', 'enableMap of a map that is not there is FAILED', both('6.8.2', '6.2.3.2')),
  robot('R93', 'deleteMap of a map that is not there is FAILED', both('6.8.2', '6.2.3.2')),
  robot('R94', 'a downloaded map is told as DISABLED, and changes no other', both('6.7.3', '6.3.3')),
  robot('R95', 'the same map once more is FAILED and an error', both('6.7.3', '6.3.3')),
  robot('R96', 'enableMap enables it, and no other of its mapId', both('6.7.4', '6.3.4')),
  robot('R97', 'deleteMap of a map in use is FAILED', both('6.8.2', '6.2.3.2')),
  robot('R98', 'deleteMap takes a map that is not in use out of the state', both('6.7.5', '6.3.5')),
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
  // The fleet. The line
  fleet('F01', 'nothing is sent to a robot that is not connected', both('5, 6.14', '5.3, 6.5')),
  // Orders
  fleet('F10', 'an order comes when one is wanted', both('6.6', '6.1')),
  fleet('F11', 'states with nothing but the required fields are enough', both('6.1.1', '7.1.1')),
  fleet('F12', 'a factsheet and states with more fields than it knows are read', both('6.1.1', '7.1.1')),
  fleet('F13', 'what cannot be read is survived', both('5', '5.3')),
  fleet('F14', 'after an order that was refused another one comes', both('6.6.4.2', '6.1.4.3')),
  fleet('F15', 'after an action that FAILED another order comes', both('6.11', '6.6.9')),
  fleet('F16', 'an order with a horizon is updated until its end', both('6.6.2', '6.1.2')),
  // Pause and cancel
  fleet('F20', 'startPause comes when a pause is wanted', both('6.8.1', '6.2.3.1')),
  fleet('F21', 'stopPause comes when the pause is over', both('6.8.1', '6.2.3.1')),
  fleet('F22', 'cancelOrder comes when an end is wanted', both('6.6.3', '6.1.3')),
  fleet('F23', 'cancelOrder names no order but the one in work', { '3.0': '6.1.3' }),
  fleet('F24', 'after a cancel another order comes', both('6.6.3.1', '6.1.3.1')),
  // When it has to be silent
  fleet('F30', 'neither orders nor actions come in mode MANUAL', both('6.10.6 table 1', '6.6.6')),
  fleet('F31', 'neither orders nor actions come in mode SERVICE', both('6.10.6 table 1', '6.6.6')),
  fleet('F32', 'no action but cancelOrder comes in mode INTERVENED', { '3.0': '6.6.6' }),
  fleet('F33', 'no order comes while the robot has a FATAL error', both('6.10.6', '6.6.5.1')),
  fleet('F34', 'neither orders nor actions come in hibernation', { '3.0': '6.2.3.1' }),
  // Zones
  fleet('F35', 'a zone set follows the schema, and never changes under its id', { '3.0': '6.4.2, 7.6' }),
  fleet('F36', 'enableZoneSet comes for a set that was sent, and only for such a one', { '3.0': '6.4.2' }),
  fleet('F37', 'a request to enter a RELEASE zone is answered', { '3.0': '6.4.3, 6.9' }),
  fleet('F38', 'responses follow the schema and name requests that were stated', { '3.0': '6.9, 7.5' }),
  fleet('F39', 'a lease lies ahead, and comes with GRANTED only', { '3.0': '6.4.3, 7.5' }),
  // The line breaks
  fleet('F40', 'no order comes while the line is broken', both('5, 6.14', '5.3, 6.5')),
  fleet('F41', 'after a broken line another order comes', both('6.14', '6.5')),
  fleet('F42', 'after a restart that lost the order another one comes', both('6.10', '6.6')),
  // Over all orders
  fleet('F50', 'every order follows the schema', both('6.6.6', '7.3')),
  fleet('F51', 'an order has one node more than edges', both('6.6.1', '6.1.1')),
  fleet('F52', 'sequenceIds run without a gap from 0, even at nodes, odd at edges', both('6.6.2', '6.1.1')),
  fleet('F53', 'edges name the nodes between which they lie', { '2.1': '6.6.6' }),
  fleet(
    'F54',
    'a released edge has released ends, and nothing is released behind it',
    both('6.6.1', '6.1.1'),
  ),
  fleet('F55', 'the first node is released, and the robot stands on it', both('6.6.1', '6.1.1')),
  fleet('F56', 'a new order has an orderId that was never used', both('6.6.6', '7.3')),
  fleet('F57', 'a new order has the orderUpdateId 0', { '3.0': '7.3' }),
  fleet('F58', 'another content has a higher orderUpdateId', both('6.6.2', '6.1.2')),
  fleet('F59', 'an update begins with the last released node, as it was', both('6.6.2', '6.1.2')),
  fleet('F60', 'no other order comes while one is in work', both('6.6.2 figure 8 (3)', '6.1.2 figure 8 (3)')),
  fleet('F61', 'a cancelled order is not updated', { '3.0': '6.1.3.1' }),
  fleet('F62', 'an actionId names one action', both('6.6.6', '7.3')),
  // Over all messages
  fleet('F70', 'every instantActions follows the schema', both('6.9', '7.4')),
  fleet('F71', 'headers name the robot and the version', both('6.4', '7.2')),
  fleet('F72', 'headerId counts up by one in each topic', both('6.4', '7.2')),
  fleet('F73', 'timestamps are UTC and do not run backwards', both('6.4', '7.2')),
  fleet('F74', 'its clock is right within 30 s', both('6.4', '7.2')),
  fleet('F75', 'neither orders nor instant actions are retained', both('6.2', '4.1')),
] as const satisfies readonly Check[]

export type CheckId = (typeof CATALOGUE)[number]['id']

/** The checks of a side that a version asks for. */
export function checksFor(side: Side, version: TestedVersion): (Check & { readonly id: CheckId })[] {
  return CATALOGUE.filter((check: Check) => check.side === side && check.clauses[version] !== undefined)
}

function robot<Id extends string>(id: Id, title: string, clauses: Check['clauses']) {
  return { id, side: 'robot' as const, title, clauses }
}

function fleet<Id extends string>(id: Id, title: string, clauses: Check['clauses']) {
  return { id, side: 'fleet' as const, title, clauses }
}
