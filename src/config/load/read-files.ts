import { prepareGraphql } from '../../checks/http/graphql/library.ts'
import { readTargetSources, type Sources } from '../../settings/sources.ts'
import { ownModuleTexts } from './library-files.ts'

/**
 * Reads the files of a configuration, and loads what is needed to make sense of them.
 *
 * @throws ConfigError
 */
export async function readFiles(path: string): Promise<Sources> {
  const read = await readTargetSources(path)
  const texts = read.sources.map(({ text }) => text)
  const more = texts.some((text) => text.includes('library')) ? ownModuleTexts(read.directory) : []
  await prepareGraphql([...texts, ...more])
  return read
}
