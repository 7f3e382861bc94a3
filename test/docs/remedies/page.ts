import { chmod, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { parse } from 'yaml'
import { commandSettings, createCommandChannel } from '../../../src/channels/command/command.ts'
import type { CommandRun } from '../../../src/lib/command-run/run.ts'
import { channelDependencies } from '../../support/alerts/channels.ts'
import { firing } from '../../support/alerts/notifications.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { blocks } from '../support/blocks.ts'

/** Where the page puts its scripts. */
const installed = '/usr/local/lib/probity/'

/** The blocks of docs/remedies.md in a language, of which one contains a text. */
export function blockOf(language: string, text: string): string {
  const found = blocks.find(
    (block) => block.page === 'docs/remedies.md' && block.language === language && block.text.includes(text),
  )
  if (!found) throw new Error(`docs/remedies.md has no ${language} with ${text}`)
  return found.text
}

export interface Recipe {
  /** With the scripts of the page, and the programs that stand in for others. */
  readonly folder: string
  /** Runs the command of the page for an alert. @returns What is recorded of it. */
  readonly run: () => Promise<CommandRun>
}

export interface RecipeOptions {
  /** A script of the page, by its name. */
  readonly script: string
  readonly channel: string
  /** Programs that stand in for others, by their names: scripts for `/bin/sh`. */
  readonly programs?: Readonly<Record<string, string>>
  /** In addition to those of the page. */
  readonly env?: Readonly<Record<string, string>>
}

/** Installs a script of the page in a folder, and opens the channel of its notify.yml. */
export async function recipe({ script, channel, programs = {}, env = {} }: RecipeOptions): Promise<Recipe> {
  const folder = await tempFolder()
  for (const [name, text] of Object.entries({ ...programs, [script]: blockOf('bash', `# ${script}`) })) {
    await writeFile(join(folder, name), text)
    await chmod(join(folder, name), 0o755)
  }
  const notify = parse(blockOf('yaml', `${installed}${script}`)) as {
    channels: Record<string, { command: string[]; env?: Record<string, string> }>
  }
  const written = notify.channels[channel]
  if (!written) throw new Error(`docs/remedies.md has no channel ${channel}`)
  const settings = commandSettings.parse({
    ...written,
    command: written.command.map((part) => part.replace(installed, `${folder}/`)),
    env: { ...written.env, ...env },
  })
  return {
    folder,
    async run() {
      const runs: CommandRun[] = []
      const dependencies = channelDependencies({
        env: { PATH: `${folder}${delimiter}${process.env.PATH ?? ''}`, HOME: folder },
        ran: (made) => runs.push(made),
      })
      const { alertCount: _, ...first } = firing
      const delivered = createCommandChannel(settings, dependencies).deliver(first, new AbortController().signal)
      // A run that failed is one, too.
      const failure: unknown = await delivered.then(() => undefined, (error: unknown) => error)
      const [run] = runs
      if (!run) throw new Error('nothing was run', { cause: failure })
      return run
    },
  }
}
