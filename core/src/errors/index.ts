export { WardError, isWardError, wardError } from './ward-error.ts'
export type { WardErrorDetails } from './ward-error.ts'
export { ERROR_CATALOGUE } from './catalogue.ts'
export type { WardErrorCode } from './catalogue.ts'
