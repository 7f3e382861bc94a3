import { Option } from '@commander-js/extra-typings'
import { ProbityError } from '../../lib/errors.ts'
import { Fields } from '../shared/fields.ts'
import { readForeign } from '../shared/foreign-file.ts'
import type { Importer } from '../shared/importer.ts'
import { Names } from '../shared/render.ts'
import { importedTargets } from '../shared/imported.ts'
import { targetsOf } from './items.ts'
import { Variables } from './variables.ts'

/** A collection has no interval: requests that change something are not made often. */
const defaults = { interval: '5m', expect: { max_latency: 'off' } }

/** The file with the values of variables. */
const secretsFile = 'postman.env'

/**
 * `probity import postman`.
 *
 * Source of the format: https://schema.postman.com/json/collection/v2.1.0/docs/index.html
 */
export const postmanImporter: Importer = {
  name: 'postman',
  summary: 'a collection of Postman, version 2.0 or 2.1',
  options: () => [
    new Option('--environment <file>', 'an environment of Postman, with the values of variables'),
    new Option('--transactions', 'make one target with steps of the requests of a folder').default(false),
  ],
  async read(path, _env, { environment, transactions = false } = {}) {
    const { tree } = await readForeign(path)
    // The API of Postman puts the collection into a mapping.
    const outer = new Fields(tree.value)
    const file = outer.has('item') ? outer : outer.below('collection')
    if (!file.has('item') || !file.has('info'))
      throw new ProbityError(
        'IMPORT_UNKNOWN',
        `${path} is not a collection of Postman: expected version 2.1 with info: and item:, as Postman exports it`,
      )
    const values = new Map([
      ...valuesOf(file, 'variable'),
      ...(typeof environment === 'string'
        ? valuesOf(new Fields((await readForeign(environment)).tree.value), 'values')
        : []),
    ])
    const variables = new Variables(values)
    const auth = file.has('auth') ? file.below('auth') : undefined
    const around = { variables, names: new Names(), transactions: transactions === true }
    const outcomes = targetsOf(file, { names: [], auth }, around)
    const scripts = file.has('event')
      ? [{ path: file.at('event'), message: 'scripts of the collection are not run' }]
      : []
    const { files, notes } = importedTargets(path, { defaults, outcomes, left: scripts })
    const unknown = variables.unknown.map(
      (name) => `${name} is a variable without a value: set it where Probity is started`,
    )
    return {
      files: [...files, ...variables.files(secretsFile)],
      notes: [
        ...notes,
        ...unknown,
        ...variables.notes(secretsFile),
        'every request is made every 5m, and must answer with 2xx unless a test says otherwise',
      ],
    }
  },
}

/** Values by the name of a variable, of those that are not off. */
function valuesOf(file: Fields, key: string): [name: string, value: string][] {
  return file.items(key).flatMap((variable): [string, string][] => {
    const name = variable.text('key') ?? variable.text('id') ?? ''
    const isOff = variable.take('disabled') === true || variable.take('enabled') === false
    const value = variable.text('value') ?? ''
    return name === '' || value === '' || isOff ? [] : [[name, value]]
  })
}
