import type {
  ContaminationView,
  LiveState,
  OrganismView,
  ProtocolView,
  RequestView,
} from '@wardlight/core/fleet'

/** What is most likely asked for in a room, and why; `null` as treatment: nobody can know, a person chooses. */
export type UsualRequest =
  | { readonly why: 'isolation'; readonly agent: string; readonly treatment: UsualTreatment }
  /** Isolated, and nobody has named the organism. */
  | { readonly why: 'unnamed'; readonly treatment: null }
  /** As this request for a room of the same kind. */
  | { readonly why: 'roomKind'; readonly last: RequestView; readonly treatment: UsualTreatment }
  | { readonly why: 'nothingKnown'; readonly treatment: null }

export type UsualTreatment =
  | { readonly protocol: ProtocolView }
  | { readonly organismId: string; readonly targetLog: number | null }

export interface KnownOfRooms {
  readonly live: Pick<LiveState, 'rooms' | 'requests'>
  readonly contamination: ContaminationView
  readonly protocols: readonly ProtocolView[]
  readonly organisms: readonly OrganismView[]
}

/**
 * An isolation comes first: its hardest organism, by the protocol that was last followed for it. Then what was last asked for in a
 * room of this kind. Protocols that no robot can follow now are left out.
 */
export function usualRequestOf(roomId: string, known: KnownOfRooms): UsualRequest {
  const { live, contamination, protocols, organisms } = known
  const room = live.rooms[roomId]
  const past = Object.values(live.requests)
    .filter(({ status }) => status !== 'withdrawn' && status !== 'planningFailed')
    .toSorted((a, b) => Date.parse(b.requestedAt) - Date.parse(a.requestedAt))
  const followable = protocols.filter(({ isCurrent, obstacle }) => isCurrent && obstacle === null)

  const hygiene = contamination.rooms.find((view) => view.roomId === roomId)
  if (hygiene?.class === 'isolation') {
    const agents = hygiene.isolatedFor ?? hygiene.carries.map(({ agent }) => agent)
    const hardest = organisms
      .filter(({ id }) => agents.includes(id))
      .toSorted((a, b) => b.d90MjPerCm2 - a.d90MjPerCm2)[0]
    if (hardest === undefined) return { why: 'unnamed', treatment: null }
    const fitting = followable.filter((protocol) => aimsAt(protocol, hardest.id))
    const last = past.find(({ protocol }) => fitting.some(({ id }) => id === protocol?.id))
    const protocol = fitting.find(({ id }) => id === last?.protocol?.id) ?? fitting[0]
    return {
      why: 'isolation',
      agent: hardest.name,
      treatment: protocol === undefined ? { organismId: hardest.id, targetLog: null } : { protocol },
    }
  }

  for (const last of past) {
    if (live.rooms[last.roomId]?.kind !== room?.kind) continue
    const treatment = asBefore(last, followable, organisms)
    if (treatment !== null) return { why: 'roomKind', last, treatment }
  }
  return { why: 'nothingKnown', treatment: null }
}

function aimsAt({ steps }: ProtocolView, organismId: string): boolean {
  return steps.some((step) => step.type === 'uv' && step.organismId === organismId)
}

function asBefore(
  { protocol: followed, organismId, targetLog }: RequestView,
  followable: readonly ProtocolView[],
  organisms: readonly OrganismView[],
): UsualTreatment | null {
  if (followed !== null) {
    const protocol = followable.find(({ id }) => id === followed.id)
    return protocol === undefined ? null : { protocol }
  }
  return organismId !== null && organisms.some(({ id }) => id === organismId)
    ? { organismId, targetLog }
    : null
}
