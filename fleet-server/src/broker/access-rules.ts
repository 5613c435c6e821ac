import { vda5050Topic, wardlightTopic, WIRE_VERSIONS, type RobotAddress } from '@wardlight/core/vda5050'

/** The topics that a robot may write: its own, and of these only what robots say. */
export function mayPublish(robot: RobotAddress, topic: string): boolean {
  return (
    (['state', 'connection', 'factsheet', 'visualization'] as const).some((own) =>
      WIRE_VERSIONS.some((version) => topic === vda5050Topic(robot, own, version)),
    ) || (['mission', 'scan', 'peroxide'] as const).some((own) => topic === wardlightTopic(robot, own))
  )
}

/** The topics that a robot may read: what the fleet says to it. Wildcards match no name, so they are refused. */
export function maySubscribe(robot: RobotAddress, filter: string): boolean {
  return (['order', 'instantActions', 'responses', 'zoneSet'] as const).some((own) =>
    WIRE_VERSIONS.some((version) => filter === vda5050Topic(robot, own, version)),
  )
}
