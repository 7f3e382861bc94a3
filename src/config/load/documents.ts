import { ExpansionError, NotFetchedError } from '../../settings/secrets.ts'
import { isPrivate, shownConfigUrl } from '../remote/address.ts'

/** What asking for a document came to: its text, or why there is none. */
export type Fetched = { readonly text: string } | { readonly problem: string }

/** What is known of a document by now. Nothing where it was not asked for. */
export type Documents = (url: string) => Fetched | undefined

/** Reads the documents of a configuration that are named by a URL. */
export interface DocumentReader {
  /** @throws {@link ExpansionError} where there is none; {@link NotFetchedError} where it has to be asked for first. */
  readonly readUrl: (url: string) => string
  /** The URLs that were read, or have to be asked for. */
  readonly urls: ReadonlySet<string>
  /** Whether all that was to be read was there. */
  readonly isComplete: () => boolean
  /** What was read, for telling whether it has changed. */
  readonly texts: readonly string[]
}

export function createDocumentReader(documents: Documents): DocumentReader {
  const urls = new Set<string>()
  const texts: string[] = []
  let missing = 0
  return {
    urls,
    texts,
    isComplete: () => missing === 0,
    readUrl(url) {
      const shown = addressOf(url)
      urls.add(url)
      const found = documents(url)
      if (!found) {
        missing++
        throw new NotFetchedError(shown)
      }
      if ('problem' in found) throw new ExpansionError(`${shown} ${found.problem}`)
      texts.push(JSON.stringify([url, found.text]))
      return found.text
    },
  }
}

/** As it may be shown. @throws ExpansionError where it is not one that is asked for. */
function addressOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url)
    throw new ExpansionError(
      'is not a valid URL: expected one such as https://example.com/openapi.yaml#listPets',
    )
  const shown = shownConfigUrl(url)
  if (url.username !== '' || url.password !== '')
    throw new ExpansionError(
      `${shown} contains credentials, which are not sent: put a copy into the folder of the configuration`,
    )
  if (!isPrivate(url))
    throw new ExpansionError(`${shown} is not private: expected https:// (http:// only to this machine)`)
  return shown
}
