import type { IncomingMessage } from 'node:http'

/** The value of a cookie; undefined where it is missing. */
export function cookieOf({ headers }: Pick<IncomingMessage, 'headers'>, name: string): string | undefined {
  for (const part of (headers.cookie ?? '').split(';')) {
    const [key = '', value = ''] = part.split('=', 2)
    if (key.trim() === name) return value.trim()
  }
  return undefined
}

/** How a cookie is set that no script can read and that no other site's form sends. */
export function setCookie(
  name: string,
  value: string,
  { maxAge, secure, path }: { readonly maxAge: number; readonly secure: boolean; readonly path: string },
): string {
  return `${name}=${value}; Path=${path}; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
}
