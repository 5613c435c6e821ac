import type { Bundle, FhirResource, OperationOutcome } from 'fhir/r4.js'
import { schemaProblems } from './fhir-schema.ts'

export interface FhirAnswer<Resource> {
  readonly status: number
  readonly headers: Headers
  readonly body: Resource
}

/** Another system of the hospital: every answer that it gets has to follow the schema of FHIR. */
export class HospitalClient {
  readonly #base: string
  readonly #cookie: string

  constructor({ url }: { readonly url: string }, { cookie }: { readonly cookie: string }) {
    this.#base = `${url}/api/fhir`
    this.#cookie = cookie
  }

  async call<Resource = FhirResource>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<FhirAnswer<Resource>> {
    const answer = await fetch(path.startsWith('http') ? path : `${this.#base}/${path}`, {
      method,
      headers: {
        cookie: this.#cookie,
        accept: 'application/fhir+json',
        ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const type = answer.headers.get('content-type')
    if (type !== 'application/fhir+json; charset=utf-8') throw new Error(`${method} ${path} answers ${type}`)
    const resource = (await answer.json()) as Resource
    const problems = schemaProblems(resource)
    if (problems.length > 0) throw new Error(`${method} ${path}: ${problems.join('; ')}`)
    return { status: answer.status, headers: answer.headers, body: resource }
  }

  async read<Resource>(path: string): Promise<Resource> {
    const { status, body } = await this.call<Resource>('GET', path)
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`)
    return body
  }

  async found<Resource>(path: string): Promise<Resource[]> {
    const { entry = [] } = await this.read<Bundle>(path)
    return entry.map(({ resource }) => resource as Resource)
  }

  async refused(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ status: number; code: string; at: string | undefined }> {
    const answer = await this.call<OperationOutcome>(method, path, body, headers)
    // What is not refused is another resource.
    const [issue] = (answer.body as Partial<OperationOutcome>).issue ?? []
    if (issue === undefined) throw new Error(`${method} ${path} is not refused: ${answer.status}`)
    return { status: answer.status, code: issue.code, at: issue.expression?.[0] }
  }
}
