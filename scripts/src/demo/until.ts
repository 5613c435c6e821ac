import { wardError } from '@wardlight/core/errors'

/** Real time; how often to look again. */
const lookAgainMs = 20
/** Real time without any progress after which something is broken. */
const patienceMs = 120_000

/**
 * Looks again and again, in real time, until there is an answer. Progress of any kind renews the patience.
 *
 * @throws WARD_ERR_CONFLICT when patience ends, or when `signal` says that nobody waits any more
 */
export async function until<Answer>(
  signal: AbortSignal,
  what: string,
  look: () => Promise<Answer | null>,
  isProgressing: () => boolean = () => false,
): Promise<Answer> {
  let lastProgressMs = performance.now()
  for (;;) {
    const answer = await look()
    if (answer !== null) return answer
    if (signal.aborted) {
      throw wardError('WARD_ERR_CONFLICT', {
        what: `ended by ${String(signal.reason)} before ${what}`,
        remedy: 'Everything that it had started is stopped, and its folder is gone.',
      })
    }
    if (isProgressing()) lastProgressMs = performance.now()
    if (performance.now() - lastProgressMs > patienceMs) {
      throw wardError('WARD_ERR_CONFLICT', {
        what: `waited ${patienceMs / 1000} s in vain until ${what}`,
        remedy: 'Run it again with LOG_LEVEL=debug and send the output to the developers.',
      })
    }
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs))
  }
}
