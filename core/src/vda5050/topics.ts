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

/** `vda5050/v3/{manufacturer}/{serialNumber}/{topic}` (VDA 5050 3.0, "Topics for communication"). `+` as wildcard is fine. */
export function vda5050Topic({ manufacturer, serialNumber }: RobotAddress, topic: Vda5050Topic): string {
  return `vda5050/v3/${manufacturer}/${serialNumber}/${topic}`
}

/** `wardlight/v1/{manufacturer}/{serialNumber}/{topic}`. */
export function wardlightTopic({ manufacturer, serialNumber }: RobotAddress, topic: WardlightTopic): string {
  return `wardlight/v1/${manufacturer}/${serialNumber}/${topic}`
}

export const ANY_ROBOT: RobotAddress = { manufacturer: '+', serialNumber: '+' }

/** Reads a topic of either family; `null` for any other. */
export function parseRobotTopic(
  topic: string,
): { readonly address: RobotAddress; readonly topic: Vda5050Topic | WardlightTopic } | null {
  const [family, version, manufacturer, serialNumber, last, ...rest] = topic.split('/')
  if (!manufacturer || !serialNumber || last === undefined || rest.length > 0) return null
  const address = { manufacturer, serialNumber }
  const isVda = family === 'vda5050' && version === 'v3'
  const isOwn = family === 'wardlight' && version === 'v1'
  const known: readonly string[] = isVda ? VDA5050_TOPICS : isOwn ? WARDLIGHT_TOPICS : []
  return known.includes(last) ? { address, topic: last as Vda5050Topic | WardlightTopic } : null
}
