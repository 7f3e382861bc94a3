import { readSources } from '../../settings/sources.ts'
import { parseYaml, type YamlTree } from '../../settings/yaml/yaml.ts'
import { ProbityError } from '../../lib/errors.ts'

/** A file of another program. */
export interface ForeignFile {
  readonly path: string
  /** Absolute. */
  readonly directory: string
  readonly tree: YamlTree
}

/**
 * Reads a YAML or JSON file.
 *
 * @param prepare What is done with its text first. Default: nothing.
 * @throws ConfigError where it cannot be read; ProbityError `IMPORT_INVALID` where it is not YAML.
 */
export async function readForeign(
  path: string,
  prepare = (text: string): string => text,
): Promise<ForeignFile> {
  const { sources, directory } = await readSources(path)
  const source = sources.find(({ file }) => file === path)
  if (source === undefined)
    throw new ProbityError('IMPORT_INVALID', `${path} is a folder: name one of its files`)
  const { tree, problems } = parseYaml(prepare(source.text))
  const [problem] = problems
  if (problem) {
    const { line, column, message } = problem
    throw new ProbityError('IMPORT_INVALID', `${path}:${line}:${column}: ${message}`)
  }
  if (tree === undefined) throw new ProbityError('IMPORT_INVALID', `${path} is empty`)
  return { path, directory, tree }
}
