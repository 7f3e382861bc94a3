import type * as Graphql from 'graphql'
import { ValueError } from '../../../settings/values/value.ts'

/** What is used of the library. */
export type GraphqlLibrary = typeof Graphql

let library: GraphqlLibrary | undefined

/**
 * Loads the library where a configuration may need it: to read schemas of GraphQL cannot wait, and hardly anybody has one.
 *
 * @param texts The texts of a configuration.
 */
export async function prepareGraphql(texts: Iterable<string>): Promise<void> {
  if (library) return
  for (const text of texts) {
    if (!/\bgraphql\b/.test(text)) continue
    const loaded: object = await import('graphql')
    // In the bundle, all of it is the default export.
    library = ('default' in loaded ? loaded.default : loaded) as GraphqlLibrary
    return
  }
}

/** @throws ValueError where it was not prepared. */
export function graphqlLibrary(): GraphqlLibrary {
  if (library) return library
  throw new ValueError('cannot be read here: the library for GraphQL is not loaded')
}
