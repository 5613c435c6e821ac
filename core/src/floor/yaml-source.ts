import { Value } from 'typebox/value'
import type { Static, TSchema } from 'typebox'
import { isMap, isSeq, LineCounter, parseDocument, type Document } from 'yaml'

import { wardError, type WardError } from '../errors/index.ts'
import type { PlanFiles } from './types.ts'

export type YamlPath = readonly (string | number)[]

/** A YAML file, and where in it everything stands. */
export interface YamlSource {
  readonly path: string
  readonly data: unknown
  /** `plan.yaml:12 (levels.0.rooms.3)`: the line of the deepest part of the path that there is. */
  place(path: YamlPath): string
}

/**
 * @throws WARD_ERR_PLAN_UNREADABLE, WARD_ERR_PLAN_YAML with file and line.
 */
export function readYaml(path: string, files: PlanFiles): YamlSource {
  const lines = new LineCounter()
  const document = parseDocument(readText(path, files), { lineCounter: lines })
  const error = document.errors[0]
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0])
    throw wardError('WARD_ERR_PLAN_YAML', {
      // The parser's own message goes on with an excerpt over several lines.
      what: `This is not valid YAML: ${error.message.split(/ at line | \(line |\n/)[0]!.replace(/[.:]$/, '')}`,
      where: `${path}:${line}:${col}`,
      cause: error,
    })
  }
  let data: unknown
  try {
    data = document.toJS()
  } catch (cause) {
    throw wardError('WARD_ERR_PLAN_YAML', {
      what: `Its aliases cannot be resolved: ${cause instanceof Error ? cause.message : String(cause)}`,
      where: path,
      cause,
    })
  }
  return {
    path,
    data,
    place(inside) {
      const start = startOf(document, inside)
      const at = start === null ? path : `${path}:${lines.linePos(start).line}`
      return inside.length === 0 ? at : `${at} (${inside.join('.')})`
    },
  }
}

/** @throws WARD_ERR_PLAN_SCHEMA for the first field that does not fit, with its line and what would fit. */
export function checkSchema<Schema extends TSchema>(schema: Schema, source: YamlSource): Static<Schema> {
  if (Value.Check(schema, source.data)) return source.data
  throw schemaError(schema, source)
}

function schemaError(schema: TSchema, source: YamlSource): WardError {
  // The message about an unknown field comes with one for each such field's value: that one says nothing.
  const errors = Value.Errors(schema, source.data).filter(({ keyword }) => keyword !== 'boolean')
  const first = errors[0]
  if (first === undefined) {
    return wardError('WARD_ERR_PLAN_SCHEMA', { what: 'It does not fit the schema', where: source.path })
  }
  const path = pointerPath(first.instancePath, source.data)
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  const found = JSON.stringify(valueAtPath(source.data, path))?.slice(0, 60) ?? 'nothing'
  const field = path.length === 0 ? 'The file' : `"${path.at(-1)}"`
  switch (first.keyword) {
    case 'required': {
      const missing = first.params.requiredProperties.map((name) => `"${name}"`).join(', ')
      return wardError('WARD_ERR_PLAN_SCHEMA', {
        what: `${path.length === 0 ? 'The file' : 'This entry'} lacks ${missing}${more}`,
        where: source.place(path),
        remedy: `Add ${missing}.`,
      })
    }
    case 'additionalProperties': {
      const unknown = first.params.additionalProperties
      return wardError('WARD_ERR_PLAN_SCHEMA', {
        what: `Unknown field ${unknown.map((name) => `"${name}"`).join(', ')}${more}`,
        where: source.place([...path, ...unknown.slice(0, 1)]),
        remedy: 'Correct its spelling, or remove it.',
      })
    }
    case 'enum':
      return wardError('WARD_ERR_PLAN_SCHEMA', {
        what: `${field} is ${found}${more}`,
        where: source.place(path),
        remedy: `Use one of ${first.params.allowedValues.map(String).join(', ')}.`,
      })
    default:
      return wardError('WARD_ERR_PLAN_SCHEMA', {
        what: `${field} ${first.message}, and is ${found}${more}`,
        where: source.place(path),
      })
  }
}

function readText(path: string, files: PlanFiles): string {
  try {
    return files.readText(path)
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    throw wardError('WARD_ERR_PLAN_UNREADABLE', {
      what: isMissing
        ? 'There is no such file'
        : `It cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      where: path,
      cause,
    })
  }
}

function startOf(document: Document, path: YamlPath): number | null {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const parent: unknown = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true)
    const key = path[depth - 1]!
    if (isMap(parent)) {
      // The key's own line: a block value begins on the next one.
      const pair = parent.items.find(({ key: name }) => String(name) === String(key))
      const range = (pair?.key as { range?: readonly number[] } | undefined)?.range
      if (range !== undefined) return range[0]!
    }
    if (isSeq(parent)) {
      const range = (parent.items[Number(key)] as { range?: readonly number[] } | undefined)?.range
      if (range !== undefined) return range[0]!
    }
  }
  return document.contents?.range?.[0] ?? null
}

/** A JSON pointer as keys; indices of arrays as numbers. */
function pointerPath(pointer: string, data: unknown): (string | number)[] {
  const path: (string | number)[] = []
  let value = data
  for (const part of pointer.split('/').slice(1)) {
    const key = Array.isArray(value) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')
    path.push(key)
    value = valueAtPath(value, [key])
  }
  return path
}

function valueAtPath(data: unknown, path: YamlPath): unknown {
  let value = data
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string | number, unknown>)[key]
  }
  return value
}
