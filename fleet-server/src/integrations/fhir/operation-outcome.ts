import type { WardError, WardErrorCode } from '@wardlight/core/errors'
import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4.js'
import { SYSTEMS } from './systems.ts'

/** Codes of FHIR's issue-type; what is not listed is `processing`. */
const ISSUE_CODES: Readonly<Partial<Record<WardErrorCode, OperationOutcomeIssue['code']>>> = {
  WARD_ERR_NOT_SIGNED_IN: 'login',
  WARD_ERR_SIGN_IN_UNFINISHED: 'login',
  WARD_ERR_FORBIDDEN: 'forbidden',
  WARD_ERR_NOT_FOUND: 'not-found',
  WARD_ERR_ROOM_UNKNOWN: 'not-found',
  WARD_ERR_ORGANISM_UNKNOWN: 'not-found',
  WARD_ERR_VALIDATION: 'invalid',
  WARD_ERR_NOT_ACCEPTABLE: 'not-supported',
  WARD_ERR_CONFLICT: 'conflict',
  WARD_ERR_TOO_MANY: 'throttled',
  WARD_ERR_NO_LEADER: 'transient',
  WARD_ERR_DATABASE: 'transient',
  WARD_ERR_INTERNAL: 'exception',
}

/** An error as FHIR tells it: what was wrong, where, and what would be right. */
export function operationOutcome(error: WardError): OperationOutcome {
  const { code, message, what, where } = error
  return {
    resourceType: 'OperationOutcome',
    issue: [
      {
        severity: 'error',
        code: ISSUE_CODES[code] ?? 'processing',
        details: { coding: [{ system: SYSTEMS.error, code }], text: what },
        diagnostics: message,
        // Only elements of resources have a FHIRPath.
        ...(where !== undefined && /^[A-Z][A-Za-z]+(\.|$)/.test(where) ? { expression: [where] } : {}),
      },
    ],
  }
}
