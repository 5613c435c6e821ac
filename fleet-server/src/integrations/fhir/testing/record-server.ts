import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Bundle, Encounter, Location } from 'fhir/r4.js'
import { schemaProblems } from './fhir-schema.ts'

const PAGE_SIZE = 1

/** A hospital's record system: it answers searches of encounters in pages, and reads of locations (FHIR R4). */
export class RecordServer {
  readonly token = 'only-for-wardlight'
  /** As they were asked for. */
  readonly asked: string[] = []
  isDown = false
  readonly #encounters = new Map<string, Encounter>()
  readonly #locations = new Map<string, Location>()
  readonly #server: Server

  private constructor() {
    this.#server = createServer((request, response) => {
      const url = new URL(request.url!, this.url)
      this.asked.push(request.url!)
      const isKnown = request.headers.authorization === `Bearer ${this.token}`
      const body = isKnown && !this.isDown ? this.#answer(url) : null
      const status = this.isDown ? 503 : isKnown ? (body === null ? 404 : 200) : 401
      response.writeHead(status, { 'content-type': 'application/fhir+json' })
      response.end(JSON.stringify(body ?? { resourceType: 'OperationOutcome', issue: [] }))
    })
  }

  static async listen(): Promise<RecordServer> {
    const server = new RecordServer()
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/fhir`
  }

  /** @throws for what is no resource of R4 */
  write(resource: Encounter | Location): void {
    const problems = schemaProblems(resource)
    if (problems.length > 0) throw new Error(problems.join('\n'))
    if (resource.resourceType === 'Encounter') this.#encounters.set(resource.id!, resource)
    else this.#locations.set(resource.id!, resource)
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #answer({ pathname, searchParams }: URL): Bundle | Location | null {
    const [, id] = /^\/fhir\/Location\/(.+)$/.exec(pathname) ?? []
    if (id !== undefined) return this.#locations.get(id) ?? null
    if (pathname !== '/fhir/Encounter') return null
    const statuses = searchParams.get('status')?.split(',')
    const since = searchParams.get('_lastUpdated')?.replace(/^ge/, '') ?? ''
    const offset = Number(searchParams.get('offset') ?? 0)
    const found = [...this.#encounters.values()]
      .filter(({ status }) => statuses?.includes(status) ?? true)
      .filter(({ meta }) => Date.parse(meta!.lastUpdated!) >= (since === '' ? -Infinity : Date.parse(since)))
      .toSorted((a, b) => Date.parse(a.meta!.lastUpdated!) - Date.parse(b.meta!.lastUpdated!))
    const next = new URLSearchParams(searchParams)
    next.set('offset', `${offset + PAGE_SIZE}`)
    return {
      resourceType: 'Bundle',
      type: 'searchset',
      total: found.length,
      link:
        found.length > offset + PAGE_SIZE
          ? [{ relation: 'next', url: `${this.url}/Encounter?${next.toString()}` }]
          : [],
      entry: found.slice(offset, offset + PAGE_SIZE).map((resource) => ({ resource })),
    }
  }
}
