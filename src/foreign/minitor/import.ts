import { stringify } from 'yaml'
import { loadMinitor } from './load.ts'
import { translate } from './translate.ts'
import { ProbityError } from '../../lib/errors.ts'
import type { Importer } from '../shared/importer.ts'

/** `probity import minitor`. */
export const minitorImporter: Importer = {
  name: 'minitor',
  summary: "Minitor's YAML",
  async read(path, env) {
    const file = await loadMinitor(path, env)
    if (file === undefined)
      throw new ProbityError('IMPORT_UNKNOWN', `${path} is not a Minitor file: it has no list of monitors`)
    const { targets, notify, notes } = translate(file)
    const startup = file.startupAlerts.map(
      (alert) => `startup_alerts: ${alert} is not run at the start; probity notify test runs every alert`,
    )
    return {
      files: [
        { name: 'targets.yml', text: toYaml('targets', path, targets) },
        { name: 'notify.yml', text: toYaml('notify', path, notify) },
      ],
      notes: [...notes, ...startup],
    }
  },
}

function toYaml(schema: string, path: string, document: object): string {
  const head = [`# yaml-language-server: $schema=./schema/${schema}.schema.json`, `# Converted from ${path}`]
  const options = { lineWidth: 0, singleQuote: false, aliasDuplicateObjects: false }
  return `${head.join('\n')}\n${stringify(document, options)}`
}
