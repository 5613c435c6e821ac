import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { FastifyInstance } from 'fastify'
import type { LiveHub } from '../live/live-hub.ts'
import type { Planner } from '../planning/planner.ts'
import type { ServerRole } from '../server-options.ts'
import type { OpenDatabase } from '../store/database.ts'
import { Counter, Durations } from './instruments.ts'
import type { Metric } from './metric-text.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Another app of this process answers it, and counts it. */
    isCountedElsewhere: boolean
  }
}

const NANOSECONDS = 1e9
const MICROSECONDS = 1e6
const ROLES: readonly ServerRole[] = ['alone', 'leader', 'follower', 'none']

/** What a process measures of itself, whatever its role. */
export class ServerMetrics {
  readonly #requests = new Counter({
    name: 'wardlight_http_requests_total',
    help: 'HTTP requests answered, by route as it is written, method and status',
  })
  readonly #requestDurations = new Durations({
    name: 'wardlight_http_request_duration_seconds',
    help: 'From a request to the end of its answer, by route and method',
  })
  readonly #writes = new Durations({
    name: 'wardlight_database_write_duration_seconds',
    help: 'Transactions that write, from waiting for their turn to the commit',
  })
  readonly #planning = new Durations({
    name: 'wardlight_planning_duration_seconds',
    help: 'Plans of a treatment, and of the whole schedule, waiting for their turn included',
  })
  readonly #loop = monitorEventLoopDelay()

  constructor() {
    this.#loop.enable()
  }

  stop(): void {
    this.#loop.disable()
  }

  /** Counts what an app answers. Called before its routes. */
  watch(app: FastifyInstance): void {
    app.decorateRequest('isCountedElsewhere', false)
    app.addHook('onResponse', async (request, reply) => {
      // A WebSocket's answer is over when somebody goes home.
      if (request.isCountedElsewhere || request.headers.upgrade !== undefined) return
      const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none')
      const { method } = request
      this.#requests.add({ route, method, status: String(reply.statusCode) })
      this.#requestDurations.observe({ route, method }, reply.elapsedTime / 1000)
    })
  }

  /** The same database, whose writes are timed. */
  timed(database: OpenDatabase): OpenDatabase {
    return { ...database, write: (work) => this.#writes.time({}, () => database.write(work)) }
  }

  /** The same planner, timed. */
  timedPlanner(planner: Planner): Planner {
    return {
      plan: (input) => this.#planning.time({ of: 'treatment' }, () => planner.plan(input)),
      schedule: (input) => this.#planning.time({ of: 'schedule' }, () => planner.schedule(input)),
      stop: () => planner.stop(),
    }
  }

  /** How late the event loop was is told since the last call. */
  metrics(of: { readonly version: string; readonly role: ServerRole; readonly hub: LiveHub }): Metric[] {
    const cpu = process.cpuUsage()
    const memory = process.memoryUsage()
    const late = (share: number) => this.#loop.percentile(100 * share) / NANOSECONDS
    const lag = [0.5, 0.99, 1].map((share) => ({ labels: { quantile: String(share) }, value: late(share) }))
    this.#loop.reset()
    return [
      gauge('wardlight_build_info', 'Always 1', [{ labels: { version: of.version }, value: 1 }]),
      gauge(
        'wardlight_server_role',
        '1 for what this server is at the moment',
        ROLES.map((role) => ({ labels: { role }, value: role === of.role ? 1 : 0 })),
      ),
      this.#requests.metric(),
      this.#requestDurations.metric(),
      this.#writes.metric(),
      this.#planning.metric(),
      gauge('wardlight_live_clients', 'Consoles, and servers, that follow the live feed', one(of.hub.size)),
      counter('wardlight_live_sent_bytes_total', 'What the live feed has sent', one(of.hub.sentBytes)),
      gauge(
        'wardlight_event_loop_delay_seconds',
        'How late the event loop was since this was last asked for; quantile 1 is the longest',
        lag,
      ),
      counter(
        'process_cpu_seconds_total',
        'Processor time, of user and system',
        one((cpu.user + cpu.system) / MICROSECONDS),
      ),
      gauge('process_resident_memory_bytes', 'Memory that the process has', one(memory.rss)),
      gauge('nodejs_heap_size_used_bytes', 'Of it, objects of JavaScript', one(memory.heapUsed)),
      gauge(
        'process_start_time_seconds',
        'When the process began, seconds since 1970',
        one(performance.timeOrigin / 1000),
      ),
    ]
  }
}

export function one(value: number): Metric['samples'] {
  return [{ labels: {}, value }]
}

export function gauge(name: string, help: string, samples: Metric['samples']): Metric {
  return { name, help, type: 'gauge', samples }
}

export function counter(name: string, help: string, samples: Metric['samples']): Metric {
  return { name, help, type: 'counter', samples }
}
