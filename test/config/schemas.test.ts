import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { kinds } from '../../src/checks/index.ts'
import { notifyTypes } from '../../src/app/channels.ts'
import { targetsJsonSchema } from '../../src/config/document/json-schema.ts'
import { commonDefaults } from '../../src/config/load/resolve.ts'
import { notifyJsonSchema } from '../../src/config/notify/json-schema.ts'
import { jsonOf, type JsonSchema } from '../../src/settings/values/value.ts'

const schemas = [
  { name: 'targets', schema: targetsJsonSchema() },
  { name: 'notify', schema: notifyJsonSchema(notifyTypes) },
]

/** Every property below a schema, by its path. */
function propertiesOf(node: unknown, path = ''): [string, JsonSchema][] {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, value]: [string, unknown]): [string, JsonSchema][] => {
    if (key !== 'properties') return propertiesOf(value, path)
    return Object.entries(value as Record<string, JsonSchema>).flatMap(([name, property]) => [
      [`${path}.${name}`, property] as [string, JsonSchema],
      ...propertiesOf(property, `${path}.${name}`),
    ])
  })
}

describe.each(schemas)('the JSON Schema of $name.yml', ({ name, schema }) => {
  it('describes every property', () => {
    const properties = propertiesOf(schema)
    expect(properties.length).toBeGreaterThan(50)
    expect(properties.filter(([, { description = '' }]) => description === '').map(([path]) => path)).toEqual(
      [],
    )
  })

  it('has its own name and one dialect', () => {
    expect(schema).toMatchObject({
      $id: `urn:probity:schema:${name}`,
      $schema: 'http://json-schema.org/draft-07/schema#',
    })
    expect(JSON.stringify(schema).split('"$schema":')).toHaveLength(2)
  })
})

describe.each(kinds)('the descriptions of $key', ({ shape, expectShape, defaults }) => {
  const { expect: ofExpect = {}, ...ofTarget } = defaults as { expect?: Record<string, unknown> }
  const described = (keys: object, given: object) =>
    Object.entries(given).flatMap(([key, value]: [string, unknown]) => {
      const schema = (keys as Readonly<Record<string, z.ZodType | undefined>>)[key]
      const isMapping = typeof value === 'object' && !Array.isArray(value)
      return schema && !isMapping ? [{ key, value, schema }] : []
    })
  const given = [...described(shape, ofTarget), ...described(expectShape, ofExpect)]

  it('end with the default that is in force', () => {
    const wrong = given.filter(({ value, schema }) => {
      const { description = '' } = jsonOf(schema)
      return !description.endsWith(`Default: \`${[value].flat().join(', ')}\`.`)
    })
    expect(wrong.map(({ key }) => key)).toEqual([])
  })
})

it('the descriptions of what every target has end with the default that is in force', () => {
  const { anyOf = [] } = targetsJsonSchema()
  const properties = new Map(propertiesOf(anyOf[0]))
  const { expect: thresholds, ...common } = commonDefaults as Record<string, unknown>
  const given = [
    ...Object.entries(common).map(([key, value]) => [`.defaults.${key}`, value] as const),
    ...Object.entries(thresholds as object).map(
      ([key, value]) => [`.defaults.expect.${key}`, value as unknown] as const,
    ),
  ]
  for (const [path, value] of given)
    expect(properties.get(path)?.description).toContain(`Default: \`${String(value)}\``)
})
