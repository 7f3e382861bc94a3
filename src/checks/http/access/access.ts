import { createHash } from 'node:crypto'
import type { OAuth2 } from '../settings/auth.ts'
import { addCredential } from './credentials.ts'
import type { HttpRun } from '../run.ts'
import { requestToken } from './token-request.ts'
import type { AccessToken } from './token-store.ts'

/** The token of one probe. */
export interface Access {
  readonly token: string
  /** Reports whether the server accepted it. */
  readonly answered: (statusCode: number) => void
}

/**
 * Gets the token that a check has to present. It is fetched within the deadline of the probe, but is not one of its phases.
 *
 * @throws ProbeFailure where there is none.
 */
export async function gainAccess(auth: OAuth2, run: HttpRun): Promise<Access> {
  const { check, clock, context, evidence, tokens } = run
  const key = keyOf(auth, check.tls, check.proxy)
  evidence.doing = 'waiting for the token that another check has requested'
  const token = await tokens.get({
    key,
    signal: context.signal,
    now: () => clock.now() / 1000,
    fetch: () => requestToken(auth, run),
  })
  reportExpiry(token, run)
  evidence.secrets.push(token.value)
  return {
    token: token.value,
    answered: (statusCode) => {
      if (statusCode === 401) tokens.refused(key, token)
      else tokens.accepted(key)
    },
  }
}

function reportExpiry({ expiresAt, issuedAt }: AccessToken, { evidence }: HttpRun): void {
  if (expiresAt !== undefined) addCredential(evidence.credentials, 'oauth2', { expiresAt, issuedAt })
}

/** A digest, so that no secret is kept twice. */
function keyOf(...settings: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(settings)).digest('base64')
}
