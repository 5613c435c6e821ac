import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { wardError } from '@wardlight/core/errors'
import { floorPlanView, type FloorPlanView } from '@wardlight/core/fleet'
import Type from 'typebox'
import type { FloorIndex } from '../../services/floor-index.ts'
import type { Ledger } from '../../services/ledger.ts'
import { ANY_ROLE, ERRORS, LevelParams } from '../shared.ts'

/** `FloorPlanView`; its parts are described in `docs/` and in core's types. */
const FloorPlanViewSchema = Type.Unsafe<FloorPlanView>(
  Type.Object(
    { id: Type.String(), name: Type.String(), levels: Type.Array(Type.Object({ id: Type.String() })) },
    { additionalProperties: true },
  ),
)

export const floorRoutes: FastifyPluginAsyncTypebox<{ floor: FloorIndex; ledger: Ledger }> = async (
  app,
  { floor, ledger },
) => {
  app.get(
    '/api/floor',
    {
      config: { roles: ANY_ROLE, wards: 'none' },
      schema: { response: { 200: FloorPlanViewSchema, ...ERRORS } },
    },
    async (): Promise<FloorPlanView> => {
      const view = floorPlanView(floor.plan)
      return {
        ...view,
        levels: view.levels.map((level) => ({
          ...level,
          rooms: level.rooms.map((room) => ({ ...room, name: ledger.room(room.id).name ?? room.name })),
        })),
      }
    },
  )
  app.get(
    '/api/floor/levels/:levelId/occupancy',
    {
      config: { roles: ANY_ROLE, wards: 'none' },
      schema: {
        params: LevelParams,
        response: { 200: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }), ...ERRORS },
      },
    },
    async ({ params }, reply) => {
      const { occupancy } = floor.level(params.levelId)
      if (occupancy === null) {
        throw wardError('WARD_ERR_NOT_FOUND', {
          what: `Level ${params.levelId} is drawn as lines and has no occupancy grid`,
          where: 'levelId',
          remedy: 'Draw its walls.',
        })
      }
      const { buffer, byteOffset, byteLength } = occupancy.data
      reply.type('application/octet-stream').header('cache-control', 'private, max-age=60')
      return reply.send(Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength))
    },
  )
}
