import type { MissionStatus, PeroxideStatus } from '@wardlight/core/fleet'
import {
  vda5050Topic,
  wardlightTopic,
  type Connection,
  type RobotAddress,
  type State,
} from '@wardlight/core/vda5050'

type Interlocks = readonly { readonly at: number; readonly kind: string; readonly detail: string }[]

const OVER: ReadonlySet<string> = new Set(['FINISHED', 'FAILED'])

/**
 * What came to the broker from one robot, over all lives of its program, as a fleet takes it: each result once. Says what
 * a fleet must never see: messages out of their order, a result that changes or is taken back, an event that was told
 * and is not in the report.
 */
export class RobotPost {
  readonly #stateTopic: string
  readonly #connectionTopic: string
  readonly #missionTopics: ReadonlySet<string>
  readonly #results = new Map<string, string>()
  readonly #over = new Set<string>()
  /** By mission, the last that was told. */
  readonly #told = new Map<string, Interlocks>()
  readonly #problems: string[] = []
  #state: State | null = null
  #isOnline = false
  #lastHeaderId = -1
  #livesToCome = 0

  constructor(address: RobotAddress) {
    this.#stateTopic = vda5050Topic(address, 'state')
    this.#connectionTopic = vda5050Topic(address, 'connection')
    this.#missionTopics = new Set([wardlightTopic(address, 'mission'), wardlightTopic(address, 'peroxide')])
  }

  get state(): State | null {
    return this.#state
  }

  get isOnline(): boolean {
    return this.#isOnline
  }

  /** What a fleet must never see, in words. */
  get problems(): readonly string[] {
    return this.#problems
  }

  /** Ids of the actions whose results came, in the order in which they came. */
  get resultIds(): readonly string[] {
    return [...this.#results.keys()]
  }

  /** The result of an action, which is the report of its mission; `undefined` before it came. */
  resultOf(actionId: string): string | undefined {
    return this.#results.get(actionId)
  }

  /**
   * The robot's program was started anew: once for each life it numbers its messages from the beginning. What the one before
   * had sent may still be on its way.
   */
  newLife(): void {
    this.#livesToCome += 1
  }

  hear(topic: string, payload: string): void {
    if (topic === this.#stateTopic) this.#hearState(JSON.parse(payload) as State)
    else if (topic === this.#connectionTopic) {
      this.#isOnline = (JSON.parse(payload) as Connection).connectionState === 'ONLINE'
    } else if (this.#missionTopics.has(topic)) {
      const { missionId, interlocks } = JSON.parse(payload) as MissionStatus | PeroxideStatus
      this.#hearInterlocks(missionId, interlocks, 'the next status')
    }
  }

  /** Holds a mission's report against what was told while it was in work. */
  close(missionId: string, report: { readonly interlocks: Interlocks }): void {
    this.#hearInterlocks(missionId, report.interlocks, 'the report')
  }

  #hearState(state: State): void {
    // A broker may be given the same message twice (QoS 1), but never an older one after a newer one.
    if (state.headerId < this.#lastHeaderId) {
      if (this.#livesToCome === 0) {
        this.#problems.push(`state ${state.headerId} came after state ${this.#lastHeaderId}`)
      } else this.#livesToCome -= 1
    }
    this.#lastHeaderId = state.headerId
    this.#state = state
    for (const { actionId, actionStatus, actionResult } of state.actionStates) {
      if (!OVER.has(actionStatus)) {
        if (this.#over.has(actionId)) this.#problems.push(`${actionId} was over, and is ${actionStatus}`)
        continue
      }
      this.#over.add(actionId)
      const known = this.#results.get(actionId)
      if (actionResult === undefined) {
        if (known !== undefined) this.#problems.push(`the result of ${actionId} was taken back`)
      } else if (known === undefined) this.#results.set(actionId, actionResult)
      else if (known !== actionResult)
        this.#problems.push(`the result of ${actionId} came twice, and differs`)
    }
  }

  #hearInterlocks(missionId: string, interlocks: Interlocks, where: string): void {
    const told = this.#told.get(missionId) ?? []
    const lost = told.find(({ kind, detail }, index) => {
      const same = interlocks[index]
      return same?.kind !== kind || same.detail !== detail
    })
    if (lost !== undefined) {
      this.#problems.push(`${lost.kind} (${lost.detail}) of ${missionId} was told, and is not in ${where}`)
    }
    this.#told.set(missionId, interlocks)
  }
}
