import { createEmbeddedBroker } from './broker/embedded-broker.ts'
import type { FleetBroker } from './robots/fleet-broker.ts'
import { createMqttFleetBroker } from './robots/mqtt-fleet-broker.ts'
import type { RobotStore } from './robots/robot-credentials.ts'
import type { FleetServerOptions } from './server-options.ts'

/** The broker of a server that shares with no other: in its process, or outside. */
export function createOwnBroker(options: FleetServerOptions, robots: RobotStore): FleetBroker {
  return options.mqttUrl === undefined
    ? createEmbeddedBroker({
        host: options.host,
        port: options.mqttPort,
        authenticate: (username, password) => robots.authenticate(username, password),
        log: options.log,
      })
    : createMqttFleetBroker(options.mqttUrl)
}
