import { wardError } from '@wardlight/core/errors'
import type {
  ApiError,
  ContaminationView,
  GivenConfirmation,
  MissionReport,
  MissionView,
  NewRequest,
  NewZoneHold,
  PlaceSearchRequest,
  ProtocolView,
  RequestView,
  RobotView,
  RoomView,
  ScheduleView,
  ServerInfo,
  SignIn,
  User,
  UvMissionReport,
  ZoneView,
} from '@wardlight/core/fleet'

/** What a nurse does, through the public API, over real HTTP. */
export class NurseClient {
  readonly #url: string
  #cookie = ''

  constructor(url: string) {
    this.#url = url
  }

  /** Signed in with the nurse's account of a demonstration. */
  static async ofDemo(url: string): Promise<NurseClient> {
    const nurse = new NurseClient(url)
    const { demoUsers } = (await (await fetch(`${url}/api/server-info`)).json()) as ServerInfo
    const { name, password } = demoUsers!.find(({ role }) => role === 'nurse')!
    await nurse.signIn({ name, password })
    return nurse
  }

  /** Of the session, for what else is to go in this person's name. */
  get cookie(): string {
    return this.#cookie
  }

  /** The same person, signed in as they are, at another server. */
  at(url: string): NurseClient {
    const other = new NurseClient(url)
    other.#cookie = this.#cookie
    return other
  }

  async signIn(credentials: SignIn): Promise<User> {
    const response = await this.#send('POST', '/api/session', credentials)
    this.#cookie = response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ')
    return (await response.json()) as User
  }

  request(request: NewRequest): Promise<RequestView> {
    return this.#call('POST', '/api/requests', request)
  }

  requestById(id: string): Promise<RequestView> {
    return this.#call('GET', `/api/requests/${encodeURIComponent(id)}`)
  }

  approve(requestId: string, confirmations: GivenConfirmation[] = []): Promise<MissionView> {
    return this.#call('POST', `/api/requests/${encodeURIComponent(requestId)}/approve`, { confirmations })
  }

  protocols(): Promise<ProtocolView[]> {
    return this.#call('GET', '/api/protocols')
  }

  missions(): Promise<MissionView[]> {
    return this.#call('GET', '/api/missions')
  }

  mission(id: string): Promise<MissionView> {
    return this.#call('GET', `/api/missions/${encodeURIComponent(id)}`)
  }

  confirmChecklist(missionId: string, items: string[]): Promise<MissionView> {
    return this.#call('POST', `/api/missions/${encodeURIComponent(missionId)}/checklist`, { items })
  }

  start(missionId: string): Promise<MissionView> {
    return this.#call('POST', `/api/missions/${encodeURIComponent(missionId)}/start`, {})
  }

  /** While it doses: dark, until it is armed again. */
  pause(missionId: string): Promise<MissionView> {
    return this.#call('POST', `/api/missions/${encodeURIComponent(missionId)}/pause`, {})
  }

  /** Ends the pause; a lamp stays dark. */
  resume(missionId: string): Promise<MissionView> {
    return this.#call('POST', `/api/missions/${encodeURIComponent(missionId)}/resume`, {})
  }

  stop(missionId: string): Promise<MissionView> {
    return this.#call('POST', `/api/missions/${encodeURIComponent(missionId)}/stop`, {})
  }

  missionReport(missionId: string): Promise<MissionReport> {
    return this.#call('GET', `/api/missions/${encodeURIComponent(missionId)}/report`)
  }

  /** Of a mission with light. */
  async report(missionId: string): Promise<UvMissionReport> {
    const report = await this.missionReport(missionId)
    if (report.method !== 'uv') throw new Error(`${missionId} is a mission by ${report.method}`)
    return report
  }

  robots(): Promise<RobotView[]> {
    return this.#call('GET', '/api/robots')
  }

  schedule(): Promise<ScheduleView> {
    return this.#call('GET', '/api/schedule')
  }

  /** Signs under a proven report: the room is clean, what was missed is wiped. */
  async release(missionId: string): Promise<void> {
    await this.#send('POST', `/api/missions/${encodeURIComponent(missionId)}/release`, {
      missedSurfacesWiped: true,
    })
  }

  contamination(): Promise<ContaminationView> {
    return this.#call('GET', '/api/contamination')
  }

  async decontaminated(robotId: string, how: string): Promise<void> {
    await this.#call('POST', `/api/contamination/robots/${encodeURIComponent(robotId)}/decontamination`, {
      how,
    })
  }

  searchPlace(robotId: string, request: PlaceSearchRequest): Promise<RobotView> {
    return this.#call('POST', `/api/robots/${encodeURIComponent(robotId)}/place-search`, request)
  }

  async emergencyStop(robotId: string): Promise<void> {
    await this.#send('POST', `/api/robots/${encodeURIComponent(robotId)}/emergency-stop`, {})
  }

  /** Ends a pause, or what an emergency stop left behind. */
  async resumeRobot(robotId: string): Promise<void> {
    await this.#send('POST', `/api/robots/${encodeURIComponent(robotId)}/resume`, {})
  }

  holdZone(zoneId: string, hold: NewZoneHold): Promise<ZoneView> {
    return this.#call('POST', `/api/zones/${encodeURIComponent(zoneId)}/hold`, hold)
  }

  giveZoneBack(zoneId: string): Promise<ZoneView> {
    return this.#call('POST', `/api/zones/${encodeURIComponent(zoneId)}/release`, {})
  }

  rooms(): Promise<RoomView[]> {
    return this.#call('GET', '/api/rooms')
  }

  async #call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.#send(method, path, body)
    return (await response.json()) as Answer
  }

  async #send(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.#cookie === '' ? {} : { cookie: this.#cookie }),
        origin: this.#url,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) {
      const { message, code } = (await response.json()) as ApiError
      throw wardError('WARD_ERR_CONFLICT', {
        what: `${message} [${code}]`,
        where: `${method} ${path} answered ${response.status}`,
        remedy: '',
      })
    }
    return response
  }
}
