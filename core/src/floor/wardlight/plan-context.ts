import { wardError, type WardError } from '../../errors/index.ts'
import type { PlanProblem } from '../types.ts'
import type { YamlPath, YamlSource } from '../yaml-source.ts'
import type { WardlightPlan } from './schema.ts'

/** A plan while it is being read. */
export interface PlanContext {
  readonly file: WardlightPlan
  readonly source: YamlSource
  readonly problems: PlanProblem[]
}

export function planError({ source }: PlanContext, path: YamlPath, what: string, remedy: string): WardError {
  return wardError('WARD_ERR_PLAN_SCHEMA', { what, where: source.place(path), remedy })
}

export function unknownReference(context: PlanContext, path: YamlPath, kind: string, id: string): WardError {
  return planError(
    context,
    path,
    `There is no ${kind} "${id}"`,
    `Correct the id, or describe that ${kind} in this file.`,
  )
}

export function warn({ source, problems }: PlanContext, path: YamlPath, what: string, remedy: string): void {
  problems.push({ severity: 'warning', where: source.place(path), what, remedy })
}
