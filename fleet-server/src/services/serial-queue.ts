/** Runs tasks one after the other, so that each decides on what the one before has stored. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task)
    this.#last = result.catch(() => {})
    return result
  }

  /** Resolves when everything queued so far is done. */
  async settled(): Promise<void> {
    await this.#last
  }
}
