import type { LiveChange, LiveCollection, LiveServerMessage, LiveState, RobotMotion } from './live-feed.ts'
import type { RobotView } from './views.ts'

/**
 * The state after a delta. Pure; untouched collections keep their identity. It stands apart from the
 * schemas so that a browser bundle can take it without the schema library.
 */
export function applyChanges(state: LiveState, changes: readonly LiveChange[]): LiveState {
  const next: { [Collection in LiveCollection]: LiveState[Collection] } = { ...state }
  const copied = new Set<LiveCollection>()
  for (const change of changes) {
    const { collection, id } = change
    if (!copied.has(collection)) {
      copied.add(collection)
      next[collection] = { ...next[collection] } as never
    }
    const target = next[collection] as Record<string, object>
    const value = changedValue(target[id], change)
    if (value === undefined) delete target[id]
    else target[id] = value
  }
  return next
}

/** One value after a change; `undefined`: there is none any more, or there was none of which fields could change. */
export function changedValue(before: object | undefined, change: LiveChange): object | undefined {
  if ('value' in change) return change.value ?? undefined
  return before === undefined ? undefined : { ...before, ...change.set }
}

/** What a message changes for a client that has these robots. */
export function changesIn(
  message: Extract<LiveServerMessage, { type: 'delta' | 'motion' }>,
  robots: Iterable<RobotView>,
): readonly LiveChange[] {
  if (message.type === 'delta') return message.changes
  const { heardAt, rows } = message
  const byNumber = new Map<number, RobotMotion>(rows.map((row) => [row.number, row]))
  const changes: LiveChange[] = []
  for (const { id, feedNumber, position } of robots) {
    const row = byNumber.get(feedNumber)
    if (row === undefined || position === null) continue
    const { x, y, theta } = row
    changes.push({
      collection: 'robots',
      id,
      set: { position: { ...position, x, y, theta }, updatedAt: heardAt },
    })
  }
  return changes
}
