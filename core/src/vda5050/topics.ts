/** What a robot may speak on the wire. Inside, everything is 3.0; 2.x is translated at the edge (`v2/`). */
export const WIRE_VERSIONS = ['2.0', '2.1', '3.0'] as const
export type WireVersion = (typeof WIRE_VERSIONS)[number]

/** The first levels of the topics of a version (VDA 5050 3.0, 4.2; 2.1, 6.3). */
const FAMILIES: Readonly<Record<WireVersion, string>> = {
  '2.0': 'uagv/v2',
  '2.1': 'uagv/v2',
  '3.0': 'vda5050/v3',
}

/** The last level of a VDA 5050 topic. */
export const VDA5050_TOPICS = [
  'order',
  'instantActions',
  'state',
  'connection',
  'factsheet',
  'visualization',
  'responses',
  'zoneSet',
] as const
export type Vda5050Topic = (typeof VDA5050_TOPICS)[number]

/** Topics beside VDA 5050 for what it has no words for: robot → fleet. */
export const WARDLIGHT_TOPICS = ['mission', 'scan', 'peroxide'] as const
export type WardlightTopic = (typeof WARDLIGHT_TOPICS)[number]

export interface RobotAddress {
  readonly manufacturer: string
  readonly serialNumber: string
}

/** `vda5050/v3/{manufacturer}/{serialNumber}/{topic}`, or `uagv/v2/…` for 2.x. `+` as wildcard is fine. */
export function vda5050Topic(
  { manufacturer, serialNumber }: RobotAddress,
  topic: Vda5050Topic,
  version: WireVersion = '3.0',
): string {
  return `${FAMILIES[version]}/${manufacturer}/${serialNumber}/${topic}`
}

/** `wardlight/v1/{manufacturer}/{serialNumber}/{topic}`. */
export function wardlightTopic({ manufacturer, serialNumber }: RobotAddress, topic: WardlightTopic): string {
  return `wardlight/v1/${manufacturer}/${serialNumber}/${topic}`
}

export const ANY_ROBOT: RobotAddress = { manufacturer: '+', serialNumber: '+' }

export interface RobotTopic {
  readonly address: RobotAddress
  readonly topic: Vda5050Topic | WardlightTopic
  /** Of the VDA 5050 on this topic; `null` on Wardlight's own. The header's `version` tells 2.0 from 2.1. */
  readonly major: 2 | 3 | null
}

/** Reads a topic of any family; `null` for any other. */
export function parseRobotTopic(topic: string): RobotTopic | null {
  const [family, version, manufacturer, serialNumber, last, ...rest] = topic.split('/')
  if (!manufacturer || !serialNumber || last === undefined || rest.length > 0) return null
  const address = { manufacturer, serialNumber }
  const found = (known: readonly string[], major: RobotTopic['major']): RobotTopic | null =>
    known.includes(last) ? { address, topic: last as RobotTopic['topic'], major } : null
  switch (`${family}/${version}`) {
    case FAMILIES['3.0']:
      return found(VDA5050_TOPICS, 3)
    case FAMILIES['2.1']:
      return found(VDA5050_TOPICS, 2)
    case 'wardlight/v1':
      return found(WARDLIGHT_TOPICS, null)
    default:
      return null
  }
}
