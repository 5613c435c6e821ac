import { wardError } from '@wardlight/core/errors'
import type { RosGraph } from '@wardlight/core/ros'

/**
 * The ROS graph of the robot that this process runs on.
 *
 * @throws WARD_ERR_ROS always: this build has no graph over rclnodejs yet. It drives robots through a
 *   graph that is handed to `createRobotAgent`, as the simulation does.
 */
export function openRosGraph(environment: Readonly<Record<string, string | undefined>>): Promise<RosGraph> {
  const isSourced = Boolean(environment['ROS_DISTRO']) && Boolean(environment['AMENT_PREFIX_PATH'])
  return Promise.reject(
    isSourced
      ? wardError('WARD_ERR_ROS', {
          what: 'this build drives robots through the embedded graph only; it cannot join a ROS 2 graph yet',
          remedy: 'Use the simulation: `npm run wardlight -- start` or `demo`.',
        })
      : wardError('WARD_ERR_ROS', {
          what: 'ROS 2 is not sourced: ROS_DISTRO and AMENT_PREFIX_PATH are not set',
        }),
  )
}
