import type { Role, SignatureView, User } from '@wardlight/core/fleet'

/** Whether someone may sign next, has signed already, or may not sign at all: nobody signs twice. */
export function signingOf(
  user: Pick<User, 'id' | 'role'>,
  roles: readonly Role[],
  signatures: readonly SignatureView[],
): 'may' | 'signed' | 'mayNot' {
  if (signatures.some(({ userId }) => userId === user.id)) return 'signed'
  return roles.includes(user.role) ? 'may' : 'mayNot'
}
