import { isMapping } from '../../config/document/parts.ts'
import { ProbityError } from '../../lib/errors.ts'
import { Fields } from '../shared/fields.ts'
import { readForeign } from '../shared/foreign-file.ts'
import type { Importer } from '../shared/importer.ts'
import { Names } from '../shared/render.ts'
import { Secrets } from '../shared/secrets.ts'
import { importedTargets } from '../shared/imported.ts'
import { checkOf } from './check.ts'

/** A job that runs longer or shorter is not slow. */
const defaults = { expect: { max_error_rate: 'off' } }

/**
 * `probity import healthchecks`.
 *
 * Source of the format: https://healthchecks.io/docs/api/ (templates/docs/api.md of https://github.com/healthchecks/healthchecks)
 */
export const healthchecksImporter: Importer = {
  name: 'healthchecks',
  summary: 'what the API of healthchecks.io answers to GET /api/v3/checks/',
  async read(path) {
    const { tree } = await readForeign(path)
    const file = new Fields(documentOf(tree.value))
    const checks = file.items('checks')
    if (!checks.some((check) => check.has('grace')))
      throw new ProbityError(
        'IMPORT_UNKNOWN',
        `${path} has no checks of healthchecks: expected the answer of its API to GET /api/v3/checks/`,
      )
    const around = { names: new Names(), secrets: new Secrets('HC') }
    return importedTargets(path, {
      defaults,
      outcomes: checks.map((check) => checkOf(check, around)),
      secrets: { kept: around.secrets, file: 'healthchecks.env' },
    })
  },
}

/** The API answers with a list of checks in a mapping, or with a check; a list alone is what jq makes of it. */
function documentOf(value: unknown): unknown {
  if (Array.isArray(value)) return { checks: value }
  return isMapping(value) && !('checks' in value) ? { checks: [value] } : value
}
