/** Stand in for dots while a URL is parsed; both ways to write one are kept. */
const stands = { '%2e': '\u{e000}', '%2E': '\u{e001}' }

/**
 * What to ask for, where a URL does not have it: its parser takes `%2e` for a dot, and `/a/%2e%2e/b` for `/b`. Servers see
 * what is written, and may make something else of it.
 *
 * @param text A URL, or a part of one that is resolved against `base`.
 * @returns Path and query; nothing where those of the URL are what is written.
 */
export function targetAsWritten(text: string, base?: URL): string | undefined {
  if (!/%2e/i.test(text)) return undefined
  const [start = ''] = /^(?:[a-z][a-z0-9+.-]*:)?(?:\/\/[^/?#]*)?/i.exec(text) ?? []
  const path = text.slice(start.length).replaceAll('%2e', stands['%2e']).replaceAll('%2E', stands['%2E'])
  const { pathname, search } = new URL(start + path, base)
  return (pathname + search).replaceAll('%EE%80%80', '%2e').replaceAll('%EE%80%81', '%2E')
}

/** A URL that knows what to ask for as it is written. */
export class WrittenUrl extends URL {
  readonly target: string

  constructor(text: string, target: string) {
    super(text)
    this.target = target
  }
}
