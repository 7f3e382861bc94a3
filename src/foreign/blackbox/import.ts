import { Option } from '@commander-js/extra-typings'
import { readBlackbox, bytesAsBase64 } from './read.ts'
import { ProbityError } from '../../lib/errors.ts'
import type { Importer } from '../shared/importer.ts'
import { remarkText, renderTargets } from '../shared/render.ts'
import { readForeign } from '../shared/foreign-file.ts'
import { targetsOf } from './targets.ts'

/** `probity import blackbox`. */
export const blackboxImporter: Importer = {
  name: 'blackbox',
  summary: "blackbox_exporter's blackbox.yml",
  options: () => [
    new Option('--targets <file>', 'prometheus.yml, or a file of file_sd_configs, with what is probed'),
  ],
  async read(path, _env, { targets: targetsFile } = {}) {
    const { tree, directory } = await readForeign(path, bytesAsBase64)
    const modules = readBlackbox(tree.value, directory)
    if (!modules)
      throw new ProbityError('IMPORT_UNKNOWN', `${path} is not a blackbox.yml: it has no mapping of modules`)
    const entries = new Map(
      modules.map(({ name, keys, lost, notes }) => [name, { keys, remarks: [...lost, ...notes] }]),
    )
    const watched =
      typeof targetsFile === 'string'
        ? targetsOf(await readForeign(targetsFile), modules)
        : { entries: [], notes: [] }
    const remarks = [...entries.values(), ...watched.entries].flatMap((entry) => entry.remarks)
    const none = 'there are no targets yet: give prometheus.yml with --targets, or add them to targets.yml'
    return {
      files: [
        { name: 'targets.yml', text: renderTargets(path, { modules: entries, targets: watched.entries }) },
      ],
      notes: [
        ...remarks.map((remark) => remarkText(remark)),
        ...watched.notes,
        ...(typeof targetsFile === 'string' ? [] : [none]),
      ],
    }
  },
}
