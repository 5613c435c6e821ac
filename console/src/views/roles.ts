import type { Role } from '@wardlight/core/fleet'

/** Who works where the robots do: they may hold one up, and see to an alarm. */
export function isAtWork(role: Role): boolean {
  return role === 'nurse' || role === 'clinician' || role === 'engineer'
}

/** Who hangs signs on doors. */
export function mayPrintSigns(role: Role): boolean {
  return role === 'nurse' || role === 'engineer' || role === 'administrator'
}
