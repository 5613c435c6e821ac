import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ServerInfoSchema, type ServerInfo } from '@wardlight/core/fleet'
import Type from 'typebox'
import { ERRORS } from '../shared.ts'

export const serverInfoRoutes: FastifyPluginAsyncTypebox<{ info: ServerInfo }> = async (app, { info }) => {
  app.get(
    '/api/server-info',
    { config: { roles: 'anyone' }, schema: { response: { 200: ServerInfoSchema, ...ERRORS } } },
    async () => info,
  )
  app.get(
    '/health',
    { schema: { response: { 200: Type.Object({ status: Type.Literal('ok'), version: Type.String() }) } } },
    async () => ({ status: 'ok' as const, version: info.version }),
  )
}
