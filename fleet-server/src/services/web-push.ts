import type { PushMessage } from '@wardlight/core/fleet'
import webPush from 'web-push'
import type { PushKeys } from '../domain/push-services.ts'
import { whyNoAnswer } from '../why-no-answer.ts'

/** What an operator sets about people's devices. */
export interface PushOptions {
  /** Whom a push service can write to about this server: `mailto:it@hospital.example`, or an address under https. */
  readonly contact: string
  /** Origins of push services of the hospital's own, besides those that browsers bring. */
  readonly origins?: readonly string[] | undefined
}

export interface PushAddress {
  readonly endpoint: string
  readonly p256dh: string
  readonly auth: string
}

/** Proposed: an hour later nobody needs to be told as if it were new, seconds. */
const KEPT_S = 3600
/** Proposed: a push service that does not answer within this does not answer, milliseconds. */
const ANSWER_MS = 10_000
/** Answers by which a device is known to take nothing any more (RFC 8030, 7.3). */
const GONE: readonly number[] = [404, 410]

export const createPushKeys = (): PushKeys => webPush.generateVAPIDKeys()

/** What became of telling something somewhere. */
export interface Told {
  /** Why it was not taken; `null`: it was. */
  readonly problem: string | null
  /** It will never be taken there. */
  readonly isGone: boolean
}

/**
 * Sends a message that only the browser at this address can read (RFC 8030, RFC 8291, RFC 8292).
 */
export async function sendPush(
  address: PushAddress,
  message: PushMessage,
  { keys, contact, signal }: { keys: PushKeys; contact: string; signal: AbortSignal },
): Promise<Told> {
  const { endpoint, p256dh, auth } = address
  try {
    const request = webPush.generateRequestDetails(
      { endpoint, keys: { p256dh, auth } },
      JSON.stringify(message),
      {
        vapidDetails: { subject: contact, ...keys },
        TTL: KEPT_S,
        urgency: message.isPressing ? 'high' : 'normal',
      },
    )
    const answer = await fetch(endpoint, {
      method: 'POST',
      // Addresses are checked where they are given, not where they might lead.
      redirect: 'error',
      headers: request.headers as Record<string, string>,
      body: new Uint8Array(request.body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    })
    await answer.body?.cancel()
    const problem = answer.ok ? null : `its push service answered ${answer.status}`
    return { problem, isGone: GONE.includes(answer.status) }
  } catch (error) {
    return { problem: whyNoAnswer(error), isGone: false }
  }
}
