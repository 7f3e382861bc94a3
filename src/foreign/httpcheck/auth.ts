import type { Fields } from '../shared/fields.ts'
import type { Translation } from '../shared/translation.ts'
import type { Put } from './put.ts'

/** Translates the authenticator of a client, which is an extension of the collector. */
export function translateAuth(client: Fields, extensions: Fields, translation: Translation, put: Put): void {
  const auth = client.below('auth')
  const name = auth.text('authenticator')
  if (name === undefined) return
  const extension = extensions.below(name)
  const kind = name.replace(/\/.*$/, '')
  if (kind === 'basicauth') {
    const login = extension.below('client_auth')
    put(['auth', 'basic', 'username'], login.text('username'), login.at('username'))
    put(['auth', 'basic', 'password'], login.text('password'), login.at('password'), 'password')
  } else if (kind === 'bearertokenauth' && extension.has('token'))
    put(['auth', 'bearer'], extension.text('token'), extension.at('token'), 'token')
  else if (kind === 'bearertokenauth' && extension.has('filename'))
    translation.refer(
      ['auth', 'bearer'],
      `\${file:${extension.text('filename') ?? ''}}`,
      extension.at('filename'),
    )
  else if (kind === 'oauth2client') {
    for (const key of ['token_url', 'client_id'] as const)
      put(['auth', 'oauth2', key], extension.text(key), extension.at(key))
    put(
      ['auth', 'oauth2', 'client_secret'],
      extension.text('client_secret'),
      extension.at('client_secret'),
      'client_secret',
    )
    const scopes = extension.list('scopes').map(String)
    if (scopes.length > 0) translation.set(['auth', 'oauth2', 'scopes'], scopes, extension.at('scopes'))
  } else translation.lose(auth.at('authenticator'), `${JSON.stringify(name)} is not supported: write auth:`)
}
