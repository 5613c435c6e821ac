import type { TreatmentPlan } from '@wardlight/core/disinfection'
import type {
  MissionReport,
  MissionView,
  NewRequest,
  RequestView,
  RobotView,
  RoomView,
  StepPlan,
  UvMissionReport,
} from '@wardlight/core/fleet'
import type { FleetServer } from '../server.ts'

export interface Answer<Body> {
  readonly status: number
  readonly body: Body
}

/** @throws where it was refused */
export function bodyOf<Body>({ status, body }: Answer<Body>, did: string): Body {
  if (status >= 300) throw new Error(`${did}: ${status} ${JSON.stringify(body)}`)
  return body
}

/** Someone who is signed in over real HTTP. */
export class TestClient {
  readonly #url: string
  readonly cookie: string

  constructor(url: string, cookie: string) {
    this.#url = url
    this.cookie = cookie
  }

  static async signIn(
    { url }: Pick<FleetServer, 'url'>,
    name: string,
    password = `${name}-demo`,
  ): Promise<TestClient> {
    const answer = await fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, password }),
    })
    if (answer.status !== 200) throw new Error(`${name} cannot sign in: ${await answer.text()}`)
    return new TestClient(url, answer.headers.get('set-cookie')!.split(';')[0]!)
  }

  async call<Body = unknown>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const answer = await fetch(`${this.#url}/api${path}`, {
      method,
      headers: {
        cookie: this.cookie,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as Body }
  }

  async ok<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    return bodyOf(await this.call<Body>(method, path, body), `${method} ${path}`)
  }

  mission(id: string): Promise<MissionView> {
    return this.ok('GET', `/missions/${id}`)
  }

  report(id: string): Promise<MissionReport> {
    return this.ok('GET', `/missions/${id}/report`)
  }

  /** Of a mission with light. */
  async doseReport(id: string): Promise<UvMissionReport> {
    const report = await this.report(id)
    if (report.method !== 'uv') throw new Error(`${id} is a mission by ${report.method}`)
    return report
  }

  /** Of a request with light, as it was planned. */
  async lightPlan(requestId: string): Promise<TreatmentPlan> {
    const plans = await this.ok<StepPlan[]>('GET', `/requests/${requestId}/plan`)
    const light = plans.find((plan) => plan.method === 'uv')
    if (light === undefined) throw new Error(`${requestId} has no light`)
    return light.treatment
  }

  async room(id: string): Promise<RoomView> {
    return (await this.ok<RoomView[]>('GET', '/rooms')).find((room) => room.id === id)!
  }

  async robot(id: string): Promise<RobotView> {
    return (await this.ok<RobotView[]>('GET', '/robots')).find((robot) => robot.id === id)!
  }

  /** Requests a room, waits for the plan. */
  async plannedRequest(roomId: string, wish: Partial<NewRequest> = {}): Promise<RequestView> {
    const { id } = await this.ok<RequestView>('POST', '/requests', {
      roomId,
      ...(wish.protocolId === undefined ? { organismId: 'sars-cov-2', targetLog: 3 } : {}),
      ...wish,
    })
    return until(async () => {
      const request = await this.ok<RequestView>('GET', `/requests/${id}`)
      if (request.status === 'planningFailed') throw new Error(request.failure ?? '')
      return request.status === 'planned' ? request : null
    })
  }
}

/** Looks again until there is an answer; what runs over real wires has no clock to advance. */
export async function until<T>(
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
): Promise<T> {
  const deadline = performance.now() + 20_000
  for (;;) {
    const answer = await look()
    if (answer !== null && answer !== undefined && answer !== false) return answer
    if (performance.now() > deadline) throw new Error(`In vain: ${look.toString()}`)
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
