import { vda5050Topic, wardlightTopic, WIRE_VERSIONS, type RobotAddress } from '@wardlight/core/vda5050'

/** What a robot may do on the broker: exact topics, so wildcards match none. */
export interface TopicRights {
  /** Its own, and of these only what robots say. */
  readonly writable: ReadonlySet<string>
  /** What the fleet says to it. */
  readonly readable: ReadonlySet<string>
}

export function topicRights(robot: RobotAddress): TopicRights {
  return {
    writable: new Set([
      ...inAllVersions(robot, ['state', 'connection', 'factsheet', 'visualization']),
      ...(['mission', 'scan', 'peroxide'] as const).map((topic) => wardlightTopic(robot, topic)),
    ]),
    readable: new Set(inAllVersions(robot, ['order', 'instantActions', 'responses', 'zoneSet'])),
  }
}

function inAllVersions(robot: RobotAddress, topics: readonly Parameters<typeof vda5050Topic>[1][]): string[] {
  return WIRE_VERSIONS.flatMap((version) => topics.map((topic) => vda5050Topic(robot, topic, version)))
}
