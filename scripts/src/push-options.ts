import { wardError } from '@wardlight/core/errors'
import type { PushOptions } from '@wardlight/fleet-server'

/** What the command line says about people's devices. */
export interface GivenPushOptions {
  readonly pushContact?: string | undefined
  readonly pushService: readonly string[]
}

/**
 * @returns left out: devices are told nothing
 * @throws WARD_ERR_OPTION
 */
export function pushOptions({ pushContact, pushService }: GivenPushOptions): PushOptions | undefined {
  if (pushContact === undefined) {
    if (pushService.length === 0) return undefined
    throw wardError('WARD_ERR_OPTION', {
      what: 'A push service is named, and nobody whom it could write to',
      where: '--push-contact',
      remedy: 'Give --push-contact as well.',
    })
  }
  const { protocol, pathname } = urlOf(pushContact, '--push-contact', CONTACT_REMEDY)
  if (protocol !== 'https:' && !(protocol === 'mailto:' && pathname.includes('@'))) {
    throw notOne(pushContact, '--push-contact', CONTACT_REMEDY)
  }
  return {
    contact: pushContact,
    origins: pushService.map((text) => {
      const url = urlOf(text, '--push-service', SERVICE_REMEDY)
      if (!/^https?:$/.test(url.protocol) || !/^\/?$/.test(url.pathname)) {
        throw notOne(text, '--push-service', SERVICE_REMEDY)
      }
      return url.origin
    }),
  }
}

const CONTACT_REMEDY = 'Give mailto:it@hospital.example, or an address under https (RFC 8292, 2.1).'
const SERVICE_REMEDY = 'Give its origin, like https://push.hospital.example.'

function urlOf(text: string, where: string, remedy: string): URL {
  if (!URL.canParse(text)) throw notOne(text, where, remedy)
  return new URL(text)
}

function notOne(text: string, where: string, remedy: string) {
  return wardError('WARD_ERR_OPTION', { what: `${JSON.stringify(text)} is no such address`, where, remedy })
}
