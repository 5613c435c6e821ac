import { VDA5050_VERSION, type RobotAddress } from '@wardlight/core/vda5050'

/**
 * How far from an order's first node the robot may stand when it takes the order, metres. It stood there
 * a moment ago; half a metre covers what localisation shifts meanwhile.
 */
export const START_TOLERANCE_M = 0.5

export interface OrderHead {
  readonly address: RobotAddress
  /** ISO 8601. */
  readonly timestamp: string
  readonly headerId: number
}

/** What every VDA 5050 message begins with. */
export function messageHeader({ address, timestamp, headerId }: OrderHead) {
  return {
    headerId,
    timestamp,
    version: VDA5050_VERSION,
    manufacturer: address.manufacturer,
    serialNumber: address.serialNumber,
  }
}
