import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { RoomPatchSchema, RoomViewSchema, type RoomView } from '@wardlight/core/fleet'
import Type from 'typebox'
import type { LiveBoard } from '../../live/live-board.ts'
import { userOf } from '../../plugins/access.ts'
import type { Rooms } from '../../services/rooms.ts'
import { ANY_ROLE, ERRORS, RoomParams } from '../shared.ts'

export const roomRoutes: FastifyPluginAsyncTypebox<{ board: LiveBoard; rooms: Rooms }> = async (
  app,
  { board, rooms },
) => {
  app.get(
    '/api/rooms',
    {
      config: {
        roles: ANY_ROLE,
        wards: { told: (scope, rooms: RoomView[]) => rooms.filter(({ id }) => scope.mayTouch(id)) },
      },
      schema: { response: { 200: Type.Array(RoomViewSchema), ...ERRORS } },
    },
    async () => board.all('rooms'),
  )
  app.patch(
    '/api/rooms/:roomId',
    {
      config: { roles: ['nurse', 'engineer', 'administrator'], wards: 'named' },
      schema: { params: RoomParams, body: RoomPatchSchema, response: { 200: RoomViewSchema, ...ERRORS } },
    },
    async (request) => {
      const { roomId } = request.params
      await rooms.patch(roomId, request.body, userOf(request))
      return board.get('rooms', roomId)!
    },
  )
}
