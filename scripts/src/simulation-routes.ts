import { wardError } from '@wardlight/core/errors'
import { findRoom, type FloorPlan } from '@wardlight/core/floor'
import type { World } from '@wardlight/sim'
import type { FastifyInstance } from 'fastify'
import { letPersonEnter, openDoor, prepareForGas } from './demo/events.ts'

const signedIn = {
  config: { roles: ['nurse', 'clinician', 'engineer', 'administrator'], wards: 'none' },
} as const

/**
 * What hands do in a real hospital, offered over HTTP for a simulated one: press a robot's arming
 * button, walk into a room, open its door. Only the composing command adds these routes.
 */
export function simulationRoutes(
  getWorld: () => World | null,
  plan: FloorPlan,
  setSpeed: (factor: number) => void,
) {
  const worldNow = (): World => {
    const world = getWorld()
    if (world === null) {
      throw wardError('WARD_ERR_CONFLICT', {
        what: 'the simulation is still starting',
        remedy: 'Try again in a moment.',
      })
    }
    return world
  }
  return async function simulation(app: FastifyInstance): Promise<void> {
    app.post<{ Params: { robotId: string } }>(
      '/api/simulation/robots/:robotId/arm-button',
      signedIn,
      async ({ params }, reply) => {
        robotOf(worldNow(), params.robotId).pressArmButton()
        return reply.code(204).send()
      },
    )
    // A cycle takes hours, and whoever tries it out has minutes.
    app.post<{ Body: { factor: number } }>(
      '/api/simulation/speed',
      {
        ...signedIn,
        schema: {
          body: {
            type: 'object',
            required: ['factor'],
            properties: { factor: { type: 'number', exclusiveMinimum: 0, maximum: 1000 } },
          },
        },
      },
      async ({ body }, reply) => {
        setSpeed(body.factor)
        return reply.code(204).send()
      },
    )
    app.post<{ Params: { roomId: string } }>(
      '/api/simulation/rooms/:roomId/prepare-for-gas',
      signedIn,
      async ({ params }, reply) => {
        const { level, room } = findRoom(plan, params.roomId)
        prepareForGas(worldNow(), level, room)
        return reply.code(204).send()
      },
    )
    app.post<{ Params: { roomId: string } }>(
      '/api/simulation/rooms/:roomId/person',
      signedIn,
      async ({ params }, reply) => {
        const { level, room } = findRoom(plan, params.roomId)
        letPersonEnter(worldNow(), level, room)
        return reply.code(204).send()
      },
    )
    app.post<{ Params: { roomId: string } }>(
      '/api/simulation/rooms/:roomId/door',
      signedIn,
      async ({ params }, reply) => {
        const { level, room } = findRoom(plan, params.roomId)
        openDoor(worldNow(), level, room)
        return reply.code(204).send()
      },
    )
  }
}

function robotOf(world: World, robotId: string) {
  const robot = world.robots.get(robotId)
  if (robot === undefined) {
    throw wardError('WARD_ERR_NOT_FOUND', {
      what: `the simulation has no robot "${robotId}"`,
      remedy: `It has ${[...world.robots.keys()].join(', ')}.`,
    })
  }
  return robot
}
