import { z } from 'zod'
import { commonShape } from './channels.ts'
import { routeSchema } from './load.ts'
import { logChannelName, type ChannelTypes } from './notify.ts'

type Schema = z.core.JSONSchema.BaseSchema

function jsonOf(schema: z.ZodType): Schema {
  const json = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' })
  // Said once, at the top.
  delete json.$schema
  return json
}

/** The JSON Schema of notify.yml, for editors. Draft 7, which the YAML language server knows. */
export function notifyJsonSchema(types: ChannelTypes): Schema {
  const common = jsonOf(z.object(commonShape)).properties
  const channels = Object.values(types).map(({ schema }): Schema => {
    const json = jsonOf(schema)
    return { ...json, properties: { ...json.properties, ...common } }
  })
  const log: Schema = {
    type: 'object',
    properties: { type: { const: logChannelName } },
    required: ['type'],
    additionalProperties: false,
  }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'config/notify.yml of Probity: who is told of what',
    type: 'object',
    properties: {
      channels: { type: 'object', additionalProperties: { anyOf: [...channels, log] } },
      routes: { type: 'array', items: jsonOf(routeSchema) },
    },
    patternProperties: { '^x-': {} },
    additionalProperties: false,
  }
}
