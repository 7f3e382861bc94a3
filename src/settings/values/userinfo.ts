import { ValueError } from './value.ts'

/** A user name and a password, percent-decoded. */
export interface Userinfo {
  readonly type: 'basic'
  readonly username: string
  readonly password: string
}

/**
 * The userinfo of a URL; undefined where it has none.
 *
 * @throws ValueError
 */
export function credentialsOf(url: URL): Userinfo | undefined {
  if (url.username === '' && url.password === '') return undefined
  try {
    const [username, password] = [url.username, url.password].map(decodeURIComponent)
    return { type: 'basic', username: username ?? '', password: password ?? '' }
  } catch {
    throw new ValueError('the user name or password in the URL is not percent-encoded: write % as %25')
  }
}
