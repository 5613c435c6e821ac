import type { VdaError } from '@wardlight/core/vda5050'

/** A fleet that errs on and on must not fill the state. */
const KEPT = 10

/** Errors that say why something of the fleet's was refused, each as long as VDA 5050 3.0, 6.6.5.4 wants it told. */
export class Refusals {
  #errors: readonly VdaError[] = []

  get errors(): readonly VdaError[] {
    return this.#errors
  }

  /** The same once more moves to the end. */
  add(error: VdaError): void {
    const text = JSON.stringify(error)
    const others = this.#errors.filter((known) => JSON.stringify(known) !== text)
    this.#errors = [...others, error].slice(-KEPT)
  }

  /** Everything but instant actions is told until a new order is accepted. */
  orderAccepted(): void {
    this.#errors = this.#errors.filter((error) => isOfInstantAction(error) || isOfFile(error))
  }

  instantActionAccepted(): void {
    this.#errors = this.#errors.filter((error) => !isOfInstantAction(error))
  }

  /** Of maps, and of zone sets that were downloaded. */
  fileActionAccepted(): void {
    this.#errors = this.#errors.filter((error) => !isOfInstantAction(error) && !isOfFile(error))
  }
}

function isOfInstantAction({ errorType }: VdaError): boolean {
  return errorType === 'INVALID_INSTANT_ACTION'
}

const OF_FILES: ReadonlySet<string> = new Set([
  'DUPLICATE_MAP',
  'MAP_DOWNLOAD_FAILED',
  'ZONE_SET_DOWNLOAD_FAILED',
])

function isOfFile({ errorType }: VdaError): boolean {
  return OF_FILES.has(errorType)
}
