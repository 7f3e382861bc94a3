import { draft7, jsonOf, type JsonSchema } from '../../settings/values/value.ts'
import { documentSchema } from './schema.ts'

/** The JSON Schema of a configuration file, for editors. Draft 7, which the YAML language server knows. */
export function targetsJsonSchema(): JsonSchema {
  return {
    $schema: draft7,
    $id: 'urn:probity:schema:targets',
    title: 'config/targets.yml of Probity: what is watched, and what is expected of it',
    ...jsonOf(documentSchema),
  }
}
