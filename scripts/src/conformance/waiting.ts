import { CheckFailed } from './heard.ts'

const LOOK_MS = 25

/** Waits until something holds. The kit runs in real time, as what it tests does. @throws CheckFailed, saying what did not come */
export async function until(condition: () => boolean, withinS: number, what: string): Promise<void> {
  const endMs = Date.now() + withinS * 1000
  while (!condition()) {
    if (Date.now() > endMs) throw new CheckFailed(`not within ${withinS} s: ${what}`)
    await wait(LOOK_MS / 1000)
  }
}

export function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000))
}
