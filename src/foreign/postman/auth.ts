import type { Fields } from '../shared/fields.ts'
import { put, putSecret, type Part } from './part.ts'

type Values = (key: string) => string

/** What becomes of a type of authentication. Source: https://schema.postman.com/json/collection/v2.1.0/docs/index.html */
const types: Readonly<Record<string, (part: Part, value: Values, auth: Fields) => void>> = {
  basic: (part, value, auth) => {
    put(part, ['auth', 'basic', 'username'], value('username'), auth.at('basic'))
    putSecret(part, ['auth', 'basic', 'password'], value('password'), auth.at('basic'))
  },
  digest: (part, value, auth) => {
    put(part, ['auth', 'digest', 'username'], value('username'), auth.at('digest'))
    putSecret(part, ['auth', 'digest', 'password'], value('password'), auth.at('digest'))
  },
  bearer: (part, value, auth) => {
    putSecret(part, ['auth', 'bearer'], value('token'), auth.at('bearer'))
  },
  apikey: (part, value, auth) => {
    if (value('in') === 'query')
      part.translation.lose(auth.at('apikey'), 'write the key into the query of the URL, as ${NAME}')
    else putSecret(part, ['headers', value('key') || 'X-Api-Key'], value('value'), auth.at('apikey'))
  },
  oauth2: (part, value, auth) => {
    const at = auth.at('oauth2')
    if (value('grant_type') !== 'client_credentials') {
      if (value('accessToken') === '') part.translation.lose(at, 'only client credentials are supported')
      else putSecret(part, ['auth', 'bearer'], value('accessToken'), at)
      return
    }
    put(part, ['auth', 'oauth2', 'token_url'], value('accessTokenUrl'), at)
    put(part, ['auth', 'oauth2', 'client_id'], value('clientId'), at)
    putSecret(part, ['auth', 'oauth2', 'client_secret'], value('clientSecret'), at)
    if (value('scope') !== '')
      part.translation.set(['auth', 'oauth2', 'scopes'], value('scope').split(/\s+/), at)
    if (value('client_authentication') === 'body')
      part.translation.set(['auth', 'oauth2', 'auth_style'], 'body', at)
  },
  noauth: () => undefined,
}

/** Translates how a request logs in. */
export function translateAuth(part: Part): void {
  const { auth } = part
  const type = auth?.text('type')
  if (auth === undefined || type === undefined) return
  const translate = Object.hasOwn(types, type) ? types[type] : undefined
  if (translate === undefined) {
    part.translation.lose(auth.at('type'), `${JSON.stringify(type)} is not supported: write auth:`)
    return
  }
  const headers = part.translation.keys['headers'] ?? {}
  if (Object.keys(headers).some((name) => name.toLowerCase() === 'authorization') && type !== 'apikey') {
    part.translation.note(auth.at('type'), 'the header Authorization is sent instead')
    return
  }
  // A list of keys and values in version 2.1, and a mapping in 2.0.
  const list = auth.take(type)
  const pairs = Array.isArray(list) ? auth.items(type) : []
  const values = new Map(pairs.map((pair) => [pair.text('key') ?? '', pair.text('value') ?? '']))
  const mapping = auth.below(type)
  translate(part, (key) => values.get(key) ?? mapping.text(key) ?? '', auth)
}
