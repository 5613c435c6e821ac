import type { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import type { PasskeyChallenge } from '@wardlight/core/fleet'

type CreationOptions = Parameters<typeof startRegistration>[0]['optionsJSON']
type RequestOptions = Parameters<typeof startAuthentication>[0]['optionsJSON']

/** Passkeys belong to a name, and to pages that nobody changed on the way (WebAuthn Level 3, 5.1.3). */
export function hasPasskeys(): boolean {
  const isAddress = /^[\d.]+$|^\[/.test(location.hostname)
  return window.isSecureContext && 'PublicKeyCredential' in window && !isAddress
}

/** Asks the device to make one. */
export async function createPasskey({ challengeId, options }: PasskeyChallenge) {
  const device = await import('@simplewebauthn/browser')
  return {
    challengeId,
    response: await device.startRegistration({ optionsJSON: options as CreationOptions }),
  }
}

/** Asks the device to sign with one. */
export async function answerWithPasskey({ challengeId, options }: PasskeyChallenge) {
  const device = await import('@simplewebauthn/browser')
  return {
    challengeId,
    response: await device.startAuthentication({ optionsJSON: options as RequestOptions }),
  }
}
