import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ProofViewSchema, SigningKeyViewSchema } from '@wardlight/core/fleet'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import type { Proofs } from '../../reports/proofs.ts'
import type { SigningKeys } from '../../reports/signing-keys.ts'
import type { Ledger } from '../../services/ledger.ts'
import { ANY_ROLE, ERRORS, MissionParams } from '../shared.ts'

const ProofParams = Type.Object({ sequence: Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 }) })
const File = Type.Unsafe<Uint8Array>({ type: 'string', format: 'binary' })

/** What was proven, as whoever doubts it takes it away. */
export const proofRoutes: FastifyPluginAsyncTypebox<{
  readonly ledger: Ledger
  readonly proofs: Proofs
  readonly signingKeys: SigningKeys
}> = async (app, { ledger, proofs, signingKeys }) => {
  app.get(
    '/api/missions/:missionId/proofs',
    {
      config: { roles: ANY_ROLE, wards: 'named' },
      schema: { params: MissionParams, response: { 200: Type.Array(ProofViewSchema), ...ERRORS } },
    },
    async ({ params }) => proofs.ofMission((await ledger.mission(params.missionId)).id),
  )
  app.get(
    '/api/proofs/newest',
    {
      config: { roles: ANY_ROLE, wards: 'none' },
      schema: { response: { 200: Type.Union([ProofViewSchema, Type.Null()]), ...ERRORS } },
    },
    async () => proofs.newest(),
  )
  app.get(
    '/api/proofs/keys',
    { config: { roles: ANY_ROLE, wards: 'none' }, schema: { response: { 200: File, ...ERRORS } } },
    async (_, reply) =>
      sendFile(reply, 'application/x-pem-file', 'wardlight-proof-keys.pem', await signingKeys.publicPem()),
  )
  app.post(
    '/api/proofs/keys',
    {
      config: { roles: ['administrator'], wards: 'none' },
      schema: { response: { 201: Type.Array(SigningKeyViewSchema), ...ERRORS } },
    },
    async (_, reply) => {
      await signingKeys.rotate()
      return reply.status(201).send(await signingKeys.views())
    },
  )
  app.get(
    '/api/proofs/:sequence',
    {
      config: { roles: ANY_ROLE, wards: 'named' },
      schema: { params: ProofParams, response: { 200: File, ...ERRORS } },
    },
    async ({ params: { sequence } }, reply) =>
      sendFile(reply, 'application/json', fileName(sequence, 'json'), await proofs.file(sequence)),
  )
  app.get(
    '/api/proofs/:sequence/pdf',
    {
      config: { roles: ANY_ROLE, wards: 'named' },
      schema: { params: ProofParams, response: { 200: File, ...ERRORS } },
    },
    async ({ params: { sequence } }, reply) =>
      sendFile(reply, 'application/pdf', fileName(sequence, 'pdf'), await proofs.pdf(sequence)),
  )
}

/** Sorted by name they are in the order of the chain. */
function fileName(sequence: number, ending: string): string {
  return `proof-${String(sequence).padStart(6, '0')}.${ending}`
}

/** A file goes out as the very bytes that its hash is of. */
function sendFile(reply: FastifyReply, type: string, name: string, body: string | Uint8Array) {
  return reply
    .headers({
      'content-type': type,
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'private, no-store',
    })
    .send(typeof body === 'string' ? Buffer.from(body) : body)
}
