import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ServerInfoSchema, type ServerInfo } from '@wardlight/core/fleet'
import { ERRORS } from '../shared.ts'

export const serverInfoRoutes: FastifyPluginAsyncTypebox<{ info: ServerInfo }> = async (app, { info }) => {
  app.get(
    '/api/server-info',
    { config: { roles: 'anyone' }, schema: { response: { 200: ServerInfoSchema, ...ERRORS } } },
    async () => info,
  )
}
