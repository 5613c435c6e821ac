import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ReadinessSchema, type Readiness } from '@wardlight/core/fleet'
import { sql } from 'drizzle-orm'
import Type from 'typebox'
import type { OpenDatabase } from '../../store/database.ts'
import { ERRORS } from '../shared.ts'

/** A database that takes longer is not there for people either, milliseconds. */
const DATABASE_ANSWERS_WITHIN_MS = 2000

/** What load balancers and supervisors ask: `/health` whether the process lives, `/api/ready` whether it can serve. */
export const readinessRoutes: FastifyPluginAsyncTypebox<{
  version: string
  readiness: () => Promise<Readiness>
}> = async (app, { version, readiness }) => {
  app.get(
    '/health',
    { schema: { response: { 200: Type.Object({ status: Type.Literal('ok'), version: Type.String() }) } } },
    async () => ({ status: 'ok' as const, version }),
  )
  app.get(
    '/api/ready',
    {
      config: { roles: 'anyone' },
      schema: { response: { 200: ReadinessSchema, 503: ReadinessSchema, ...ERRORS } },
    },
    async (_request, reply) => {
      const answer = await readiness()
      return reply.code(answer.isReady ? 200 : 503).send(answer)
    },
  )
}

export async function readinessOf(parts: {
  readonly role: Readiness['role']
  readonly database: OpenDatabase
  readonly isBrokerThere: boolean
}): Promise<Readiness> {
  const { role, isBrokerThere } = parts
  const isDatabaseThere = await answers(parts.database)
  return {
    isReady: role !== 'none' && isDatabaseThere && isBrokerThere,
    role,
    isDatabaseThere,
    isBrokerThere,
  }
}

async function answers({ queries }: OpenDatabase): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), DATABASE_ANSWERS_WITHIN_MS)
  })
  const asked = queries.execute(sql`select 1`).then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([asked, late])
  } finally {
    clearTimeout(timer)
  }
}
