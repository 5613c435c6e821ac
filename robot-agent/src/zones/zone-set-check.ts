import { ROBOT_ACTION_TYPES } from '@wardlight/core/fleet'
import {
  ZoneSetMessageSchema,
  type FactsheetAction,
  type VdaZone,
  type ZoneAction,
  type ZoneSetMessage,
} from '@wardlight/core/vda5050'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { announcementOf } from '../announcements/announcement.ts'

/** What the robot's factsheet says of zones. */
export interface ZoneOffer {
  readonly supportedZones: readonly string[]
  readonly actions: readonly FactsheetAction[]
}

const VALIDATOR = Compile(ZoneSetMessageSchema)
/** Of any fleet: enough to say what is not supported. */
const ANY_SET = Compile(
  Type.Object({
    zoneSet: Type.Object({
      zones: Type.Array(Type.Object({ zoneId: Type.String(), zoneType: Type.String() })),
    }),
  }),
)

/**
 * A set that the robot can keep to in all of its zones: half of a set is another one than the fleet believes in.
 *
 * @returns the message, or why it is refused, in words
 */
export function readZoneSet(heard: unknown, offer: ZoneOffer): ZoneSetMessage | string {
  if (ANY_SET.Check(heard)) {
    const other = heard.zoneSet.zones.find(({ zoneType }) => !offer.supportedZones.includes(zoneType))
    if (other !== undefined) return `zone ${other.zoneId} is ${other.zoneType}, which is not supported`
  }
  if (!VALIDATOR.Check(heard)) {
    const [problem] = VALIDATOR.Errors(heard)
    return `this is no zone set: ${problem!.instancePath} ${problem!.message}`
  }
  for (const zone of heard.zoneSet.zones) {
    const problem = actionsProblem(zone, offer.actions)
    if (problem !== null) return problem
  }
  return heard
}

function actionsProblem(zone: VdaZone, offered: readonly FactsheetAction[]): string | null {
  if (zone.zoneType !== 'ACTION') return null
  for (const action of [...zone.entryActions, ...zone.duringActions, ...zone.exitActions]) {
    const problem = actionProblem(action, offered)
    if (problem !== null) return `zone ${zone.zoneId} has the action ${action.actionType}: ${problem}`
  }
  return null
}

function actionProblem(action: ZoneAction, offered: readonly FactsheetAction[]): string | null {
  const { actionType, blockingType } = action
  const declared = offered.find(
    (each) => each.actionType === actionType && each.actionScopes.includes('ZONE'),
  )
  if (declared === undefined) return 'the robot has no such action for zones'
  const { blockingTypes } = declared
  if (blockingTypes !== undefined && !blockingTypes.includes(blockingType)) {
    return `it cannot be ${blockingType}, only ${blockingTypes.join(' or ')}`
  }
  if (actionType !== ROBOT_ACTION_TYPES.announce) return null
  const announcement = announcementOf(action)
  return typeof announcement === 'string' ? announcement : null
}
