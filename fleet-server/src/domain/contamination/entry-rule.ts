import {
  isolatedFor,
  isPassageNow,
  robotBurden,
  roomBurden,
  roomClass,
  SOIL,
  type Agent,
  type Contamination,
} from './contamination.ts'

/** Why a robot may not go into a room: what it would bring. */
export interface EntryRefusal {
  readonly roomId: string
  readonly agents: readonly Agent[]
}

/**
 * Whether a robot may enter a room with what it carries; `null`: it may.
 *
 * - A clean zone: with nothing at all, not even the soil of an ordinary room. Also while someone is isolated in it.
 * - An ordinary or an isolated room: with nothing but soil and what that room carries itself.
 * - A dirty zone, a place for decontamination, a corridor outside every zone: always.
 */
export function entryRefusal(state: Contamination, robotId: string, roomId: string): EntryRefusal | null {
  return refusalFor(state, [...robotBurden(state, robotId).keys()], roomId)
}

/** As `entryRefusal`, for a robot that would carry these agents. */
export function refusalFor(
  state: Contamination,
  carried: readonly Agent[],
  roomId: string,
): EntryRefusal | null {
  const hygiene = state.hygiene.get(roomId)
  if (hygiene === undefined || carried.length === 0) return null
  if (hygiene.class === 'clean') return { roomId, agents: carried }
  if (hygiene.isForDecontamination || isPassageNow(state, roomId)) return null
  if (roomClass(state, roomId) === 'dirty') return null
  const own = roomBurden(state, roomId)
  const foreign = carried.filter((agent) => agent !== SOIL && !own.has(agent))
  return foreign.length === 0 ? null : { roomId, agents: foreign }
}

/** What a robot carries after it has been in the room. */
export function agentsAfter(
  state: Contamination,
  carried: readonly Agent[],
  roomId: string,
): readonly Agent[] {
  if (isPassageNow(state, roomId)) return carried
  return [...new Set([...carried, ...roomBurden(state, roomId).keys()])]
}

/** For people: "carries Clostridioides difficile and must be decontaminated before room 104". */
export function refusalWords(
  { agents, roomId }: EntryRefusal,
  names: { readonly agent: (agent: Agent) => string; readonly room: (roomId: string) => string },
): string {
  return `carries ${listed(agents.map(names.agent))} and must be decontaminated before it enters ${names.room(roomId)}`
}

/** The name of an agent, given those of organisms and rooms. */
export function agentName(
  agent: Agent,
  names: { readonly organism: (id: string) => string; readonly room: (roomId: string) => string },
): string {
  if (agent === SOIL) return 'ordinary soil'
  if (agent.startsWith('unknown:')) return `what is in ${names.room(agent.slice('unknown:'.length))}`
  return names.organism(agent)
}

/** Whether the room is one that a person isolated, for people's lists. */
export function isIsolatedByPerson(state: Contamination, roomId: string): boolean {
  return isolatedFor(state, roomId) !== null
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
