import { z } from 'zod'
import { commonShape } from './channels.ts'
import { routeSchema } from './load.ts'
import { peerSchema } from './peers.ts'
import { reportSchema } from './reports.ts'
import { draft7, jsonOf } from '../../settings/values/value.ts'
import { logChannelName, type ChannelTypes } from './notify.ts'

type Schema = z.core.JSONSchema.BaseSchema

/** The JSON Schema of notify.yml, for editors. Draft 7, which the YAML language server knows. */
export function notifyJsonSchema(types: ChannelTypes): Schema {
  const common = jsonOf(z.object(commonShape)).properties
  const channels = Object.values(types).map(({ schema }): Schema => {
    const json = jsonOf(schema)
    return { ...json, properties: { ...json.properties, ...common } }
  })
  const log: Schema = {
    type: 'object',
    properties: {
      type: {
        const: logChannelName,
        description: 'The kind of channel: the alerts log, which is always there.',
      },
    },
    required: ['type'],
    additionalProperties: false,
  }
  return {
    $schema: draft7,
    $id: 'urn:probity:schema:notify',
    title: 'config/notify.yml of Probity: who is notified of what',
    type: 'object',
    properties: {
      channels: {
        type: 'object',
        additionalProperties: { anyOf: [...channels, log] },
        description: 'Ways to notify people, by name.',
      },
      routes: {
        type: 'array',
        items: jsonOf(routeSchema),
        description: 'Who is notified of what: the first route that matches.',
      },
      reports: {
        type: 'object',
        additionalProperties: jsonOf(reportSchema),
        description: 'Reports on vendors that are sent by themselves, by name. Default: none.',
      },
      peers: {
        type: 'array',
        items: jsonOf(peerSchema),
        maxItems: 1,
        description: 'Another solo with the same targets: one of the two notifies. Default: none.',
      },
    },
    patternProperties: { '^x-': {} },
    additionalProperties: false,
  }
}
