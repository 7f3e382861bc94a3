import { ProbityError } from '../../lib/errors.ts'
import { Fields } from '../shared/fields.ts'
import type { Remark } from '../shared/translation.ts'
import type { Importer } from '../shared/importer.ts'
import { Names, remarkText, renderTargets, type Entry } from '../shared/render.ts'
import { readForeign } from '../shared/foreign-file.ts'
import { patternOf } from './pattern.ts'

/**
 * `probity import metrist`: the file that `METRIST_CMA_CONFIG` names. It says which calls are measured, and nothing else.
 *
 * Source of the format: https://github.com/Metrist-Software/orchestrator (README.md, lib/orchestrator/ipa_server.ex)
 */
export const metristImporter: Importer = {
  name: 'metrist',
  summary: "the patterns: of Metrist's orchestrator",
  async read(path) {
    const { tree } = await readForeign(path)
    const file = new Fields(tree.value)
    if (!file.has('patterns')) {
      throw new ProbityError(
        'IMPORT_UNKNOWN',
        `${path} is not a configuration of Metrist's orchestrator: it has no patterns:`,
      )
    }
    const patterns = file.below('patterns')
    const names = new Names()
    const outcomes = Object.keys((tree.value as { patterns: object }).patterns).map((name) =>
      patternOf(name, patterns.below(name), names),
    )
    const entries = outcomes.filter((outcome): outcome is Entry => 'keys' in outcome)
    const left = outcomes.filter((outcome): outcome is Remark => !('keys' in outcome))
    const unknown = file.keys.filter((key) => key !== 'patterns')
    const remarks = [
      ...entries.flatMap((entry) => entry.remarks),
      ...left,
      ...unknown.map((key) => ({ path: file.at(key), message: 'is not supported here' })),
    ]
    return {
      files: [{ name: 'targets.yml', text: renderTargets(path, { targets: entries }) }],
      notes: remarks.map((remark) => remarkText(remark)),
    }
  },
}
