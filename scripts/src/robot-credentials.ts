import { wardError } from '@wardlight/core/errors'
import type { RobotAddress } from '@wardlight/core/vda5050'

/** @throws WARD_ERR_OPTION when it is not `manufacturer/serial` */
export function parseRobotAddress(text: string): RobotAddress {
  const [manufacturer, serialNumber, ...rest] = text.split('/')
  if (!manufacturer || !serialNumber || rest.length > 0 || /[+#\s]/.test(text)) {
    throw wardError('WARD_ERR_OPTION', {
      what: `"${text}" names no robot`,
      where: '--robot',
      remedy: 'Write MANUFACTURER/SERIAL, for example wardlight/uv-01.',
    })
  }
  return { manufacturer, serialNumber }
}

/** A robot's password comes from the environment, so that it shows in no process list. */
export function robotPassword(): string {
  const password = process.env['WARDLIGHT_ROBOT_PASSWORD']
  if (!password) {
    throw wardError('WARD_ERR_OPTION', {
      what: 'there is no password for the robot',
      where: 'WARDLIGHT_ROBOT_PASSWORD',
      remedy: 'Set the environment variable WARDLIGHT_ROBOT_PASSWORD.',
    })
  }
  return password
}
