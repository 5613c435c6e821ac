import type { Role } from '@wardlight/core/fleet'

/** How what the hospital's own sign-in says of a person becomes a role and wards here. */
export interface ClaimMapping {
  /** Claim with the person's groups; with dots into objects, as Keycloak's `realm_access.roles`. */
  readonly rolesClaim: string
  /** The first whose group the person has. */
  readonly roles: readonly { readonly role: Role; readonly group: string }[]
  /** Claim with the person's wards, as rooms name theirs; `null`: administrators set them here. */
  readonly wardsClaim: string | null
}

export interface ProvidedPerson {
  readonly role: Role
  /** `undefined`: not said there. */
  readonly wards: readonly string[] | undefined
  readonly displayName: string
  /** To be told apart by, as far as nobody else has it. */
  readonly name: string
}

/** @returns `null` for somebody whom no group gives a role */
export function personFromClaims(
  claims: Readonly<Record<string, unknown>>,
  { rolesClaim, roles, wardsClaim }: ClaimMapping,
): ProvidedPerson | null {
  const groups = new Set(textsOf(claimAt(claims, rolesClaim)))
  const found = roles.find(({ group }) => groups.has(group))
  if (found === undefined) return null
  const text = (...keys: readonly string[]): string =>
    keys.map((key) => claims[key]).find((value) => typeof value === 'string' && value.trim() !== '') as string
  return {
    role: found.role,
    // Who has no such claim works on no ward: less is never wrong.
    wards: wardsClaim === null ? undefined : textsOf(claimAt(claims, wardsClaim)),
    displayName: text('name', 'preferred_username', 'email', 'sub').slice(0, 100),
    name: text('preferred_username', 'email', 'sub').toLowerCase().slice(0, 100),
  }
}

export function claimAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  // A claim may have dots in its own name, as URLs do.
  if (Object.hasOwn(claims, path)) return claims[path]
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      claims,
    )
}

function textsOf(value: unknown): string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.filter((each) => typeof each === 'string')
}
