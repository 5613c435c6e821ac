import { isWardError, wardError, type WardError } from '@wardlight/core/errors'
import type { ApiError } from '@wardlight/core/fleet'
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'

/** Every error leaves as an `ApiError`; what is no `WardError` is a defect, logged and told without details. */
export function addErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | WardError, request, reply) => {
    const { known, status } = knownError(error, request)
    // How the answer was to be written is not how its refusal is.
    return reply
      .code(status)
      .removeHeader('content-disposition')
      .type('application/json; charset=utf-8')
      .serializer(JSON.stringify)
      .send(apiError(known))
  })
}

/** What is told of an error, and with which status; a defect is logged. */
export function knownError(
  error: FastifyError | WardError,
  request: FastifyRequest,
): { readonly known: WardError; readonly status: number } {
  const known = isWardError(error) ? error : translate(error)
  const status = isWardError(error) ? error.httpStatus : statusOf(error, known)
  // That nobody leads is told once where it is noticed, not for each request of those seconds.
  const isDefect = status >= 500 && known.code !== 'WARD_ERR_NO_LEADER'
  if (isDefect) request.log.error({ err: error }, 'A request failed')
  return { known, status }
}

export function apiError(error: WardError): ApiError {
  const { code, message, what, where, remedy } = error
  return { code, message, what, where: where ?? null, remedy }
}

function translate(error: FastifyError): WardError {
  if (error.validation !== undefined) {
    const [first] = error.validation
    return wardError('WARD_ERR_VALIDATION', {
      what: `The request does not fit: ${first?.message ?? error.message}`,
      where: `${error.validationContext ?? 'body'}${first?.instancePath ?? ''}`,
      remedy: 'Correct the field as described in /api/openapi.json.',
    })
  }
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return wardError('WARD_ERR_VALIDATION', { what: error.message, remedy: 'Correct the request.' })
  }
  return wardError('WARD_ERR_INTERNAL', { what: 'The server failed', cause: error })
}

/** Fastify's own refusals keep their status: 413 too large, 415 wrong type, … */
function statusOf({ statusCode }: FastifyError, { code, httpStatus }: WardError): number {
  return code === 'WARD_ERR_VALIDATION' && statusCode !== undefined ? statusCode : httpStatus
}
