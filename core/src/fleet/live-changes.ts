import type { LiveChange, LiveCollection, LiveState } from './live-feed.ts'

/**
 * The state after a delta. Pure; untouched collections keep their identity. It stands apart from the
 * schemas so that a browser bundle can take it without the schema library.
 */
export function applyChanges(state: LiveState, changes: readonly LiveChange[]): LiveState {
  const next: { [Collection in LiveCollection]: LiveState[Collection] } = { ...state }
  const copied = new Set<LiveCollection>()
  for (const { collection, id, value } of changes) {
    if (!copied.has(collection)) {
      copied.add(collection)
      next[collection] = { ...next[collection] } as never
    }
    const target = next[collection] as Record<string, unknown>
    if (value === null) delete target[id]
    else target[id] = value
  }
  return next
}
