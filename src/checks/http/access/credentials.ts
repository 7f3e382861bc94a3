import type { HttpCheck } from '../schema.ts'
import type { CredentialName, CredentialResult } from '../../result.ts'
import { jwtLifetime } from './jwt.ts'

/** Credentials by their name, the later ones replace the earlier ones. */
export type Credentials = Map<CredentialName, CredentialResult>

export function addCredential(
  to: Credentials,
  name: CredentialName,
  { expiresAt, issuedAt }: { readonly expiresAt: number; readonly issuedAt?: number },
): void {
  to.set(name, { name, expiresAt, ...(issuedAt !== undefined && { lifetimeSeconds: expiresAt - issuedAt }) })
}

/** What the configuration alone says about the credentials of a check. `auth.expires` takes precedence over what a token says. */
export function configuredCredentials({
  auth,
  headers,
  credentialExpires,
}: Pick<HttpCheck, 'auth' | 'headers' | 'credentialExpires'>): Credentials {
  const found: Credentials = new Map()
  const token = auth?.type === 'bearer' ? auth.token : auth ? undefined : bearerToken(headers)
  const lifetime = token === undefined ? undefined : jwtLifetime(token)
  if (lifetime) addCredential(found, 'bearer', lifetime)
  if (credentialExpires !== undefined) {
    addCredential(found, auth?.type ?? (token === undefined ? 'key' : 'bearer'), {
      expiresAt: credentialExpires,
    })
  }
  return found
}

function bearerToken(headers: Readonly<Record<string, string>>): string | undefined {
  const [, value] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization') ?? []
  return /^Bearer +(\S+)$/i.exec(value ?? '')?.[1]
}
