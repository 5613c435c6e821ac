import { describe, expect, it } from 'vitest'
import { personFromClaims, type ClaimMapping } from './provider-claims.ts'

const mapping: ClaimMapping = {
  rolesClaim: 'groups',
  roles: [
    { role: 'administrator', group: 'it-wardlight' },
    { role: 'nurse', group: 'ward-nurses' },
  ],
  wardsClaim: null,
}

describe('what the hospital’s own sign-in says of a person', () => {
  it('gives the first role of the list that one of the groups has', () => {
    const person = personFromClaims(
      { sub: '7', name: 'Nora', preferred_username: 'Nora', groups: ['ward-nurses', 'it-wardlight'] },
      mapping,
    )
    expect(person).toEqual({ role: 'administrator', wards: undefined, displayName: 'Nora', name: 'nora' })
  })

  it.each([
    ['no groups', { sub: '7' }],
    ['other groups', { sub: '7', groups: ['ward-nurses-2'] }],
    ['groups of another form', { sub: '7', groups: { 'ward-nurses': true } }],
    ['a group as part of a longer text', { sub: '7', groups: 'x ward-nurses' }],
  ])('gives nobody a role by %s', (_name, claims) => {
    expect(personFromClaims(claims, mapping)).toBeNull()
  })

  it('is found inside of objects, and under names with dots', () => {
    const roles = [{ role: 'nurse', group: 'n' }] as const
    for (const [rolesClaim, claims] of [
      ['realm_access.roles', { realm_access: { roles: ['n'] } }],
      ['https://hospital.example/groups', { 'https://hospital.example/groups': ['n'] }],
    ] as const) {
      expect(personFromClaims({ sub: '7', ...claims }, { ...mapping, rolesClaim, roles })?.role).toBe('nurse')
    }
    const inherited = {
      ...mapping,
      rolesClaim: 'constructor.name',
      roles: [{ role: 'nurse', group: 'Object' }] as const,
    }
    expect(personFromClaims({ sub: '7' }, inherited)).toBeNull()
  })

  it('gives wards where it is asked for them, and none to who has no such claim', () => {
    const withWards = { ...mapping, wardsClaim: 'wards' }
    const nurse = { sub: '7', groups: ['ward-nurses'] }
    expect(personFromClaims({ ...nurse, wards: ['3 West', 'ICU'] }, withWards)?.wards).toEqual([
      '3 West',
      'ICU',
    ])
    expect(personFromClaims({ ...nurse, wards: 'ICU' }, withWards)?.wards).toEqual(['ICU'])
    expect(personFromClaims(nurse, withWards)?.wards).toEqual([])
  })
})
