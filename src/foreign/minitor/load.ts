import { ConfigError } from '../../settings/errors.ts'
import { Issues } from '../../settings/issues.ts'
import { createExpander, type Environment } from '../../settings/secrets.ts'
import { isRemote } from '../../config/remote/address.ts'
import { readSources } from '../../settings/sources.ts'
import { parseYaml } from '../../settings/yaml/yaml.ts'
import type { MinitorFile } from './minitor.ts'
import { minitorOf } from './trees.ts'

/**
 * Reads a Minitor file.
 *
 * @returns Nothing if the file is not one.
 * @throws {@link ConfigError} `CONFIG_INVALID` where it cannot be read, or is one and something in it is wrong.
 */
export async function loadMinitor(path: string, env: Environment): Promise<MinitorFile | undefined> {
  // Its commands are refused in a configuration from a URL.
  if (isRemote(path)) return undefined
  const { sources, directory, files } = await readSources(path)
  const [source, ...others] = sources
  if (source === undefined || others.length > 0) return undefined
  // Reading a large file twice only to find out what it is not would double the time of every start.
  if (!source.text.includes('monitors')) return undefined
  const { tree } = parseYaml(source.text)
  if (tree === undefined) return undefined
  const expander = createExpander({ env, directory })
  const issues = new Issues([], expander)
  const file = minitorOf({ file: source.file, tree }, { issues, expander })
  if (!issues.empty) throw new ConfigError(issues.sorted(), files)
  return file
}
