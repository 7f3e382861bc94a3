import { credentialsOf } from '../../../settings/values/userinfo.ts'
import { word } from '../../../settings/values/scalars.ts'
import { asText, keys, oneOrMany, seen, value, ValueError } from '../../../settings/values/value.ts'
import { readToken, readUrl, readUserName } from './values.ts'

const authStyles = ['basic', 'body'] as const

/** A token that a token endpoint hands out for the credentials of a program (RFC 6749, section 4.4). */
export interface OAuth2 {
  readonly type: 'oauth2'
  readonly tokenUrl: URL
  readonly clientId: string
  readonly clientSecret: string
  readonly scopes: readonly string[]
  /** Whom the token is for, if the endpoint needs to know. */
  readonly audience?: string
  /** Whether id and secret are sent as basic authentication or in the body. */
  readonly style: (typeof authStyles)[number]
}

/** A password that is proven without being sent (RFC 7616). */
export interface Digest {
  readonly type: 'digest'
  readonly username: string
  readonly password: string
}

/** What a request proves itself with. */
export type Auth =
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  | Digest
  | { readonly type: 'bearer'; readonly token: string }
  | OAuth2

/** The `auth:` of a target. */
export interface AuthSettings {
  /** Absent where it is empty. */
  readonly auth?: Auth
  /** When the credential expires, for one that does not say. Unix time in seconds. */
  readonly expires?: number
}

const textJson = { type: 'string' } as const

function readTokenUrl(input: unknown): URL {
  const url = readUrl(input)
  if (credentialsOf(url))
    throw new ValueError('contains credentials: write them as client_id: and client_secret:')
  url.hash = ''
  return url
}

function readFilled(input: unknown): string {
  const text = asText(input)
  if (text === '') throw new ValueError('is empty')
  return text
}

/** RFC 6749, section 3.3. */
function readScope(input: unknown): string {
  const scope = asText(input)
  if (!/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope)) {
    throw new ValueError(`${seen} is not a valid scope: expected one without spaces, or a list of them`)
  }
  return scope
}

const expiryHelp = 'expected a date such as 2027-01-31, or a time such as 2027-01-31T12:00:00Z'

/** Reads a date, which is its first moment in UTC, or a time of RFC 3339. @returns Nothing where it is empty. */
function readExpiry(input: unknown): number | null {
  const text = asText(input)
  if (text === '') return null
  const [, date, time] =
    /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})))?$/.exec(text) ??
    []
  const day = new Date(`${date ?? ''}T00:00:00Z`)
  // JavaScript takes the 30th of February for the 2nd of March.
  const exists = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date ?? ' ')
  const instant = time === undefined ? day.getTime() : Date.parse(`${date ?? ''}T${time.toUpperCase()}`)
  if (!exists || Number.isNaN(instant)) throw new ValueError(`${seen} is not a valid date: ${expiryHelp}`)
  return instant / 1000
}

const oauth2 = keys({
  token_url: value(readTokenUrl, { type: 'string', description: 'Where the token comes from.' }),
  client_id: value(readFilled, textJson).describe('The client ID.'),
  client_secret: value(readFilled, textJson).describe('The client secret. Never shown.'),
  scopes: oneOrMany(readScope, textJson)
    .optional()
    .describe('The scopes to request, one or a list. Default: none.'),
  audience: value(readFilled, { type: 'string', description: 'The audience of the token.' }).optional(),
  auth_style: word(authStyles)
    .optional()
    .describe(
      'How the client ID and secret are sent: `basic`, as basic authentication, or `body`. Default: `basic`.',
    ),
}).transform(
  ({ token_url, client_id, client_secret, scopes = [], audience, auth_style = 'basic' }): OAuth2 => ({
    type: 'oauth2',
    tokenUrl: token_url,
    clientId: client_id,
    clientSecret: client_secret,
    scopes,
    ...(audience !== undefined && { audience }),
    style: auth_style,
  }),
)

const login = keys({
  username: value(readUserName, textJson).describe('The name to log in with.'),
  password: value(asText, textJson).describe('Its password. Never shown.'),
})

/** The `auth:` of a target that is watched over HTTP. */
export const authSettings = keys({
  basic: login.optional().describe('Basic authentication.'),
  digest: login
    .optional()
    .describe('Digest authentication (RFC 7616, with MD5 or SHA-256); the keys are those of `basic`.'),
  bearer: value(readToken, textJson)
    .optional()
    .describe('A token that is sent as it is; if it is empty, none is sent. Never shown.'),
  oauth2: oauth2.optional().describe('A token from an endpoint (client credentials, RFC 6749).'),
  expires: value(readExpiry, {
    type: 'string',
    description:
      'When the credential expires: a date (its first moment, UTC) or a time such as `2027-01-31T12:00:00Z`; if it is empty, it is not known. Default: the expiry of a JSON Web Token.',
  }).optional(),
})
  .superRefine(({ basic, digest, bearer, oauth2: token, expires }, context) => {
    const given = [basic, digest, bearer, token].filter((one) => one !== undefined).length
    if (given === 1 || (given === 0 && expires !== undefined)) return
    context.addIssue({ code: 'custom', message: 'expected one of basic:, digest:, bearer: and oauth2:' })
  })
  .transform(({ basic, digest, bearer, oauth2: token, expires }): AuthSettings => {
    const auth = loginOf('basic', basic) ?? loginOf('digest', digest) ?? token ?? bearerOf(bearer)
    return { ...(auth && { auth }), ...(typeof expires === 'number' && { expires }) }
  })

function loginOf(
  type: 'basic' | 'digest',
  written: { readonly username: string; readonly password: string } | undefined,
): Auth | undefined {
  return written && { type, ...written }
}

function bearerOf(token = ''): Auth | undefined {
  return token === '' ? undefined : { type: 'bearer', token }
}
