import {
  ComplianceExportQuerySchema,
  ComplianceQuerySchema,
  ComplianceViewSchema,
  OutbreakQuerySchema,
  OutbreakViewSchema,
  type ComplianceExportQuery,
  type ComplianceQuery,
  type OutbreakQuery,
  type OutbreakView,
} from '@wardlight/core/fleet'
import { wardError } from '@wardlight/core/errors'
import type { FastifyPluginAsync } from 'fastify'
import { csvText } from '../../domain/compliance/csv.ts'
import { outbreakTable, tableOf } from '../../domain/compliance/tables.ts'
import { outbreakIn, type WardScope } from '../../domain/ward-scope.ts'
import type { Compliance } from '../../services/compliance.ts'
import { ANY_ROLE, ERRORS } from '../shared.ts'

/** What was due and done, and how it went. Counted for whoever asks, of the rooms that they see. */
export const complianceRoutes: FastifyPluginAsync<{ readonly compliance: Compliance }> = async (
  app,
  { compliance },
) => {
  app.get<{ Querystring: ComplianceQuery }>(
    '/api/compliance',
    {
      config: {
        roles: ANY_ROLE,
        // Percentiles of many wards cannot be taken apart again: they are made for whom they are told.
        wards: { told: (scope: WardScope, query: ComplianceQuery) => compliance.view(query, scope) },
      },
      schema: { querystring: ComplianceQuerySchema, response: { 200: ComplianceViewSchema, ...ERRORS } },
    },
    async (request) => request.query,
  )
  app.get<{ Querystring: OutbreakQuery }>(
    '/api/compliance/outbreak',
    {
      config: { roles: ANY_ROLE, wards: { told: outbreakIn } },
      schema: { querystring: OutbreakQuerySchema, response: { 200: OutbreakViewSchema, ...ERRORS } },
    },
    async (request): Promise<OutbreakView> => compliance.outbreak(request.query),
  )
  app.get<{ Querystring: ComplianceExportQuery }>(
    '/api/compliance/export.csv',
    {
      config: {
        roles: ANY_ROLE,
        wards: {
          told: (scope: WardScope, query: ComplianceExportQuery) => exported(compliance, query, scope),
        },
      },
      schema: { querystring: ComplianceExportQuerySchema },
    },
    async (request, reply) =>
      reply
        .type('text/csv; charset=utf-8; header=present')
        .header('content-disposition', `attachment; filename="wardlight-${request.query.table}.csv"`)
        .serializer((text: string) => text)
        .send(request.query),
  )
}

/** @throws WARD_ERR_VALIDATION where a table is asked for with what it does not take */
async function exported(
  compliance: Compliance,
  { table, organism, since, ...query }: ComplianceExportQuery,
  scope: WardScope,
): Promise<string> {
  if (table !== 'outbreak') {
    if (organism !== undefined || since !== undefined) throw notTaken(table, 'organism and since', 'organism')
    return csvText(tableOf(table, await compliance.view(query, scope)))
  }
  if (Object.values(query).some((value) => value !== undefined)) {
    throw notTaken(table, 'from, to and ward', 'from')
  }
  if (organism === undefined) {
    throw wardError('WARD_ERR_VALIDATION', {
      what: 'No organism is named',
      where: 'organism',
      remedy: 'Give the id of one that GET /api/organisms lists.',
    })
  }
  const view = await compliance.outbreak({ organism, ...(since === undefined ? {} : { since }) })
  return csvText(outbreakTable(outbreakIn(scope, view)))
}

function notTaken(table: string, what: string, where: string): Error {
  return wardError('WARD_ERR_VALIDATION', {
    what: `The table ${table} does not take ${what}`,
    where,
    remedy: 'Leave them out.',
  })
}
