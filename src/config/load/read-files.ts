import { prepareGraphql } from '../../checks/http/graphql/library.ts'
import { readTargetSources, type Sources } from '../../settings/sources.ts'

/**
 * Reads the files of a configuration, and loads what is needed to make sense of them.
 *
 * @throws ConfigError
 */
export async function readFiles(path: string): Promise<Sources> {
  const read = await readTargetSources(path)
  await prepareGraphql(read.sources.map(({ text }) => text))
  return read
}
