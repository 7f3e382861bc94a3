import type { WebConfig } from '../../access/web-config/web-config.ts'

/** What a valid web configuration holds, for a person. */
export function summarizeWeb(path: string, { tls, users, oidc, proxy }: WebConfig): string {
  const parts = [
    tls
      ? `TLS with ${tls.clientAuth === 'NoClientCert' ? 'no client certificates' : tls.clientAuth}`
      : 'no TLS',
    `${users.size} ${users.size === 1 ? 'user' : 'users'}`,
    ...(oidc ? [`OpenID Connect at ${oidc.issuer.host}`] : []),
    ...(proxy ? [`a trusted proxy in ${proxy.networks.join(', ')}`] : []),
  ]
  return `${path}: valid, ${parts.join(', ')}\n`
}
