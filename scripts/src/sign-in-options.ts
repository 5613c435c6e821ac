import { wardError } from '@wardlight/core/errors'
import { RoleSchema, type Role } from '@wardlight/core/fleet'
import type { ProviderOptions, SignInOptions } from '@wardlight/fleet-server'
import Type from 'typebox'
import { Value } from 'typebox/value'

/** What the command line says about signing in. */
export interface GivenSignInOptions {
  readonly publicUrl?: string | undefined
  readonly sessionIdleMinutes?: number | undefined
  readonly oidcIssuer?: string | undefined
  readonly oidcClientId?: string | undefined
  readonly oidcLabel: string
  readonly oidcRolesClaim: string
  /** `nurse=ward-nurses`, in the order in which they count. */
  readonly oidcRole: readonly string[]
  readonly oidcWardsClaim?: string | undefined
}

const isRole = (text: string): text is Role => Value.Check(Type.Unsafe<Role>(RoleSchema), text)

/**
 * @param secret of the client at the hospital's own sign-in
 * @throws WARD_ERR_OPTION
 */
export function signInOptions(given: GivenSignInOptions, secret: string | undefined): SignInOptions {
  const { publicUrl, sessionIdleMinutes } = given
  if (
    publicUrl !== undefined &&
    !/^https?:$/.test(URL.canParse(publicUrl) ? new URL(publicUrl).protocol : '')
  ) {
    throw wardError('WARD_ERR_OPTION', {
      what: `${JSON.stringify(publicUrl)} is no address of a console`,
      where: '--public-url',
      remedy: 'Give one like https://fleet.hospital.example.',
    })
  }
  return {
    publicUrl,
    sessionIdleMs: sessionIdleMinutes === undefined ? undefined : sessionIdleMinutes * 60_000,
    provider: providerOptions(given, secret),
  }
}

function providerOptions(given: GivenSignInOptions, secret: string | undefined): ProviderOptions | undefined {
  const { oidcIssuer, oidcClientId, oidcLabel, oidcRolesClaim, oidcRole, oidcWardsClaim } = given
  if (oidcIssuer === undefined) {
    if (oidcClientId === undefined && oidcRole.length === 0 && oidcWardsClaim === undefined) return undefined
    throw wardError('WARD_ERR_OPTION', {
      what: 'Something is said of the hospital’s own sign-in, and not where it is',
      where: '--oidc-issuer',
      remedy: 'Give --oidc-issuer as well.',
    })
  }
  if (oidcClientId === undefined || secret === undefined || secret === '' || oidcRole.length === 0) {
    throw wardError('WARD_ERR_OPTION', {
      what: 'The hospital’s own sign-in needs a client, its secret and at least one role',
      where: '--oidc-issuer',
      remedy:
        'Give --oidc-client-id, the secret in WARDLIGHT_OIDC_CLIENT_SECRET, and --oidc-role role=group for each role.',
    })
  }
  return {
    issuer: oidcIssuer,
    clientId: oidcClientId,
    clientSecret: secret,
    label: oidcLabel,
    mapping: {
      rolesClaim: oidcRolesClaim,
      roles: oidcRole.map(roleOf),
      wardsClaim: oidcWardsClaim ?? null,
    },
  }
}

function roleOf(text: string): ProviderOptions['mapping']['roles'][number] {
  const [role = '', ...rest] = text.split('=')
  const group = rest.join('=')
  if (isRole(role) && group !== '') return { role, group }
  throw wardError('WARD_ERR_OPTION', {
    what: `${JSON.stringify(text)} gives no group a role`,
    where: '--oidc-role',
    remedy: `Give role=group, with one of the roles ${Object.values(RoleSchema.enum).join(', ')}.`,
  })
}
