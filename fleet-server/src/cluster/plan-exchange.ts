import { randomUUID } from 'node:crypto'
import { wardError } from '@wardlight/core/errors'
import type { StepPlan } from '@wardlight/core/fleet'
import type { FastifyBaseLogger } from 'fastify'
import type { MqttClient } from 'mqtt'
import type { ExplainedSchedule } from '../domain/schedule/explain.ts'
import type { ScheduleInput } from '../domain/schedule/solve.ts'
import type { Planner } from '../planning/planner.ts'
import { errorOf, toldError, type PlanningInput, type ToldError } from '../planning/worker-messages.ts'
import { connectToBroker } from '../connect-to-broker.ts'
import { seal, unseal } from './sealed-message.ts'

/** A server that says nothing for one and a half times so long is gone for the broker, seconds. */
const KEEPALIVE_S = 10
/** The subscriptions of one name share what comes: each job goes to one of them (MQTT 5.0, 4.8.2). */
const SHARE_NAME = 'planners'

interface Job {
  readonly id: string
  /** Where the answer is awaited. */
  readonly from: string
  readonly input: PlanningInput
}

type Answer = { readonly id: string; readonly by: string } & (
  | { readonly kind: 'taken' }
  | { readonly kind: 'plan'; readonly plan: StepPlan }
  | { readonly kind: 'error'; readonly error: ToldError }
)

interface Waiting {
  readonly job: Job
  readonly resolve: (plan: StepPlan) => void
  readonly reject: (error: unknown) => void
  /** Which server computes it, as far as it is known. */
  takenBy: string | null
}

/**
 * Computing treatment plans, shared by all servers: whoever is asked for a plan gives it out over the broker, and
 * whichever server the broker chooses computes it. When a server goes, what it had, or may have had, is given out
 * again; a plan that comes twice counts once.
 *
 * Topics are `wardlight-servers/v1/CLUSTER/VERSION/…`: servers of another version plan otherwise, and share nothing.
 */
export class PlanExchange implements Planner {
  readonly #url: string
  readonly #serverId: string
  readonly #secret: string
  readonly #planner: Planner
  readonly #log: FastifyBaseLogger
  readonly #root: string
  readonly #others = new Set<string>()
  readonly #waiting = new Map<string, Waiting>()
  #client: MqttClient | null = null

  /** @param options.planner computes what falls to this server */
  constructor(options: {
    url: string
    clusterId: string
    serverId: string
    secret: string
    version: string
    planner: Planner
    log: FastifyBaseLogger
  }) {
    this.#url = options.url
    this.#serverId = options.serverId
    this.#secret = options.secret
    this.#planner = options.planner
    this.#log = options.log
    this.#root = `wardlight-servers/v1/${options.clusterId}/${options.version}`
  }

  get isConnected(): boolean {
    return this.#client?.connected ?? false
  }

  /** @throws WARD_ERR_BROKER when it is not there, or speaks no MQTT 5 */
  async start(): Promise<void> {
    const presence = this.#presence(this.#serverId)
    const client = await connectToBroker(
      this.#url,
      {
        protocolVersion: 5,
        clientId: `wardlight-server-${this.#serverId}`,
        clean: true,
        keepalive: KEEPALIVE_S,
        reconnectPeriod: 1000,
        will: { topic: presence, payload: Buffer.alloc(0), qos: 1, retain: true },
      },
      {
        name: 'The broker',
        remedy:
          'Several servers need a broker outside that speaks MQTT 5. Check that it runs, and its access rules.',
      },
    )
    this.#client = client
    client.on('message', (topic, payload) => this.#hear(topic, payload))
    // Answers may have been lost with the line.
    client.on('connect', () => this.#guard(this.#join()))
    await client.subscribeAsync([this.#presence('+'), this.#answers(this.#serverId)], { qos: 1 })
    await client.subscribeAsync(`$share/${SHARE_NAME}/${this.#jobs}`, { qos: 1 })
    await this.#join()
  }

  /** The leader's own: what it schedules with changes while others would look at it. */
  schedule(input: ScheduleInput): Promise<ExplainedSchedule> {
    return this.#planner.schedule(input)
  }

  async stop(): Promise<void> {
    const client = this.#client
    this.#client = null
    client?.removeAllListeners('message')
    if (client?.connected === true) {
      // Not the last will: this is an orderly farewell.
      await client.publishAsync(this.#presence(this.#serverId), '', { qos: 1, retain: true }).catch(() => {})
    }
    await client?.endAsync(true)
    for (const { reject } of this.#waiting.values()) {
      reject(wardError('WARD_ERR_CONFIG', { what: 'The server stops', remedy: 'Try again.' }))
    }
    this.#waiting.clear()
  }

  plan(input: PlanningInput): Promise<StepPlan> {
    // With nobody to share with, a broker between would only cost.
    if (this.#others.size === 0) return this.#planner.plan(input)
    return new Promise((resolve, reject) => {
      const job = { id: randomUUID(), from: this.#serverId, input }
      const waiting = { job, resolve, reject, takenBy: null }
      this.#waiting.set(job.id, waiting)
      this.#guard(this.#giveOut(waiting))
    })
  }

  get #jobs(): string {
    return `${this.#root}/plan-jobs`
  }

  #answers(serverId: string): string {
    return `${this.#root}/plan-answers/${serverId}`
  }

  #presence(serverId: string): string {
    return `${this.#root}/servers/${serverId}`
  }

  async #join(): Promise<void> {
    await this.#client?.publishAsync(this.#presence(this.#serverId), 'here', { qos: 1, retain: true })
    for (const waiting of this.#waiting.values()) await this.#giveOut(waiting)
  }

  async #giveOut(waiting: Waiting): Promise<void> {
    const { job } = waiting
    waiting.takenBy = null
    const isShared = this.#others.size > 0 && this.isConnected
    if (isShared && (await this.#say(this.#jobs, job))) return
    const settle = (act: () => void) => {
      if (this.#waiting.delete(job.id)) act()
    }
    await this.#planner.plan(job.input).then(
      (plan) => settle(() => waiting.resolve(plan)),
      (error: unknown) => settle(() => waiting.reject(error)),
    )
  }

  #hear(topic: string, payload: Buffer): void {
    if (topic.startsWith(this.#presence(''))) {
      this.#meet(topic.slice(this.#presence('').length), payload.length > 0)
      return
    }
    const content = unseal(topic, payload, this.#secret)
    if (content === null) {
      this.#log.warn({ topic }, 'A message was dropped that no server of this hospital has sent')
    } else if (topic === this.#jobs) {
      this.#guard(this.#compute(content as Job))
    } else {
      this.#take(content as Answer)
    }
  }

  #meet(serverId: string, isHere: boolean): void {
    if (serverId === this.#serverId) return
    if (isHere) {
      this.#others.add(serverId)
      return
    }
    this.#others.delete(serverId)
    for (const waiting of this.#waiting.values()) {
      // It may have got what nobody has said to have taken.
      if (waiting.takenBy === serverId || waiting.takenBy === null) this.#guard(this.#giveOut(waiting))
    }
  }

  async #compute({ id, from, input }: Job): Promise<void> {
    const by = this.#serverId
    // Both go out in this order; the broker's word for the first need not be waited for.
    void this.#say(this.#answers(from), { id, by, kind: 'taken' })
    const answer: Answer = await this.#planner.plan(input).then(
      (plan) => ({ id, by, kind: 'plan', plan }),
      (error: unknown) => ({ id, by, kind: 'error', error: toldError(error) }),
    )
    await this.#say(this.#answers(from), answer)
  }

  #take(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id)
    if (waiting === undefined) return
    if (answer.kind === 'taken') {
      waiting.takenBy = answer.by
      return
    }
    this.#waiting.delete(answer.id)
    if (answer.kind === 'plan') waiting.resolve(answer.plan)
    else waiting.reject(errorOf(answer.error))
  }

  /** @returns whether the broker has it */
  async #say(topic: string, content: Job | Answer): Promise<boolean> {
    try {
      await this.#client?.publishAsync(topic, seal(topic, content, this.#secret), { qos: 1 })
      return this.#client !== null
    } catch (error) {
      this.#log.warn({ err: error, topic }, 'The broker did not take a message to the other servers')
      return false
    }
  }

  #guard(work: Promise<void>): void {
    work.catch((error: unknown) => this.#log.error({ err: error }, 'The servers could not share a plan'))
  }
}
