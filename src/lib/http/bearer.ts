import { createHash, timingSafeEqual } from 'node:crypto'

/** The secret of an `Authorization: Bearer SECRET` header; undefined where the header is missing or says something else. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
}

/** Takes the same time whatever differs. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b))
}

/** The 32 bytes of a hash of a text. */
export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
