import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { codeOf } from '../../lib/errors.ts'
import { reasonOf } from '../../settings/secrets.ts'
import { maxFileBytes } from '../../settings/sources.ts'
import { asText, oneOrMany, seen, ValueError } from '../../settings/values/value.ts'
import { parseYamlInPieces, PieceCache } from '../../settings/yaml/pieces.ts'
import { readGroups, tooMany } from './groups.ts'
import { defineSource, type Labels } from './kind.ts'
import { maxTargets } from '../../settings/yaml/pieces.ts'

/** Files of one source: far more than anybody has. */
const maxFiles = 1000

/** Files in the format of Prometheus' file discovery. */
export const fileSd = defineSource({
  key: 'file_sd',
  local: true,
  shape: {
    file_sd: oneOrMany(readPattern, { type: 'string' })
      .optional()
      .describe(
        'Files, JSON or YAML, that list targets as Prometheus’ file discovery does: a path relative to the folder of targets.yml, or a list. The last part of a path may have one `*`.',
      ),
  },
  open: ({ file_sd: patterns = [] }, { directory }) => ({
    shown: patterns.join(', '),
    async ask(signal) {
      const found: Labels[] = []
      for (const path of await filesOf(patterns, directory)) {
        signal.throwIfAborted()
        found.push(...(await readOne(path)))
        if (found.length > maxTargets) throw new Error(tooMany)
      }
      return found
    },
  }),
})

function readPattern(input: unknown): string {
  const text = asText(input)
  const stars = text.split('*').length - 1
  if (text === '' || stars > 1 || dirname(text).includes('*'))
    throw new ValueError(`${seen} is not a valid path: expected one such as targets/*.json`)
  return text
}

async function filesOf(patterns: readonly string[], directory: string): Promise<string[]> {
  const paths = new Set<string>()
  for (const pattern of patterns) {
    const path = resolve(directory, pattern)
    const matching = pattern.includes('*') ? await matchingFiles(path) : [path]
    if (matching.length === 0) throw new Error(`no file matches ${pattern}`)
    for (const one of matching) paths.add(one)
  }
  if (paths.size > maxFiles) throw new Error(`it names more than ${maxFiles} files`)
  return [...paths]
}

async function matchingFiles(path: string): Promise<string[]> {
  const [before = '', after = ''] = basename(path).split('*')
  const names = await readdir(dirname(path)).catch((cause: unknown) => {
    throw new Error(`${dirname(path)} cannot be read: ${reasonOf(cause)}`, { cause })
  })
  return names
    .filter(
      (name) =>
        // A hidden file is one that is being written, or the folder of a ConfigMap.
        name.startsWith(before) &&
        name.endsWith(after) &&
        name.length >= before.length + after.length &&
        !name.startsWith('.'),
    )
    .sort()
    .map((name) => join(dirname(path), name))
}

async function readOne(path: string): Promise<Labels[]> {
  const text = await readBounded(path).catch((cause: unknown) => {
    // A message of Node.js has the path, and the words have it already.
    const why = codeOf(cause) === undefined && cause instanceof Error ? cause.message : reasonOf(cause)
    throw new Error(`${path} cannot be read: ${why}`, { cause })
  })
  const { tree, problems } = parseYamlInPieces(text, new PieceCache())
  const [problem] = problems
  if (!tree)
    throw new Error(
      `${path}:${problem?.line ?? 1}:${problem?.column ?? 1} ${problem?.message ?? 'is not YAML'}`,
    )
  try {
    return readGroups(tree.value ?? [], { __meta_filepath: path })
  } catch (cause) {
    throw new Error(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

async function readBounded(path: string): Promise<string> {
  const stats = await stat(path)
  if (!stats.isFile()) throw new Error('it is not a regular file')
  if (stats.size > maxFileBytes) throw new Error('it is larger than 10 MiB')
  return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path))
}
