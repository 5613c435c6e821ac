import { pino, type Logger } from 'pino'

/** Warnings and worse go to standard error; LOG_LEVEL asks for more. */
export function createLog(): Logger {
  return pino({ level: process.env['LOG_LEVEL'] ?? 'warn' }, pino.destination({ dest: 2, sync: true }))
}

/** Resolves when the process is asked to end (Ctrl-C, SIGTERM); a second signal ends it at once. */
export function untilAskedToEnd(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal))
  })
}

/** Runs what was pushed, the last first, each even when one before it failed. */
export async function undoAll(steps: readonly (() => Promise<unknown>)[], log: Logger): Promise<void> {
  for (const step of steps.toReversed()) {
    try {
      await step()
    } catch (error) {
      log.error({ err: error }, 'something did not stop as it should')
    }
  }
}
