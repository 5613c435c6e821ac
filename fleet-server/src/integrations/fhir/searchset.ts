import type { Bundle, FhirResource } from 'fhir/r4.js'
import { inScope, type WardScope } from '../../domain/ward-scope.ts'
import { isFound, type Findable, type SearchQuery } from './search-query.ts'

/** A resource that may be found, not made before it has to be. */
export interface Candidate extends Findable {
  /** `null`: it is in no room. */
  readonly roomId: string | null
  readonly make: () => FhirResource | Promise<FhirResource>
}

export interface Search {
  /** Of the service, without a slash at its end. */
  readonly base: string
  /** As it was asked. */
  readonly url: URL
  readonly query: SearchQuery
  readonly candidates: readonly Candidate[]
}

/** The page that was asked for, of what somebody may see. */
export async function searchset(
  scope: WardScope,
  { base, url, query, candidates }: Search,
): Promise<Bundle<FhirResource>> {
  const found = inScope(
    scope,
    candidates.filter((candidate) => isFound(candidate, query, base)),
  )
  const { count, offset } = query
  const resources: FhirResource[] = []
  for (const { make } of found.slice(offset, offset + count)) resources.push(await make())
  const hasNext = count > 0 && offset + count < found.length
  const page = (relation: string, at: number) => {
    const to = new URL(url)
    to.searchParams.set('_offset', String(at))
    return { relation, url: to.href }
  }
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    total: found.length,
    link: [
      { relation: 'self', url: url.href },
      ...(offset > 0 && count > 0 ? [page('previous', Math.max(offset - count, 0))] : []),
      ...(hasNext ? [page('next', offset + count)] : []),
    ],
    // FHIR has no empty lists.
    ...(resources.length === 0
      ? {}
      : {
          entry: resources.map((resource) => ({
            fullUrl: `${base}/${resource.resourceType}/${resource.id ?? ''}`,
            resource,
            search: { mode: 'match' },
          })),
        }),
  }
}
