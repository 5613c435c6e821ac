import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { WireVersion } from '@wardlight/core/vda5050'
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import { sharedPeers } from './repository.ts'

const ROOT = path.join(sharedPeers, 'vda5050')

export const areOfficialSchemasThere = existsSync(ROOT)
export const officialSchemasNote = areOfficialSchemasThere ? '' : ` (skipped: no ${ROOT})`

const validators = new Map<string, ReturnType<Ajv2020['compile']> | null>()

/**
 * What the VDA's own schema has against a message; nothing where there is no schema for its topic.
 *
 * PAUSED stands in the text of 2.x (2.1, table 2) and not in its state schema: it counts as RUNNING here.
 */
export function officialProblems(version: WireVersion, topic: string, message: unknown): ErrorObject[] {
  const key = `${version}/${topic}`
  let validate = validators.get(key)
  if (validate === undefined) {
    validate = compile(path.join(ROOT, version, `${topic}.schema.json`))
    validators.set(key, validate)
  }
  if (validate === null) return []
  const text = JSON.stringify(message)
  const checked =
    version === '3.0' ? text : text.replaceAll('"actionStatus":"PAUSED"', '"actionStatus":"RUNNING"')
  return validate(JSON.parse(checked)) ? [] : (validate.errors ?? [])
}

function compile(file: string) {
  if (!existsSync(file)) return null
  const ajv = new Ajv2020({ allErrors: true, strict: false, allowUnionTypes: true, validateFormats: false })
  ajv.addVocabulary(['subtopic', 'unit'])
  const schema = JSON.parse(readFileSync(file, 'utf8')) as { $schema?: string }
  // 2.x names draft-07, whose keywords of these files 2020 reads alike.
  delete schema.$schema
  return ajv.compile(schema)
}
