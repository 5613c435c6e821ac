import { ANY_ROBOT, vda5050Topic, wardlightTopic } from '@wardlight/core/vda5050'

export type MessageListener = (topic: string, payload: Buffer) => void

/** The fleet's end of the MQTT wire: a broker in this process, or a client of one outside. */
export interface FleetBroker {
  /** Where robots connect: `mqtt://host:port`. Known once started. */
  readonly url: string
  /** Every message of a robot goes to `listener` from now on, retained ones first. */
  start(listener: MessageListener): Promise<void>
  /** Resolves when the broker has taken the message, at QoS 1. @throws WARD_ERR_BROKER */
  publish(topic: string, payload: string): Promise<void>
  isConnected(): boolean
  stop(): Promise<void>
}

/** All topics on which robots speak. */
export const ROBOT_TOPIC_FILTERS: readonly string[] = [
  // One version of each major: 2.0 and 2.1 share their topics.
  ...(['2.1', '3.0'] as const).flatMap((version) =>
    (['connection', 'factsheet', 'state', 'visualization'] as const).map((topic) =>
      vda5050Topic(ANY_ROBOT, topic, version),
    ),
  ),
  wardlightTopic(ANY_ROBOT, 'mission'),
  wardlightTopic(ANY_ROBOT, 'scan'),
  wardlightTopic(ANY_ROBOT, 'peroxide'),
]
