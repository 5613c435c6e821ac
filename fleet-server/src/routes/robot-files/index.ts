import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { nothingThere, zoneSetText, type RobotFiles } from '../../services/robot-files.ts'
import type { Zones } from '../../services/zones.ts'
import { ERRORS, Id } from '../shared.ts'

const Proof = Type.Object({
  expires: Type.Integer({ minimum: 0 }),
  signature: Type.String({ maxLength: 100 }),
})
const File = Type.Unsafe<string>({ type: 'object' })

/** Files that robots fetch: the link itself is what lets them in. */
export const robotFileRoutes: FastifyPluginAsyncTypebox<{
  readonly robotFiles: RobotFiles
  readonly zones: Zones
}> = async (app, { robotFiles, zones }) => {
  app.get(
    '/api/maps/:mapId/:mapVersion',
    {
      config: { roles: 'anyone' },
      schema: {
        params: Type.Object({ mapId: Id, mapVersion: Id }),
        querystring: Proof,
        response: { 200: File, ...ERRORS },
      },
    },
    async ({ params: { mapId, mapVersion }, query }, reply) => {
      return sendFile(reply, robotFiles.mapByLink(mapId, mapVersion, query))
    },
  )
  app.get(
    '/api/zone-sets/:zoneSetId',
    {
      config: { roles: 'anyone' },
      schema: {
        params: Type.Object({ zoneSetId: Id }),
        querystring: Proof,
        response: { 200: File, ...ERRORS },
      },
    },
    async ({ params: { zoneSetId }, query }, reply) => {
      robotFiles.checkZoneSetLink(zoneSetId, query)
      const set = zones.sent(zoneSetId)
      if (set === undefined) throw nothingThere()
      return sendFile(reply, zoneSetText(set))
    },
  )
}

/** A file is the very bytes that its hash is of. */
function sendFile(reply: FastifyReply, text: string) {
  const headers = { 'content-type': 'application/json', 'cache-control': 'private, no-store' }
  return reply
    .headers(headers)
    .serializer(() => text)
    .send(text)
}
