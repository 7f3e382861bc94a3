import { ProbityError } from '../../lib/errors.ts'

/** Whether a configuration is named by a URL and not by a path. */
export function isRemote(file: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(file)
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** Whether a URL is safe from those who listen on the way. */
export function isPrivate({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && loopback.test(hostname))
}

/**
 * Reads the URL of a configuration.
 *
 * @throws ProbityError `CONFIG_URL_INVALID`.
 */
export function parseConfigUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const refuse = (why: string): never => {
    throw new ProbityError(
      'CONFIG_URL_INVALID',
      `${url ? shownConfigUrl(url) : 'the URL of the configuration'} ${why}`,
    )
  }
  if (!url) return refuse('cannot be read: expected one such as https://config.example.com/targets.yml')
  if (url.username !== '' || url.password !== '') {
    return refuse('contains credentials: use PROBITY_CONFIG_TOKEN or --config.token-file instead')
  }
  if (!isPrivate(url)) {
    return refuse(
      'is not private: expected https:// (http:// only to this machine, such as http://127.0.0.1:8080/)',
    )
  }
  url.hash = ''
  return url
}

/** As it may be shown: the query of a URL may be what gives access to it. */
export function shownConfigUrl({ origin, pathname, search }: URL): string {
  return `${origin}${pathname}${search === '' ? '' : '?...'}`
}
