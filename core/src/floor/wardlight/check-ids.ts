import type { YamlPath } from '../yaml-source.ts'
import { planError, unknownReference, type PlanContext } from './plan-context.ts'

/** The id of a lift's door: the lift's and the level's, numbered from the second one on a level. */
export function liftDoorId({ file }: PlanContext, liftIndex: number, doorIndex: number): string {
  const lift = file.lifts![liftIndex]!
  const { level } = lift.doors[doorIndex]!
  const count = lift.doors.slice(0, doorIndex + 1).filter((door) => door.level === level).length
  return `${lift.id}.${level}${count > 1 ? `-${count}` : ''}`
}

/** @throws WARD_ERR_PLAN_SCHEMA when an id exists twice, or a lift serves a level that there is not. */
export function checkIds(context: PlanContext): void {
  const { file } = context
  const seen = new Set<string>()
  for (const [index, lift] of (file.lifts ?? []).entries()) {
    take('lift', lift.id, ['lifts', index])
    for (const [doorIndex, { level }] of lift.doors.entries()) {
      const path = ['lifts', index, 'doors', doorIndex]
      if (!file.levels.some(({ id }) => id === level)) throw unknownReference(context, path, 'level', level)
      take('door', liftDoorId(context, index, doorIndex), path)
    }
  }
  for (const [index, level] of file.levels.entries()) {
    const at = ['levels', index]
    take('level', level.id, at)
    takeAll('room', level.rooms, [...at, 'rooms'])
    takeAll('door', level.doors ?? [], [...at, 'doors'])
    takeAll('zone', level.zones ?? [], [...at, 'zones'])
    takeAll('dock', level.docks ?? [], [...at, 'docks'])
    takeAll('node', level.navigation?.nodes ?? [], [...at, 'navigation', 'nodes'])
  }

  function takeAll(kind: string, list: readonly { readonly id: string }[], path: YamlPath): void {
    for (const [index, { id }] of list.entries()) take(kind, id, [...path, index])
  }

  function take(kind: string, id: string, path: YamlPath): void {
    if (seen.has(`${kind} ${id}`)) {
      throw planError(context, path, `There are two ${kind}s "${id}"`, 'Give one of them another id.')
    }
    seen.add(`${kind} ${id}`)
  }
}
