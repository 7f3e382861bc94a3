import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { Command } from '@commander-js/extra-typings'
import { askForTarget, type Conversation } from '../app/setup/first-target.ts'
import { copyConfig } from '../app/setup/shipped-files.ts'

/** `probity init [FOLDER]`. */
export const initCommand = () =>
  new Command('init')
    .description('Writes a first configuration: targets.yml, notify.yml and their schemas.')
    .argument('[folder]', 'where to; it is made if it is missing', 'config')
    .option('--interactive', 'ask five questions about the first target')
    .action(async (folder, { interactive }) => {
      const written = await copyConfig(folder)
      if (interactive) await describeTarget(folder)
      for (const path of written) process.stdout.write(`wrote ${path}\n`)
      const [config, notify] =
        folder === 'config'
          ? ['', '']
          : [` --config.file ${folder}/targets.yml`, ` --notify.file ${folder}/notify.yml`]
      process.stdout.write(`Next: probity solo${config}${notify}\n`)
      process.stdout.write(`Next, with a Prometheus of your own: probity exporter${config}\n`)
    })

async function describeTarget(folder: string): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  // Answers may be there before their questions, if they come through a pipe.
  const lines = terminal[Symbol.asyncIterator]()
  const ask: Conversation['ask'] = async (question, byDefault) => {
    process.stderr.write(byDefault === '' ? `${question}: ` : `${question} [${byDefault}]: `)
    const line = await lines.next()
    return (line.done ? '' : line.value.trim()) || byDefault
  }
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const { targets, env } = await askForTarget({ ask, say })
  terminal.close()
  await writeFile(join(folder, 'targets.yml'), targets)
  if (env !== undefined) await appendFile('.env', env, { mode: 0o600 })
}
