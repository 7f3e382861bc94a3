import { ProbityError } from '../../lib/errors.ts'
import { Fields } from '../shared/fields.ts'
import { readForeign } from '../shared/foreign-file.ts'
import type { Importer } from '../shared/importer.ts'
import { Names } from '../shared/render.ts'
import { Secrets } from '../shared/secrets.ts'
import { importedTargets } from '../shared/imported.ts'
import { targetsOf } from './target.ts'
import { withReferences } from './variables.ts'

/** The receiver has no limit for what is slow. */
const defaults = { expect: { max_latency: 'off' } }

/**
 * `probity import httpcheck`.
 *
 * Source of the format: https://github.com/open-telemetry/opentelemetry-collector-contrib (receiver/httpcheckreceiver)
 */
export const httpcheckImporter: Importer = {
  name: 'httpcheck',
  summary: "the receivers httpcheck of OpenTelemetry's collector",
  async read(path) {
    const { tree } = await readForeign(path)
    const file = new Fields(withReferences(tree.value))
    const receivers = file.below('receivers')
    const found = receivers.keys.filter((name) => /^httpcheck(?:\/|$)/.test(name))
    if (found.length === 0)
      throw new ProbityError(
        'IMPORT_UNKNOWN',
        `${path} has no receiver httpcheck: expected the configuration of a collector with receivers: { httpcheck: ... }`,
      )
    const shared = { extensions: file.below('extensions'), names: new Names(), secrets: new Secrets('OTEL') }
    const outcomes = found.flatMap((name) => {
      const receiver = receivers.below(name)
      const group = name.replace(/^httpcheck\/?/, '')
      const around = { ...shared, receiver, group: group === '' ? undefined : group }
      return receiver.items('targets').flatMap((target) => targetsOf(target, around))
    })
    return importedTargets(path, {
      defaults,
      outcomes,
      secrets: { kept: shared.secrets, file: 'httpcheck.env' },
    })
  },
}
