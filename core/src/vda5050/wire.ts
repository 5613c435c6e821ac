import type { TSchema } from 'typebox'
import {
  ConnectionSchema,
  FactsheetSchema,
  InstantActionsSchema,
  OrderSchema,
  StateSchema,
  VisualizationSchema,
  type ActionState,
  type Connection,
  type Factsheet,
  type InstantActions,
  type Order,
  type State,
  type Visualization,
} from './messages.ts'
import type { WireVersion } from './topics.ts'
import { factsheetFromV2, factsheetToV2 } from './v2/factsheets.ts'
import {
  V2ConnectionSchema,
  V2FactsheetSchema,
  V2InstantActionsSchema,
  V2OrderSchema,
  V2StateSchema,
  V2VisualizationSchema,
  type V2Connection,
  type V2Factsheet,
  type V2InstantActions,
  type V2Order,
  type V2State,
  type V2Visualization,
} from './v2/messages.ts'
import {
  instantActionsFromV2,
  instantActionsToV2,
  orderFromV2,
  orderToV2,
  withNamesOf21,
} from './v2/orders.ts'
import {
  connectionFromV2,
  connectionToV2,
  stateFromV2,
  stateToV2,
  visualizationFromV2,
  visualizationToV2,
} from './v2/states.ts'

/** What goes over the wire, as it is inside. */
export interface WireMessages {
  readonly order: Order
  readonly instantActions: InstantActions
  readonly state: State
  readonly connection: Connection
  readonly factsheet: Factsheet
  readonly visualization: Visualization
}
export type WireTopic = keyof WireMessages

/** What a message must follow before `fromWire` may read it, by major version. */
export const WIRE_SCHEMAS: Readonly<Record<2 | 3, Readonly<Record<WireTopic, TSchema>>>> = {
  2: {
    order: V2OrderSchema,
    instantActions: V2InstantActionsSchema,
    state: V2StateSchema,
    connection: V2ConnectionSchema,
    factsheet: V2FactsheetSchema,
    visualization: V2VisualizationSchema,
  },
  3: {
    order: OrderSchema,
    instantActions: InstantActionsSchema,
    state: StateSchema,
    connection: ConnectionSchema,
    factsheet: FactsheetSchema,
    visualization: VisualizationSchema,
  },
}

export function majorOf(version: WireVersion): 2 | 3 {
  return version === '3.0' ? 3 : 2
}

/** The version that a 2.x or 3.0 header names; what is none of ours counts as the newest of its major. */
export function wireVersionOf(major: 2 | 3, headerVersion: string): WireVersion {
  if (major === 3) return '3.0'
  return headerVersion.startsWith('2.0') ? '2.0' : '2.1'
}

/** A message as it came, ready for `WIRE_SCHEMAS`: 2.0 has two names for some things. */
export function heardOnWire(major: 2 | 3, topic: WireTopic, message: unknown): unknown {
  return major === 2 && topic === 'instantActions' ? withNamesOf21(message) : message
}

/** A message as its version has it on the wire. */
export function toWire<Topic extends WireTopic>(
  version: WireVersion,
  topic: Topic,
  message: WireMessages[Topic],
): object {
  if (version === '3.0') return message
  switch (topic) {
    case 'order':
      return orderToV2(message as Order, version)
    case 'instantActions':
      return instantActionsToV2(message as InstantActions, version)
    case 'state':
      return stateToV2(message as State, version)
    case 'connection':
      return connectionToV2(message as Connection, version)
    case 'factsheet':
      return factsheetToV2(message as Factsheet, version)
    default:
      return visualizationToV2(message as Visualization, version)
  }
}

/**
 * A message from the wire, as it is inside.
 *
 * @param message follows `WIRE_SCHEMAS[major][topic]`
 * @param isInstant tells instant actions from those of the order, which 2.x has in one list
 */
export function fromWire<Topic extends WireTopic>(
  major: 2 | 3,
  topic: Topic,
  message: unknown,
  isInstant: (action: ActionState) => boolean = isInstantOnly,
): WireMessages[Topic] {
  if (major === 3) return message as WireMessages[Topic]
  const translated = (): WireMessages[WireTopic] => {
    switch (topic) {
      case 'order':
        return orderFromV2(message as V2Order)
      case 'instantActions':
        return instantActionsFromV2(message as V2InstantActions)
      case 'state':
        return stateFromV2(message as V2State, isInstant)
      case 'connection':
        return connectionFromV2(message as V2Connection)
      case 'factsheet':
        return factsheetFromV2(message as V2Factsheet)
      default:
        return visualizationFromV2(message as V2Visualization)
    }
  }
  return translated() as WireMessages[Topic]
}

/** Predefined actions that are instant ones and nothing else (2.1, 6.8.1; 3.0, table 4). */
const INSTANT_ONLY: ReadonlySet<string | undefined> = new Set([
  'startPause',
  'stopPause',
  'cancelOrder',
  'stateRequest',
  'factsheetRequest',
  'logReport',
  'downloadMap',
  'deleteMap',
  'downloadZoneSet',
  'deleteZoneSet',
])

export function isInstantOnly({ actionType }: ActionState): boolean {
  return INSTANT_ONLY.has(actionType)
}
