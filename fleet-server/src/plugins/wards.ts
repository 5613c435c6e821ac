import { wardError } from '@wardlight/core/errors'
import type { User } from '@wardlight/core/fleet'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Accounts } from '../accounts/accounts.ts'
import type { Session } from '../accounts/sessions.ts'
import { wardScope, type WardScope } from '../domain/ward-scope.ts'
import type { Proofs } from '../reports/proofs.ts'
import type { FloorIndex } from '../services/floor-index.ts'
import type { Ledger } from '../services/ledger.ts'
import type { SchedulePlans } from '../services/schedule-plans.ts'

/** Which rooms a route is about, and so for whom it is. */
export type WardRule =
  /** Of no ward; or everybody's, because it makes something dark, or because robots go everywhere. */
  | 'none'
  /** The room, request, mission, plan or proof that the path names. */
  | 'named'
  | {
      /** Rooms that the path names; a function where it, or what stands behind its `?`, names them in another way. */
      readonly named?: 'inPath' | ((params: never, query: never) => Promise<readonly string[]>)
      /** Rooms that the body names. */
      readonly asked?: (body: never) => readonly string[]
      /** The answer is about many rooms: everybody is told of theirs. */
      readonly told?: (scope: WardScope, answer: never) => unknown
    }

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every /api route for people who are signed in says it. */
    wards?: WardRule
  }
  interface FastifyRequest {
    wardScope: WardScope | null
  }
}

export interface WardServices {
  readonly accounts: Accounts
  readonly floor: FloorIndex
  readonly ledger: Ledger
  readonly schedulePlans: SchedulePlans
  readonly proofs: Proofs
}

/** The rooms of somebody's wards. @param wards `null`: all of them */
export function scopeOfWards(floor: FloorIndex, wards: readonly string[] | null): WardScope {
  return wardScope(wards, (roomId) => floor.wardOf(roomId))
}

/**
 * Who works on some wards neither sees nor does anything in the rooms of others. Called after `addAccess`, before the
 * routes; the live feed is narrowed by the same scope (`live-hub.ts`).
 */
export function addWards(app: FastifyInstance, services: WardServices): void {
  const { floor, accounts } = services
  const { sessions } = accounts
  const roomsNamed = roomsBy(services)

  app.addHook('onRoute', ({ url, method, config }) => {
    if (!url.startsWith('/api') || config?.roles === 'anyone' || config?.wards !== undefined) return
    throw wardError('WARD_ERR_CONFIG', {
      what: `The route ${String(method)} ${url} does not say which rooms it is about`,
      where: 'config.wards',
      remedy: "Give it `config: { wards: 'named' }`, what its body or its answer names, or `'none'`.",
    })
  })

  const check = (session: Session, roomIds: readonly string[]) => {
    const scope = scopeOfWards(floor, sessions.wardsOf(session))
    for (const roomId of roomIds) {
      if (!scope.mayTouch(roomId)) throw notTheirs(services, session.user, roomId)
    }
  }

  // Before the body is looked at: what is wrong with it is nobody's business who may not.
  app.addHook('preValidation', async ({ signedIn, routeOptions, params, query }) => {
    const { named } = partsOf(routeOptions.config?.wards)
    if (signedIn === null || named === undefined) return
    check(
      signedIn,
      await (named === 'inPath' ? roomsNamed(params as Params) : named(params as never, query as never)),
    )
  })

  app.decorateRequest('wardScope', null)
  app.addHook('preHandler', async (request) => {
    const { signedIn, routeOptions, body } = request
    const { asked } = partsOf(routeOptions.config?.wards)
    if (signedIn !== null) request.wardScope = scopeOfWards(floor, sessions.wardsOf(signedIn))
    if (signedIn !== null && asked !== undefined) check(signedIn, asked(body as never))
  })

  app.addHook('preSerialization', async ({ signedIn, routeOptions }, { statusCode }, answer) => {
    const { told } = partsOf(routeOptions.config?.wards)
    if (signedIn === null || statusCode >= 400 || told === undefined) return answer
    return told(scopeOfWards(floor, sessions.wardsOf(signedIn)), answer as never)
  })
}

/** Of whose rooms the person behind the request is told, for answers that are words. @throws WARD_ERR_NOT_SIGNED_IN */
export function wardScopeOf({ wardScope: scope, url }: FastifyRequest): WardScope {
  if (scope === null) {
    throw wardError('WARD_ERR_NOT_SIGNED_IN', { what: 'Nobody is signed in', where: url })
  }
  return scope
}

function partsOf(rule: WardRule | undefined): Exclude<WardRule, string> {
  if (rule === 'named') return { named: 'inPath' }
  return typeof rule === 'object' ? rule : {}
}

type Params = Readonly<Record<string, string | undefined>>

/** @throws WARD_ERR_NOT_FOUND as the route itself would */
function roomsBy({ ledger, schedulePlans, proofs }: WardServices) {
  return async ({ roomId, requestId, missionId, planId, sequence }: Params): Promise<readonly string[]> => {
    if (roomId !== undefined) return [roomId]
    if (requestId !== undefined) return [(await ledger.request(requestId)).roomId]
    if (missionId !== undefined) return [(await ledger.mission(missionId)).roomId]
    if (planId !== undefined) return schedulePlans.plan(planId)?.plan.roomIds ?? []
    // What is no number is refused as such.
    if (sequence === undefined || !/^\d{1,9}$/.test(sequence)) return []
    return [(await ledger.mission(await proofs.missionOf(Number(sequence)))).roomId]
  }
}

function notTheirs({ floor, ledger }: WardServices, { wards }: User, roomId: string): Error {
  const { room } = floor.room(roomId)
  const own = wards === null || wards.length === 0 ? 'no ward' : wards.join(', ')
  return wardError('WARD_ERR_FORBIDDEN', {
    what: `${ledger.room(roomId).name ?? room.name} belongs to ward ${room.ward}; your account is for ${own}`,
    where: 'roomId',
    remedy: 'Ask an administrator for that ward, or break the glass in an emergency, with a reason.',
  })
}
