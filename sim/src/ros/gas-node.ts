import type { Clock } from '@wardlight/core/clock'
import {
  GAS_TOPICS,
  rosHeader,
  type DiagnosticStatus,
  type Publisher,
  type RosGraph,
  type RosMessages,
  type RosMessageType,
} from '@wardlight/core/ros'
import type { PlacedSensors } from '../world/placed-sensors.ts'
import type { Robot } from '../world/robot.ts'
import type { Vaporiser } from '../world/vaporiser.ts'
import type { DamperName, Ventilation } from '../world/ventilation.ts'

/** The air of a room, as the robot's own sensors find it. */
export interface RoomAir {
  readonly temperatureC: number
  readonly relativeHumidityPercent: number
}

export interface GasNodeParts {
  readonly robot: Robot
  readonly vaporiser: Vaporiser
  readonly graph: RosGraph
  readonly clock: Clock
  readonly ventilation: Ventilation
  readonly sensors: PlacedSensors
  /** The room in which the robot truly stands. */
  readonly roomId: () => string | null
  readonly air: (roomId: string | null) => RoomAir
  /** A command to the generator took effect, between two steps too. */
  readonly onCommand: () => void
  /** Spreads the robots' messages over the steps. */
  readonly phase: number
}

/** Steps of 10 ms between two messages. */
const EVERY = { fast: 10, slow: 100 } as const
const DAMPERS: readonly DamperName[] = ['supply', 'exhaust']

/** The robot's side of `GAS_TOPICS` on its own graph: generator, and the radio to dampers and sensors. */
export class GasNode {
  readonly #parts: GasNodeParts
  readonly #publishers = new Map<string, Publisher<never>>()
  readonly #disposables: { dispose(): void }[] = []
  readonly #commandedRooms = new Set<string>()
  #step = 0
  #wasRunning = false
  #lastDampers = ''

  constructor(parts: GasNodeParts) {
    this.#parts = parts
    this.#step = parts.phase
  }

  start(): void {
    const { graph, clock, vaporiser, ventilation, onCommand } = this.#parts
    this.#disposables.push(
      graph.createSubscription('std_msgs/msg/Float32', GAS_TOPICS.vaporiserCommand, ({ data }) => {
        vaporiser.command(data, clock.monotonicMs())
        onCommand()
        this.#publishRate(false)
      }),
      graph.createSubscription('diagnostic_msgs/msg/KeyValue', GAS_TOPICS.damperCommand, ({ key, value }) => {
        this.#commandedRooms.add(key.slice(0, key.lastIndexOf('/')))
        ventilation.command(key, value)
      }),
    )
  }

  stop(): void {
    for (const disposable of this.#disposables.splice(0)) disposable.dispose()
    this.#publishers.clear()
  }

  report(): void {
    this.#step += 1
    const isFast = this.#step % EVERY.fast === 0
    this.#publishRate(isFast)
    this.#publishDampers(isFast)
    if (this.#step % EVERY.slow === 0) this.#publishSlow()
  }

  #publishRate(isRegular: boolean): void {
    const { vaporiser } = this.#parts
    const isRunning = vaporiser.rateGPerMin > 0
    if (vaporiser.fault === 'silent' || (!isRegular && isRunning === this.#wasRunning)) return
    this.#wasRunning = isRunning
    this.#publish('std_msgs/msg/Float32', GAS_TOPICS.vaporiserRate, { data: vaporiser.rateGPerMin })
  }

  #publishDampers(isRegular: boolean): void {
    const { ventilation, roomId } = this.#parts
    const here = isRegular ? roomId() : null
    if (!isRegular && this.#commandedRooms.size === 0) return
    const rooms = new Set(here === null ? this.#commandedRooms : [here, ...this.#commandedRooms])
    const status = [...rooms].flatMap((id) =>
      DAMPERS.map((name) => damperStatus(`${id}/${name}`, ventilation.reported(id, name))),
    )
    const words = isRegular ? '' : status.map(({ message }) => message).join()
    if (!isRegular && words === this.#lastDampers) return
    this.#lastDampers = words === '' ? this.#lastDampers : words
    this.#publish('diagnostic_msgs/msg/DiagnosticArray', GAS_TOPICS.dampers, {
      header: this.#header(''),
      status,
    })
  }

  #publishSlow(): void {
    const { vaporiser, sensors, clock, roomId, air } = this.#parts
    this.#publish('std_msgs/msg/Float32', GAS_TOPICS.vaporiserTank, { data: vaporiser.tankMl })
    const pair = (key: string, value: number) => ({ key, value: String(value) })
    this.#publish('diagnostic_msgs/msg/DiagnosticArray', GAS_TOPICS.gasSensors, {
      header: this.#header(''),
      status: sensors.words(clock.monotonicMs()).map(({ id, roomId: where, ppm, ageMs, bumpTestAgeMs }) => ({
        level: ppm === null ? 3 : 0,
        name: id,
        message: ppm === null ? 'no reading' : 'reads',
        hardware_id: id,
        values: [
          { key: 'room_id', value: where },
          ...(ppm === null ? [] : [pair('h2o2_ppm', ppm)]),
          pair('age_s', ageMs / 1000),
          ...(Number.isFinite(bumpTestAgeMs) ? [pair('bump_test_age_s', bumpTestAgeMs / 1000)] : []),
        ],
      })),
    })
    const { temperatureC, relativeHumidityPercent } = air(roomId())
    const header = this.#header('base_link')
    this.#publish('sensor_msgs/msg/Temperature', GAS_TOPICS.temperature, {
      header,
      temperature: temperatureC,
      variance: 0,
    })
    this.#publish('sensor_msgs/msg/RelativeHumidity', GAS_TOPICS.humidity, {
      header,
      relative_humidity: relativeHumidityPercent / 100,
      variance: 0,
    })
  }

  #publish<Type extends RosMessageType>(type: Type, topic: string, message: RosMessages[Type]): void {
    if (this.#parts.robot.silentTopics.has(topic)) return
    let publisher = this.#publishers.get(topic) as Publisher<RosMessages[Type]> | undefined
    if (publisher === undefined) {
      publisher = this.#parts.graph.createPublisher(type, topic)
      this.#publishers.set(topic, publisher)
    }
    publisher.publish(message)
  }

  #header(frameId: string) {
    return rosHeader(this.#parts.clock.epochMs(), frameId)
  }
}

function damperStatus(name: string, openness: number | null): DiagnosticStatus {
  const status = (level: number, message: string) => ({ level, name, message, hardware_id: name, values: [] })
  if (openness === null) return status(3, 'no contact')
  if (openness === 0) return status(0, 'shut')
  return status(1, openness === 1 ? 'open' : 'moving')
}
