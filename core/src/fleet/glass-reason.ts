/** Proposed: characters of a reason that tells something. Apart from the schemas, for browsers. */
export const GLASS_REASON = { minLength: 5, maxLength: 500 } as const
