import type { MissionStatus } from '@wardlight/core/fleet'

const barWidth = 24

/** Tells on standard error how far a demonstration is: a bar on a terminal, a line a phase elsewhere. */
export class Progress {
  readonly #out: NodeJS.WriteStream
  #lastPhase = ''
  #isBarOpen = false

  constructor(out: NodeJS.WriteStream) {
    this.#out = out
  }

  say(text: string): void {
    this.#closeBar()
    this.#out.write(`${text}\n`)
  }

  show(status: MissionStatus, plannedS: number): void {
    if (status.phase !== this.#lastPhase) {
      this.say(`· ${status.phase}`)
      this.#lastPhase = status.phase
    }
    if (!this.#out.isTTY || status.phase !== 'dosing') return
    const done = Math.min(1, Math.max(0, 1 - status.remainingS / Math.max(1, plannedS)))
    const filled = Math.round(done * barWidth)
    const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled)
    this.#out.write(
      `\r  ${bar} ${String(Math.round(done * 100)).padStart(3)} %  stop ${status.stopIndex + 1}/${status.stops.length} `,
    )
    this.#isBarOpen = true
  }

  #closeBar(): void {
    if (this.#isBarOpen) this.#out.write('\n')
    this.#isBarOpen = false
  }
}
