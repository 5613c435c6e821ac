import type { Clock, TimerId } from '@wardlight/core/clock'
import type { FloorPlan } from '@wardlight/core/floor'
import type { World } from '@wardlight/sim'
import { connectAsync, type MqttClient } from 'mqtt'

/**
 * The simulated hospital's lifts and automatic doors behind MQTT, as a bridge from Open-RMF would offer them. It shares
 * no code with the fleet's adapter: what both got wrong in the same way would not be found.
 */
export async function startLiftController(options: {
  readonly url: string
  readonly plan: FloorPlan
  readonly world: World
  readonly clock: Clock
}): Promise<{ readonly requests: readonly string[]; stop(): Promise<void> }> {
  const { url, plan, world, clock } = options
  const client: MqttClient = await connectAsync(url)
  const requests: string[] = []
  const doors = plan.levels.flatMap((level) => level.doors).filter(({ automatic }) => automatic)
  const levelOf = (floor: string) => plan.levels.find(({ name }) => name === floor)!.id

  client.on('message', (topic, payload) => {
    const text = payload.toString()
    if (topic.endsWith('lift_requests')) {
      const { lift_name, session_id, request_type, destination_floor } = JSON.parse(text) as {
        lift_name: string
        session_id: string
        request_type: number
        destination_floor: string
      }
      const { id } = plan.lifts.find(({ name }) => name === lift_name)!
      requests.push(`${lift_name}: ${request_type === 0 ? 'end' : `to ${destination_floor}`}`)
      if (request_type === 0) world.lifts.endSession(id, session_id)
      else world.lifts.request(id, session_id, levelOf(destination_floor))
    } else if (topic.endsWith('door_requests')) {
      const { door_name, requested_mode } = JSON.parse(text) as {
        door_name: string
        requested_mode: { value: number }
      }
      world.doors.setOpen(doors.find(({ name }) => name === door_name)!.id, requested_mode.value === 2)
    }
  })
  await client.subscribeAsync('wardlight/v1/building/+', { qos: 1 })

  const say = (topic: string, message: object) =>
    client.publish(`wardlight/v1/building/${topic}`, JSON.stringify(message))
  let timer: TimerId = null
  const tell = () => {
    for (const { id, name } of plan.lifts) {
      const { levelId, doors: door, isMoving, mode, sessionId } = world.lifts.status(id)
      say('lift_states', {
        lift_time: { sec: 0, nanosec: 0 },
        lift_name: name,
        available_floors: plan.levels.map((level) => level.name),
        current_floor: plan.levels.find((level) => level.id === levelId)!.name,
        destination_floor: '',
        door_state: { closed: 0, moving: 1, open: 2 }[door],
        motion_state: isMoving ? 1 : 0,
        available_modes: [1, 2],
        current_mode: mode === 'agv' ? 2 : 1,
        session_id: sessionId ?? '',
      })
    }
    for (const { id, name } of doors) {
      const openness = world.doors.openness(id)
      say('door_states', {
        door_name: name,
        current_mode: { value: openness === 1 ? 2 : openness === 0 ? 0 : 1 },
      })
    }
    timer = clock.setTimeout(tell, 1000)
  }
  tell()
  return {
    requests,
    async stop() {
      clock.clearTimeout(timer)
      await client.endAsync(true)
    },
  }
}
