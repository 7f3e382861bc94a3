import { messageOf, ProbityError } from '../../lib/errors.ts'
import type { Found } from '../load/discovered.ts'
import type { Labels } from './kind.ts'
import type { DiscoverySource } from './source.ts'

/**
 * Asks sources once, for a command that ends.
 *
 * @throws ProbityError `SOURCE_UNREACHABLE` with every source that cannot be used.
 */
export async function askOnce(sources: readonly DiscoverySource[]): Promise<Found> {
  const { signal } = new AbortController()
  const found = new Map<string, readonly Labels[]>()
  const problems: string[] = []
  await Promise.all(
    sources.map(async (source) => {
      try {
        found.set(source.id, await source.ask(signal))
      } catch (error) {
        problems.push(
          `the source of targets ${JSON.stringify(source.name)} cannot be used: ${messageOf(error)}`,
        )
      }
    }),
  )
  if (problems.length > 0) throw new ProbityError('SOURCE_UNREACHABLE', problems.sort().join('\n'))
  return ({ id }) => found.get(id)
}
