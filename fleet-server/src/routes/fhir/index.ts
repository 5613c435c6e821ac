import { wardError, type WardError } from '@wardlight/core/errors'
import type { ServerInfo } from '@wardlight/core/fleet'
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { FhirResource } from 'fhir/r4.js'
import Type from 'typebox'
import type { Accounts } from '../../accounts/accounts.ts'
import {
  capabilityStatement,
  FHIR_JSON,
  JSON_PATCH,
  SERVED,
  type ServedType,
} from '../../integrations/fhir/capability-statement.ts'
import type { FhirResources } from '../../integrations/fhir/fhir-resources.ts'
import { plainIdOf } from '../../integrations/fhir/ids.ts'
import { operationOutcome } from '../../integrations/fhir/operation-outcome.ts'
import {
  checkCancellation,
  checkIfNoneExist,
  faultOfTask,
  readTask,
  readTaskRoom,
  withoutUnread,
} from '../../integrations/fhir/read-task.ts'
import { readSearch } from '../../integrations/fhir/search-query.ts'
import { searchset, type Search } from '../../integrations/fhir/searchset.ts'
import type { TaskOrders } from '../../integrations/fhir/task-orders.ts'
import { userOf } from '../../plugins/access.ts'
import { knownError } from '../../plugins/errors.ts'
import type { Requests } from '../../services/requests.ts'
import { siteOf } from '../session/at-request.ts'
import { ANY_ROLE } from '../shared.ts'

interface Services {
  readonly info: ServerInfo
  readonly accounts: Accounts
  readonly requests: Requests
  readonly fhirResources: FhirResources
  readonly taskOrders: TaskOrders
}

type ById = { readonly fhirId: string }

const IdParams = Type.Object({ fhirId: Type.String({ pattern: '^[A-Za-z0-9.-]{1,64}$' }) })
/** FHIR says what is in it; what is read of it is checked by hand, so that an error names its element. */
const Resource = Type.Unsafe<FhirResource>({ type: 'object' })
const ANSWERS = { '2xx': Resource, '4xx': Resource, '5xx': Resource }

/** FHIR R4 under /api/fhir, for the hospital's own systems. */
export const fhirRoutes: FastifyPluginAsync<Services> = async (root, services) => {
  // Errors and bodies are FHIR's here, and nowhere else.
  await root.register(
    async (app) => {
      const { info, accounts, requests, fhirResources, taskOrders } = services
      const originOf = (request: FastifyRequest) => siteOf(request, accounts.publicOrigin).origin
      const baseOf = (request: FastifyRequest) => `${originOf(request)}/api/fhir`
      const roomIdOf = (locationId: string) => fhirResources.roomIdOf(locationId)
      const send = (reply: FastifyReply, resource: object) =>
        reply.type(`${FHIR_JSON}; charset=utf-8`).send(resource)

      app.setErrorHandler((error: FastifyError | WardError, request, reply) => {
        const { known, status } = knownError(error, request)
        return send(reply.code(status), operationOutcome(known))
      })
      app.setNotFoundHandler((request, reply) => {
        const known = wardError('WARD_ERR_NOT_FOUND', {
          what: `There is no ${request.method} ${request.url}`,
          remedy: 'See GET /api/fhir/metadata.',
        })
        return send(reply.code(404), operationOutcome(known))
      })
      app.removeAllContentTypeParsers()
      app.addContentTypeParser(
        [FHIR_JSON, JSON_PATCH, 'application/json'],
        { parseAs: 'string' },
        (_request, text: string, done) => {
          const body = parsed(text)
          if (body === undefined) done(notJson())
          else done(null, withoutUnread(body))
        },
      )
      app.addHook('preHandler', async (request) => checkAccept(request))

      app.get(
        '/metadata',
        { config: { roles: 'anyone' }, schema: { response: ANSWERS } },
        async (request, reply) =>
          send(
            reply,
            capabilityStatement({
              base: baseOf(request),
              version: info.version,
              hospitalName: info.hospitalName,
            }),
          ),
      )

      for (const type of Object.keys(SERVED) as ServedType[]) {
        app.get(
          `/${type}`,
          { config: { roles: ANY_ROLE, wards: { told: searchset } }, schema: { response: ANSWERS } },
          async (request, reply) => {
            const origin = originOf(request)
            const url = new URL(request.url, origin)
            const query = readSearch(url.searchParams, SERVED[type])
            const search: Search = {
              base: baseOf(request),
              url,
              query,
              candidates: await fhirResources.all(type, origin),
            }
            return send(reply, search)
          },
        )
        app.get<{ Params: ById }>(
          `/${type}/:fhirId`,
          {
            config: { roles: ANY_ROLE, wards: { named: ({ fhirId }: ById) => roomsOf(type, fhirId) } },
            schema: { params: IdParams, response: ANSWERS },
          },
          async (request, reply) => {
            const { make } = await fhirResources.one(type, request.params.fhirId, originOf(request))
            return send(reply, await make())
          },
        )
      }

      app.post(
        '/Task',
        {
          config: {
            roles: ['nurse'],
            wards: { asked: (body: unknown) => [readTaskRoom(body, roomIdOf)] },
          },
          schema: { response: ANSWERS },
        },
        async (request, reply) => {
          const order = readTask(request.body, roomIdOf)
          const wanted = request.headers['if-none-exist']
          if (wanted !== undefined) checkIfNoneExist(String(wanted), order)
          const { row, isNew } = await taskOrders.place(order, userOf(request)).catch((error: unknown) => {
            throw faultOfTask(error)
          })
          const task = await fhirResources.requestTask(row)
          return send(
            reply.code(isNew ? 201 : 200).header('location', `${baseOf(request)}/Task/${task.id ?? ''}`),
            task,
          )
        },
      )
      for (const method of ['PUT', 'PATCH'] as const) {
        app.route<{ Params: ById }>({
          method,
          url: '/Task/:fhirId',
          config: { roles: ['nurse'], wards: { named: ({ fhirId }: ById) => roomsOf('Task', fhirId) } },
          schema: { params: IdParams, response: ANSWERS },
          handler: async (request, reply) => {
            const { fhirId } = request.params
            checkCancellation(request.body, method, fhirId)
            const row = await requests.withdraw(requestIdOf(fhirId))
            return send(reply, await fhirResources.requestTask(row))
          },
        })
      }

      async function roomsOf(type: ServedType, fhirId: string): Promise<readonly string[]> {
        const { roomId } = await fhirResources.one(type, fhirId, '')
        return roomId === null ? [] : [roomId]
      }
    },
    { prefix: '/api/fhir' },
  )
}

/** @throws WARD_ERR_CONFLICT for a treatment that a robot has begun: it is stopped where people see it */
function requestIdOf(fhirId: string): string {
  const requestId = plainIdOf('request', fhirId)
  if (requestId !== null) return requestId
  throw wardError('WARD_ERR_CONFLICT', {
    what: 'This Task is the treatment by a robot, not the request for it',
    where: 'Task.id',
    remedy: 'Stop the treatment in Wardlight.',
  })
}

/** Resources are JSON, and nothing else. @throws WARD_ERR_NOT_ACCEPTABLE */
function checkAccept({ url, headers: { accept } }: FastifyRequest): void {
  const format = new URL(url, 'http://localhost').searchParams.get('_format')
  // A plus sign that is not escaped is a space.
  const isJson = (type: string) => JSON_TYPES.has(type.trim().toLowerCase().replace(' ', '+'))
  const wanted = format ?? accept ?? '*/*'
  const types = wanted.split(',').filter((range) => !/;\s*q=0(\.0*)?\s*(;|$)/.test(range))
  if (types.some((range) => isJson(range.split(';')[0]!))) return
  throw wardError('WARD_ERR_NOT_ACCEPTABLE', {
    what: `${JSON.stringify(wanted)} is not served`,
    where: format === null ? 'Accept' : '_format',
    remedy: `Ask for ${FHIR_JSON}.`,
  })
}

const JSON_TYPES: ReadonlySet<string> = new Set([
  FHIR_JSON,
  'application/json',
  'json',
  'application/*',
  '*/*',
])

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function notJson(): Error {
  return wardError('WARD_ERR_VALIDATION', {
    what: 'The body is not JSON',
    where: 'body',
    remedy: `Send a resource as ${FHIR_JSON}.`,
  })
}
