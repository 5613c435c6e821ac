import type { Connection, RobotAddress, State } from '@wardlight/core/vda5050'
import { VirtualVehicle } from '../../conformance/virtual-vehicle.ts'

export function crowdAddress(index: number): RobotAddress {
  return { manufacturer: 'crowd', serialNumber: `r${index}` }
}

export interface CrowdPlace {
  readonly x: number
  readonly y: number
  readonly levelId: string
}

/** What a robot that stands there says. */
export function stateText(address: RobotAddress, headerId: number, { x, y, levelId }: CrowdPlace): string {
  const vehicle = new VirtualVehicle({ x, y, theta: 0, mapId: levelId, localized: true }, 0.5)
  const state: State = {
    headerId,
    timestamp: new Date().toISOString(),
    version: '3.0.0',
    ...address,
    ...vehicle.state(),
  }
  return JSON.stringify(state)
}

/** What a robot says as soon as it is connected. */
export function onlineText(address: RobotAddress): string {
  const connection: Connection = {
    headerId: 1,
    timestamp: new Date().toISOString(),
    version: '3.0.0',
    ...address,
    connectionState: 'ONLINE',
  }
  return JSON.stringify(connection)
}
