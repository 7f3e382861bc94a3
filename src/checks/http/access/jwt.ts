import { parseJsonObject } from '../../../lib/text/json.ts'

/** When a token begins and ends. Unix seconds. */
export interface TokenLifetime {
  readonly expiresAt: number
  /** Absent where the token does not say when it was made. */
  readonly issuedAt?: number
}

/** Longer ones are not tokens that a header can carry. */
const maxLength = 32 * 1024

/** The year 5138: milliseconds written as seconds land beyond it. */
const latest = 1e11

/**
 * Reads when a JSON Web Token (RFC 7519) ends, without verifying it: whether it is genuine is for the server to say.
 *
 * @returns Nothing if it is not such a token or does not expire.
 */
export function jwtLifetime(token: string): TokenLifetime | undefined {
  const [, payload, ...rest] = token.length > maxLength ? [] : token.split('.')
  if (payload === undefined || rest.length !== 1 || !/^[\w-]+$/.test(payload)) return undefined
  const claims = parseJsonObject(Buffer.from(payload, 'base64url').toString())
  const expiresAt = instant(claims?.['exp'])
  if (expiresAt === undefined) return undefined
  const issuedAt = instant(claims?.['iat']) ?? instant(claims?.['nbf'])
  return { expiresAt, ...(issuedAt !== undefined && issuedAt < expiresAt && { issuedAt }) }
}

/** NumericDate of RFC 7519, section 2. */
function instant(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 && value < latest ? value : undefined
}
