import { describe, expect, it } from 'vitest'
import { signInOptions, type GivenSignInOptions } from './sign-in-options.ts'

const NONE: GivenSignInOptions = { oidcLabel: 'Hospital account', oidcRolesClaim: 'groups', oidcRole: [] }
const ISSUER = {
  ...NONE,
  oidcIssuer: 'https://login.hospital.example',
  oidcClientId: 'wardlight',
  oidcRole: ['nurse=CN=Ward nurses,OU=Groups', 'auditor=quality'],
}

describe('options of signing in', () => {
  it('are none by themselves', () => {
    expect(signInOptions(NONE, undefined)).toEqual({
      publicUrl: undefined,
      sessionIdleMs: undefined,
      provider: undefined,
    })
  })

  it('give groups their roles in the order in which they are named', () => {
    const { provider, sessionIdleMs } = signInOptions({ ...ISSUER, sessionIdleMinutes: 30 }, 'secret')
    expect(provider?.mapping).toEqual({
      rolesClaim: 'groups',
      roles: [
        { role: 'nurse', group: 'CN=Ward nurses,OU=Groups' },
        { role: 'auditor', group: 'quality' },
      ],
      wardsClaim: null,
    })
    expect(sessionIdleMs).toBe(1_800_000)
  })

  it.each([
    ['--oidc-issuer', { ...NONE, oidcClientId: 'wardlight' }, 'secret'],
    ['--oidc-issuer', ISSUER, undefined],
    ['--oidc-issuer', { ...ISSUER, oidcRole: [] }, 'secret'],
    ['--oidc-role', { ...ISSUER, oidcRole: ['surgeon=ward'] }, 'secret'],
    ['--oidc-role', { ...ISSUER, oidcRole: ['nurse='] }, 'secret'],
    ['--public-url', { ...NONE, publicUrl: 'fleet.hospital.example' }, undefined],
  ])('are refused at %s where something is missing or wrong', (where, given, secret) => {
    expect(() => signInOptions(given, secret)).toThrow(
      expect.objectContaining({ code: 'WARD_ERR_OPTION', where }),
    )
  })
})
