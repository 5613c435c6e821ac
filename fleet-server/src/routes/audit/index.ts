import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AuditPageSchema, AuditQuerySchema, type Role } from '@wardlight/core/fleet'
import type { AuditLog } from '../../audit/audit-log.ts'
import { exportLines } from '../../audit/audit-file.ts'
import { ERRORS } from '../shared.ts'

const WHO_AUDITS: readonly Role[] = ['administrator', 'auditor']

export const auditRoutes: FastifyPluginAsyncTypebox<{ audit: AuditLog }> = async (app, { audit }) => {
  app.get(
    '/api/audit',
    {
      config: { roles: WHO_AUDITS, wards: 'none' },
      schema: { querystring: AuditQuerySchema, response: { 200: AuditPageSchema, ...ERRORS } },
    },
    (request) => audit.page(request.query),
  )
  app.get('/api/audit/export', { config: { roles: WHO_AUDITS, wards: 'none' } }, async (_request, reply) => {
    const head = await audit.head()
    return reply
      .type('application/x-ndjson')
      .header('content-disposition', `attachment; filename="wardlight-audit-${head.sequence}.ndjson"`)
      .send(Readable.from(exportLines(audit.entries(head), head)))
  })
}
