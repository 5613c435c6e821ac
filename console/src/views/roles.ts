import type { Role } from '@wardlight/core/fleet'

/** Who works where the robots do: they may hold one up, and see to an alarm. */
export function isAtWork(role: Role): boolean {
  return role === 'nurse' || role === 'clinician' || role === 'engineer'
}

/** Who hangs signs on doors. */
export function mayPrintSigns(role: Role): boolean {
  return role === 'nurse' || role === 'engineer' || role === 'administrator'
}

/** Whose shifts change at the rooms. */
export function handsOver(role: Role): boolean {
  return role === 'nurse' || role === 'clinician'
}

export function mayReadHandOvers(role: Role): boolean {
  return handsOver(role) || role === 'auditor'
}
