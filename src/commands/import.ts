import { mkdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings'
import { codeOf, ProbityError } from '../lib/errors.ts'
import { flag } from './flags/flags.ts'
import { oneLine, visible } from '../lib/text/text.ts'
import { replaceFile } from '../lib/io/replace-file.ts'
import { foreignPrograms } from '../foreign/index.ts'
import type { Imported, Importer } from '../foreign/shared/importer.ts'
import { reasonOf } from '../settings/secrets.ts'

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
    .addOption(
      flag(
        '--out <path>',
        'a folder for the files, or a .yml file for the targets; - for standard output',
      ).default('.'),
    )
    .addOption(flag('--force', 'replace existing files').default(false))
    .action(async (file, { out, force, ...flags }) => {
      const places = out === toStdout ? undefined : await placesOf(out)
      const imported = await read(file, process.env, flags)
      if (places === undefined) {
        for (const { text, isSecret = false } of imported.files) if (!isSecret) process.stdout.write(text)
      } else {
        for (const path of await writeImported(imported, places, force))
          process.stdout.write(`wrote ${path}${places.words(path)}\n`)
      }
      // If the file goes on through a pipe, the remarks about it go to the terminal.
      const stream = places === undefined ? process.stderr : process.stdout
      for (const note of imported.notes) stream.write(`note: ${oneLine(visible(note))}\n`)
      if (places === undefined)
        for (const { name: left, isSecret = false } of imported.files)
          if (isSecret)
            stream.write(`note: ${left} is not printed, because it has secrets: name a folder with --out\n`)
    })
  for (const option of options()) command.addOption(option)
  return command
}

const toStdout = '-'

/** Where files are written. */
interface Places {
  readonly folder: string
  /** Absent: the targets are written to targets.yml of the folder. */
  readonly targetsFile?: string
  /** What `--out` was, after the name of a file. */
  readonly words: (path: string) => string
}

/**
 * Whether `--out` names a folder or a file: what is there decides, and what is not there yet is a file if it ends with `.yml` or
 * `.yaml`.
 *
 * @throws ProbityError `FILE_UNWRITABLE` where it can be neither.
 */
export async function placesOf(out: string): Promise<Places> {
  const stats = await stat(out).catch(() => undefined)
  const isNamedFile = /[^/\\]\.ya?ml$/i.test(out)
  const isFolder = stats === undefined ? !isNamedFile : stats.isDirectory()
  if (isFolder) return { folder: out, words: () => ` (${out} is a folder)` }
  if (!isNamedFile || /^notify\.ya?ml$/i.test(basename(out)))
    throw new ProbityError(
      'FILE_UNWRITABLE',
      `--out ${out}: expected a folder, or a file for the targets whose name ends with .yml and is not notify.yml`,
    )
  const folder = dirname(out)
  return {
    folder,
    targetsFile: basename(out),
    words: (path) => (path === join(folder, basename(out)) ? ' (the file of --out)' : ` (next to ${out})`),
  }
}

/** A secret may stand in what was imported. */
const mode = 0o600

/**
 * Writes what was imported; all of it, or nothing.
 *
 * @returns The paths, in the order of the files.
 * @throws ProbityError `FILE_EXISTS` where a file is there that may not be replaced; `FILE_UNWRITABLE` with what the file
 *   system said.
 */
export async function writeImported(
  { files }: Imported,
  { folder, targetsFile = 'targets.yml' }: Pick<Places, 'folder' | 'targetsFile'>,
  force: boolean,
): Promise<string[]> {
  const paths = files.map(({ name, text }) => ({
    path: join(folder, name === 'targets.yml' ? targetsFile : name),
    text,
  }))
  for (const { path } of paths) {
    if (force || !(await exists(path))) continue
    throw new ProbityError('FILE_EXISTS', `${path} already exists: choose another --out, or use --force`)
  }
  try {
    await mkdir(folder, { recursive: true })
    for (const { path, text } of paths) await replaceFile(path, text, mode)
  } catch (cause) {
    const isNoFolder = ['EEXIST', 'ENOTDIR'].includes(codeOf(cause) ?? '')
    const why = isNoFolder ? 'it is not a folder, or below a file' : reasonOf(cause)
    throw new ProbityError('FILE_UNWRITABLE', `cannot write into ${folder}: ${why}`, { cause })
  }
  return paths.map(({ path }) => path)
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
