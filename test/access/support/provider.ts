import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto'
import express from 'express'
import { listenHttp, type Listening } from '../../../src/lib/http/listen.ts'

/** Somebody whom the provider knows, and how it answers. */
export interface Person {
  readonly name: string
  readonly groups: readonly string[]
}

/** A provider of OpenID Connect, in as far as the code flow with PKCE needs it. */
export interface TestProvider extends Listening {
  /** Who is logged in there. */
  person: Person
  /** Changes the claims of the next ID tokens. */
  forge: (claims: Record<string, unknown>) => Record<string, unknown>
}

interface Grant {
  readonly challenge: string
  readonly nonce: string
  readonly redirect: string
  readonly person: Person
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Starts a provider that lets everybody in whom it knows, without a question. */
export async function startProvider(clientId: string, clientSecret: string): Promise<TestProvider> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const grants = new Map<string, Grant>()
  const app = express()
  const sign = (claims: object): string => {
    const content = `${part({ alg: 'RS256', kid: 'one', typ: 'JWT' })}.${part(claims)}`
    return `${content}.${createSign('RSA-SHA256').update(content).sign(privateKey, 'base64url')}`
  }
  app.get('/.well-known/openid-configuration', (_request, response) => {
    const { url: issuer } = provider
    response.json({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
    })
  })
  app.get('/keys', (_request, response) => {
    response.json({
      keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }],
    })
  })
  app.get('/authorize', (request, response) => {
    const query = request.query as Record<string, string>
    const { redirect_uri: redirect = '', state = '', nonce = '', code_challenge: challenge = '' } = query
    const code = randomUUID()
    grants.set(code, { challenge, nonce, redirect, person: provider.person })
    response.redirect(303, `${redirect}?${new URLSearchParams({ code, state }).toString()}`)
  })
  app.post('/token', express.urlencoded({ extended: false }), (request, response) => {
    const body = request.body as Record<string, string>
    const grant = grants.get(body['code'] ?? '')
    grants.delete(body['code'] ?? '')
    const challenge = createHash('sha256')
      .update(body['code_verifier'] ?? '')
      .digest('base64url')
    const isClient = body['client_id'] === clientId && body['client_secret'] === clientSecret
    if (!grant || !isClient || grant.challenge !== challenge || grant.redirect !== body['redirect_uri']) {
      response.status(400).json({ error: 'invalid_grant' })
      return
    }
    const seconds = Math.floor(Date.now() / 1000)
    const { name, groups } = grant.person
    const claims = { iss: provider.url, sub: `id of ${name}`, aud: clientId, iat: seconds, exp: seconds + 60 }
    const token = sign(provider.forge({ ...claims, nonce: grant.nonce, preferred_username: name, groups }))
    response.json({ access_token: randomUUID(), token_type: 'Bearer', expires_in: 60, id_token: token })
  })
  const server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
  const provider: TestProvider = { ...server, person: { name: 'ada', groups: [] }, forge: (claims) => claims }
  return provider
}
