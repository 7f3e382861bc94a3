import { Command } from '@commander-js/extra-typings'
import { copyShipped } from '../app/setup/shipped-files.ts'

/** `probity files FOLDER`. */
export const filesCommand = () =>
  new Command('files')
    .description(
      'Copies what the parts around Probity need into a folder: rules, dashboards, templates, clients, manifests of Kubernetes.',
    )
    .argument('<folder>', 'where to; it is made if it is missing')
    .action(async (folder) => {
      const written = await copyShipped(folder)
      process.stdout.write(`wrote ${written.length} files into ${folder}\n`)
    })
