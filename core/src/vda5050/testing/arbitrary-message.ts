import fc from 'fast-check'
import type { Static, TSchema } from 'typebox'

interface AnySchema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly AnySchema[]
  readonly items?: AnySchema
  readonly minItems?: number
  readonly minLength?: number
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, AnySchema>>
  readonly required?: readonly string[]
}

/** Messages that follow a schema, every optional field there and not there. */
export function arbitraryMessage<Schema extends TSchema>(schema: Schema): fc.Arbitrary<Static<Schema>> {
  return arbitrary(schema) as fc.Arbitrary<Static<Schema>>
}

function arbitrary(schema: AnySchema): fc.Arbitrary<unknown> {
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(arbitrary))
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.const !== undefined) return fc.constant(schema.const)
  switch (schema.type) {
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([key, property]) => [key, arbitrary(property)]),
        ),
        { requiredKeys: [...(schema.required ?? [])] as never[], noNullPrototype: true },
      )
    case 'array':
      return fc.array(schema.items === undefined ? fc.integer() : arbitrary(schema.items), {
        minLength: schema.minItems ?? 0,
        maxLength: 4,
      })
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1000, max: schema.maximum ?? 2 ** 31 - 1 })
    case 'number':
      return fc.double({
        min: schema.minimum ?? -1e6,
        max: schema.maximum ?? 1e6,
        noNaN: true,
      })
    case 'boolean':
      return fc.boolean()
    case 'string':
      return schema.pattern === undefined
        ? fc.string({ minLength: schema.minLength ?? 0, maxLength: 12 })
        : fc
            .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
            .map((date) => date.toISOString())
    default:
      // A value of any type.
      return fc.string({ maxLength: 8 })
  }
}
