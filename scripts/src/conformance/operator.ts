import { spawn } from 'node:child_process'
import type { RobotAddress } from '@wardlight/core/vda5050'

/** What the kit wants a fleet to do with the robot. */
export type Wish = 'order' | 'cancel' | 'pause' | 'resume'

/** Who tells the fleet what is wanted: no two fleets are told alike, so the kit does not know how. */
export interface Operator {
  /** So long it may take until the fleet acts on a wish, once `ask` has resolved, seconds. */
  readonly answerS: number
  /**
   * Resolves when the fleet has been told.
   *
   * @param mayCome whether the fleet should do it; where not, it is asked to see that it does not
   */
  ask(wish: Wish, mayCome: boolean): Promise<void>
}

/**
 * Runs a command for every wish, with WARDLIGHT_WISH and WARDLIGHT_ROBOT (`manufacturer/serialNumber`) in its
 * environment. How it ends does not matter, a fleet may well refuse; what it prints goes to standard error.
 */
export function commandOperator(
  command: string,
  { manufacturer, serialNumber }: RobotAddress,
  answerS: number,
): Operator {
  return {
    answerS,
    ask: (wish) =>
      new Promise((resolve, reject) => {
        const child = spawn(command, {
          shell: true,
          stdio: ['ignore', 'inherit', 'inherit'],
          env: {
            ...process.env,
            WARDLIGHT_WISH: wish,
            WARDLIGHT_ROBOT: `${manufacturer}/${serialNumber}`,
          },
        })
        child.once('error', reject)
        child.once('exit', () => resolve())
      }),
  }
}

const WORDS: Readonly<Record<Wish, string>> = {
  order: 'Give the robot an order',
  cancel: 'Cancel the order of the robot',
  pause: 'Pause the robot',
  resume: 'Let the robot go on',
}

/** Somebody at the fleet reads what is wanted, and has so many seconds for it. */
export function promptOperator(say: (text: string) => void, withinS: number): Operator {
  return {
    answerS: withinS,
    async ask(wish, mayCome) {
      const outcome = mayCome ? 'waiting for it' : 'watching that nothing comes'
      say(`\n>>> ${WORDS[wish]} now; ${outcome}, ${withinS} s at the most.\n`)
    },
  }
}
