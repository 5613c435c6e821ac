import type { ActionParameter, State, VdaResponse, ZoneRequest } from '@wardlight/core/vda5050'

/** What the virtual vehicle knows of zones: sets, of which one is enabled on a map, and one request at a time (3.0, 6.4). */
export class VirtualZones {
  readonly #sets = new Map<string, { readonly mapId: string; isEnabled: boolean }>()
  #request: ZoneRequest | null = null

  isEnabled(zoneSetId: string): boolean {
    return this.#sets.get(zoneSetId)?.isEnabled ?? false
  }

  /** It is there, and not in use yet. */
  take({ zoneSetId, mapId }: { readonly zoneSetId: string; readonly mapId: string }): void {
    if (!this.#sets.has(zoneSetId)) this.#sets.set(zoneSetId, { mapId, isEnabled: false })
  }

  /** @returns whether there is such a set */
  enable(parameters: readonly ActionParameter[]): boolean {
    const id = parameters.find(({ key }) => key === 'zoneSetId')?.value
    const chosen = typeof id === 'string' ? this.#sets.get(id) : undefined
    if (chosen === undefined) return false
    for (const set of this.#sets.values()) if (set.mapId === chosen.mapId) set.isEnabled = set === chosen
    return true
  }

  /** Asks to enter a zone; `null`: it has left it. */
  askFor(request: Pick<ZoneRequest, 'requestId' | 'zoneSetId' | 'zoneId'> | null): void {
    this.#request =
      request === null ? null : { ...request, requestType: 'ACCESS', requestStatus: 'REQUESTED' }
  }

  answer({ requestId, grantType }: VdaResponse): void {
    const request = this.#request
    if (request?.requestId !== requestId || grantType === 'QUEUED') return
    this.#request = grantType === 'GRANTED' ? { ...request, requestStatus: 'GRANTED' } : null
  }

  forget(): void {
    this.#sets.clear()
    this.#request = null
  }

  state(): Required<Pick<State, 'zoneSets' | 'zoneRequests'>> {
    return {
      zoneSets: [...this.#sets].map(([zoneSetId, { mapId, isEnabled }]) => ({
        zoneSetId,
        mapId,
        zoneSetStatus: isEnabled ? 'ENABLED' : 'DISABLED',
      })),
      zoneRequests: this.#request === null ? [] : [this.#request],
    }
  }
}
