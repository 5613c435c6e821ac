import { GAS_TOPICS, type DiagnosticStatus, type Disposable, type RosGraph } from '@wardlight/core/ros'
import {
  damperKey,
  type DamperState,
  type GasEquipment,
  type GasEquipmentReading,
  type GasSensorState,
} from '../robot/ports.ts'

/** Generator, dampers and gas sensors over the robot's ROS graph: `GAS_TOPICS`. */
export function createRosGas(graph: RosGraph): {
  readonly equipment: GasEquipment
  start(): void
  /** Drops every subscription. The generator stops by itself. */
  stop(): void
} {
  const listeners = new Set<(reading: GasEquipmentReading) => void>()
  const tell = (reading: GasEquipmentReading) => {
    for (const listener of [...listeners]) listener(reading)
  }
  const disposables: Disposable[] = []
  const vaporiser = graph.createPublisher('std_msgs/msg/Float32', GAS_TOPICS.vaporiserCommand)
  const dampers = graph.createPublisher('diagnostic_msgs/msg/KeyValue', GAS_TOPICS.damperCommand)
  return {
    equipment: {
      subscribe(listener) {
        listeners.add(listener)
        return { dispose: () => listeners.delete(listener) }
      },
      commandVaporiser: (gPerMin) => vaporiser.publish({ data: gPerMin }),
      commandDamper: (roomId, damper, position) =>
        dampers.publish({ key: damperKey(roomId, damper), value: position }),
    },
    start() {
      disposables.push(
        graph.createSubscription('std_msgs/msg/Float32', GAS_TOPICS.vaporiserRate, ({ data }) =>
          tell({ kind: 'vaporiserRate', gPerMin: data }),
        ),
        graph.createSubscription('std_msgs/msg/Float32', GAS_TOPICS.vaporiserTank, ({ data }) =>
          tell({ kind: 'vaporiserTank', solutionMl: data }),
        ),
        graph.createSubscription('diagnostic_msgs/msg/DiagnosticArray', GAS_TOPICS.dampers, ({ status }) =>
          tell({ kind: 'dampers', states: new Map(status.map((one) => [one.name, damperOf(one)])) }),
        ),
        graph.createSubscription('diagnostic_msgs/msg/DiagnosticArray', GAS_TOPICS.gasSensors, ({ status }) =>
          tell({ kind: 'gasSensors', sensors: status.map(sensorOf) }),
        ),
        graph.createSubscription(
          'sensor_msgs/msg/Temperature',
          GAS_TOPICS.temperature,
          ({ temperature: celsius }) => tell({ kind: 'temperature', celsius }),
        ),
        graph.createSubscription(
          'sensor_msgs/msg/RelativeHumidity',
          GAS_TOPICS.humidity,
          ({ relative_humidity: share }) => tell({ kind: 'humidity', percent: 100 * share }),
        ),
      )
    },
    stop() {
      for (const disposable of disposables.splice(0)) disposable.dispose()
      listeners.clear()
    },
  }
}

/** Only a damper that says OK is shut; only one that says that it is open is open. */
function damperOf({ level, message }: DiagnosticStatus): DamperState {
  if (level === 0) return 'shut'
  if (level === 1) return message === 'open' ? 'open' : 'moving'
  return level === 2 ? 'faulty' : 'lost'
}

function sensorOf({ name, level, values }: DiagnosticStatus): GasSensorState {
  const text = (key: string) => values.find((pair) => pair.key === key)?.value ?? ''
  // What is not written is not zero.
  const number = (key: string) => (text(key).trim() === '' ? Number.NaN : Number(text(key)))
  const ageMs = (key: string) => {
    const seconds = number(key)
    return seconds >= 0 ? 1000 * seconds : Infinity
  }
  const ppm = number('h2o2_ppm')
  return {
    sensorId: name,
    roomId: text('room_id'),
    ppm: level === 0 && Number.isFinite(ppm) && ppm >= 0 ? ppm : null,
    ageMs: ageMs('age_s'),
    bumpTestAgeMs: ageMs('bump_test_age_s'),
  }
}
