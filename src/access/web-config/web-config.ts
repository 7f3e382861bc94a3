import type { SecureContextOptions } from 'node:tls'
import type { Scope } from '../../tokens/scopes.ts'
import type { WrittenWebConfig } from './schema.ts'

/** How the server speaks TLS. */
export interface TlsSettings {
  readonly context: SecureContextOptions
  readonly clientAuth: NonNullable<WrittenWebConfig['tls_server_config']>['client_auth_type']
  /** Names of which a client's certificate must have one. Default: any certificate. */
  readonly allowedNames: readonly string[]
}

/** What the members of groups may do; `*` is everybody. */
export type GroupScopes = Readonly<Record<string, readonly Scope[]>>

/** Who lets people in with OpenID Connect. */
export interface OidcSettings {
  readonly issuer: URL
  readonly clientId: string
  readonly clientSecret: string
  /** Where the provider sends people back to. Default: derived from the request. */
  readonly redirectUrl?: URL
  /** What is asked for, separated by spaces. */
  readonly requestScopes: string
  /** Which claim names the groups. */
  readonly groupsClaim: string
  readonly scopes: GroupScopes
}

/** A proxy that says who somebody is. */
export interface ProxySettings {
  /** CIDRs: from elsewhere, its headers mean nothing. */
  readonly networks: readonly string[]
  /** In small letters. */
  readonly userHeader: string
  /** In small letters; its content is separated by commas. */
  readonly groupsHeader: string
  readonly scopes: GroupScopes
}

/** A valid `--web.config.file`. */
export interface WebConfig {
  readonly tls?: TlsSettings
  /** Sent with every answer. */
  readonly headers: Readonly<Record<string, string>>
  /** The bcrypt hash of each user's password. */
  readonly users: ReadonlyMap<string, string>
  readonly oidc?: OidcSettings
  readonly proxy?: ProxySettings
  /** Every file that it was made of. */
  readonly files: readonly string[]
}

/** What there is without a file. */
export const noWebConfig: WebConfig = { headers: {}, users: new Map(), files: [] }

/** What groups may do together. */
export function scopesOf(groups: readonly string[], table: GroupScopes): readonly Scope[] {
  const scopes = new Map(Object.entries(table))
  return [...new Set(['*', ...groups].flatMap((name) => scopes.get(name) ?? []))]
}
