import type { z } from 'zod'
import { ExpansionError, type Expander } from '../../settings/secrets.ts'
import { flag, link } from '../../settings/values/scalars.ts'
import { asText, keys, KeyError, mapping, oneOrMany, value, ValueError } from '../../settings/values/value.ts'
import { cipherSuites, curves, tlsVersions } from './ciphers.ts'
import { bcryptHash, clientAuth, groupScopes, headers, networks, rowOf, text } from './values.ts'

const version = value(rowOf(tlsVersions), { enum: Object.keys(tlsVersions) })
const suites = oneOrMany(rowOf(cipherSuites), { enum: Object.keys(cipherSuites) })
const curveList = oneOrMany(rowOf(curves), { enum: Object.keys(curves) })

const tls = keys({
  cert_file: text,
  key_file: text,
  client_ca_file: text.optional(),
  client_auth_type: clientAuth.default('NoClientCert'),
  client_allowed_sans: oneOrMany(asText, { type: 'string' }).default([]),
  min_version: version.default('TLSv1.2'),
  max_version: version.default('TLSv1.3'),
  cipher_suites: suites.optional(),
  curve_preferences: curveList.optional(),
  prefer_server_cipher_suites: flag.default(true),
})

const users = mapping((name) => {
  // Clients separate the name from the password with a colon.
  if (name === '' || /[:\p{Cc}]/u.test(name)) throw new KeyError('is not a valid user name')
}, bcryptHash)

/** A secret may be written as `${NAME}` or `${file:path}`. */
function secret({ expand }: Expander): z.ZodType<string> {
  return value(
    (input) => {
      try {
        const { value: expanded } = expand(asText(input))
        if (expanded === '') throw new ValueError('is empty')
        return expanded
      } catch (error) {
        throw error instanceof ExpansionError ? new ValueError(error.message) : error
      }
    },
    { type: 'string' },
  )
}

/** Without TLS, anyone on the way could answer as the provider. */
const issuer = value(
  (input) => {
    const written = asText(input)
    const url = URL.canParse(written) ? new URL(written) : undefined
    const isHere = url !== undefined && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
    if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere)) return url
    throw new ValueError('is not a valid issuer: expected a URL that starts with https://')
  },
  { type: 'string' },
)

const headerName = value(
  (input) => {
    const name = asText(input)
    if (/^[\w-]+$/.test(name)) return name.toLowerCase()
    throw new ValueError('is not a valid name of a header')
  },
  { type: 'string' },
)

/** The format of the exporter-toolkit, with two parts more: `oidc` and `trusted_proxy`. */
export function webConfigSchema(expander: Expander) {
  return keys({
    tls_server_config: tls.optional(),
    http_server_config: keys({ http2: flag.optional(), headers: headers.default({}) }).optional(),
    basic_auth_users: users.default({}),
    oidc: keys({
      issuer,
      client_id: text,
      client_secret: secret(expander),
      redirect_url: link.optional(),
      request_scopes: text.default('openid profile email'),
      groups_claim: text.default('groups'),
      scopes: groupScopes,
    }).optional(),
    trusted_proxy: keys({
      networks,
      user_header: headerName.default('x-forwarded-user'),
      groups_header: headerName.default('x-forwarded-groups'),
      scopes: groupScopes,
    }).optional(),
  })
}

export type WrittenWebConfig = z.infer<ReturnType<typeof webConfigSchema>>
