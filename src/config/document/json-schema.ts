import { z } from 'zod'
import { documentSchema } from './schema.ts'

/** The JSON Schema of a configuration file, for editors. Draft 7, which the YAML language server knows. */
export function targetsJsonSchema(): z.core.JSONSchema.BaseSchema {
  const { $schema, ...schema } = z.toJSONSchema(documentSchema, { io: 'input', target: 'draft-7' })
  return {
    ...($schema !== undefined && { $schema }),
    title: 'config/targets.yml of Probity: what is watched, and what is expected of it',
    ...schema,
  }
}
