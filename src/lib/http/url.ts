import { ProbityError } from '../errors.ts'

/**
 * Reads the URL under which others reach this service; its path, if any, is a prefix.
 *
 * @throws ProbityError `URL_INVALID`.
 */
export function parseExternalUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new ProbityError(
      'URL_INVALID',
      `"${text}" is not a valid external URL: expected http(s)://host[:port][/path]`,
    )
  }
  return url
}
