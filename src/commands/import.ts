import { mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings'
import { messageOf, ProbityError } from '../lib/errors.ts'
import { flag } from './flags/flags.ts'
import { replaceFile } from '../lib/io/replace-file.ts'
import { foreignPrograms } from '../foreign/index.ts'
import type { Imported, Importer } from '../foreign/shared/importer.ts'

/** `probity import`. */
export async function importCommand(): Promise<CommandUnknownOpts> {
  const command = new Command('import').description(
    'Converts the configuration of another program to targets.yml and notify.yml.',
  )
  for (const { importer } of foreignPrograms) command.addCommand(importerCommand(await importer()))
  return command
}

function importerCommand({ name, summary, read, options = () => [] }: Importer): CommandUnknownOpts {
  const command = new Command(name)
    .description(`Converts ${summary}.`)
    .argument('<file>', 'the configuration to convert')
    .addOption(flag('--out <folder>', 'where the files are written; - for standard output').default('.'))
    .addOption(flag('--force', 'replace existing files').default(false))
    .action(async (file, { out, force, ...flags }) => {
      refuseFileName(out)
      const imported = await read(file, process.env, flags)
      if (out === toStdout) {
        for (const { text } of imported.files) process.stdout.write(text)
      } else {
        for (const path of await writeImported(imported, out, force)) process.stdout.write(`wrote ${path}\n`)
      }
      // If the file goes on through a pipe, the remarks about it go to the terminal.
      const stream = out === toStdout ? process.stderr : process.stdout
      for (const note of imported.notes) stream.write(`note: ${note}\n`)
    })
  for (const option of options()) command.addOption(option)
  return command
}

const toStdout = '-'

/** Somebody who names a file would get a folder of this name, with targets.yml in it. */
function refuseFileName(out: string): void {
  if (!/\.ya?ml$/i.test(out)) return
  throw new ProbityError(
    'FILE_UNWRITABLE',
    `--out ${out}: expected a folder, into which targets.yml and notify.yml are written: write --out ${dirname(out)}`,
  )
}

/** A secret may stand in what was imported. */
const mode = 0o600

/**
 * Writes what was imported; all of it, or nothing.
 *
 * @throws ProbityError `FILE_EXISTS` where a file is there that may not be replaced; `FILE_UNWRITABLE` with what the file
 *   system said.
 */
export async function writeImported({ files }: Imported, folder: string, force: boolean): Promise<string[]> {
  const paths = files.map(({ name, text }) => ({ path: join(folder, name), text }))
  for (const { path } of paths) {
    if (force || !(await exists(path))) continue
    throw new ProbityError('FILE_EXISTS', `${path} already exists: choose another --out, or use --force`)
  }
  try {
    await mkdir(folder, { recursive: true })
    for (const { path, text } of paths) await replaceFile(path, text, mode)
  } catch (cause) {
    throw new ProbityError('FILE_UNWRITABLE', `cannot write into ${folder}: ${messageOf(cause)}`, { cause })
  }
  return paths.map(({ path }) => path)
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
