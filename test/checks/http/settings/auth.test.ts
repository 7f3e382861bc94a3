import { describe, expect, it } from 'vitest'
import { httpCheckOf } from '../../../support/http-check.ts'
import { parse, parseTarget } from '../../../support/parse-config.ts'

const env = { ID: 'probity', SECRET: 'open-sesame-1' }
const config = (auth: string): string =>
  `targets: [{ name: shop, url: "https://shop.example", auth: ${auth} }]`
const check = (auth: string) => httpCheckOf(parseTarget(config(auth), { env }))

function complaint(auth: string): string {
  try {
    parse(config(auth), { env })
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('it was accepted')
}

const endpoint = 'token_url: "https://login.example/token?tenant=a"'

describe('auth:', () => {
  it('holds what a token of OAuth2 is asked for with', () => {
    const written = `{ oauth2: { ${endpoint}, client_id: "\${ID}", client_secret: "\${SECRET}", scopes: [read, write], audience: shop, auth_style: body } }`
    expect(check(written).auth).toEqual({
      type: 'oauth2',
      tokenUrl: new URL('https://login.example/token?tenant=a'),
      clientId: 'probity',
      clientSecret: 'open-sesame-1',
      scopes: ['read', 'write'],
      audience: 'shop',
      style: 'body',
    })
    const short = `{ oauth2: { ${endpoint}, client_id: a, client_secret: b } }`
    expect(check(short).auth).toMatchObject({ scopes: [], style: 'basic' })
  })

  it.each([
    ['2027-01-31', '2027-01-31T00:00:00Z'],
    ['"2027-01-31T12:30:00Z"', '2027-01-31T12:30:00Z'],
    ['"2027-01-31T12:30:00.5+02:00"', '2027-01-31T10:30:00.500Z'],
    ['"2027-01-31 12:30:00z"', '2027-01-31T12:30:00Z'],
    ['2028-02-29', '2028-02-29T00:00:00Z'],
  ])('expires %s', (written, instant) => {
    const { auth, credentialExpires } = check(`{ bearer: abc, expires: ${written} }`)
    expect(auth).toEqual({ type: 'bearer', token: 'abc' })
    expect(credentialExpires).toBe(Date.parse(instant) / 1000)
  })

  it('expires together with a credential that stands elsewhere', () => {
    const { auth, credentialExpires } = check('{ expires: 2027-01-31 }')
    expect(auth).toBeUndefined()
    expect(credentialExpires).toBe(Date.UTC(2027, 0, 31) / 1000)
  })

  it.each(['{ expires: "${EXPIRES:-}" }', '{ bearer: abc, expires: "" }'])(
    'may have an expiry that is not known: %s',
    (written) => {
      expect(check(written).credentialExpires).toBeUndefined()
    },
  )

  it.each([
    ['{}', 'auth: expected one of basic:, digest:, bearer: and oauth2:'],
    [`{ bearer: a, oauth2: { ${endpoint}, client_id: a, client_secret: b } }`, 'auth: expected one of'],
    ['{ oauth2: { client_id: a, client_secret: b } }', 'auth.oauth2.token_url: is missing'],
    [`{ oauth2: { ${endpoint}, client_id: a } }`, 'auth.oauth2.client_secret: is missing'],
    [`{ oauth2: { ${endpoint}, client_id: "", client_secret: b } }`, 'auth.oauth2.client_id: is empty'],
    [
      '{ oauth2: { token_url: "https://a:b@login.example", client_id: a, client_secret: b } }',
      'auth.oauth2.token_url: contains credentials',
    ],
    [
      '{ oauth2: { token_url: "ftp://login.example", client_id: a, client_secret: b } }',
      'is not an http or https URL',
    ],
    [
      `{ oauth2: { ${endpoint}, client_id: a, client_secret: b, scopes: "read write" } }`,
      'auth.oauth2.scopes: "read write" is not a valid scope',
    ],
    [
      `{ oauth2: { ${endpoint}, client_id: a, client_secret: b, auth_style: header } }`,
      'auth.oauth2.auth_style: expected basic or body, got "header"',
    ],
    ['{ bearer: a, expires: 2027-02-30 }', 'auth.expires: "2027-02-30" is not a valid date'],
    ['{ bearer: a, expires: 2027-13-01 }', 'auth.expires: "2027-13-01" is not a valid date'],
    ['{ bearer: a, expires: tomorrow }', 'auth.expires: "tomorrow" is not a valid date'],
    ['{ bearer: a, expires: "2027-01-31T12:00:00" }', 'is not a valid date'],
    ['{ bearer: a, expires: "2027-01-31T25:00:00Z" }', 'is not a valid date'],
    ['{ bearer: a, expires: 1800000000 }', 'auth.expires: expected text, got a number'],
  ])('%s is refused', (written, message) => {
    expect(complaint(written)).toContain(message)
  })

  it('shows everything but the secrets', () => {
    const written = `{ expires: 2027-01-31, oauth2: { ${endpoint.replace('tenant', 'api_key')}, client_id: probity, client_secret: open-sesame-1, scopes: [read] } }`
    const { shown, secrets } = parseTarget(config(written))
    expect(shown['auth']).toEqual({
      expires: '2027-01-31',
      oauth2: {
        token_url: 'https://login.example/token?api_key=<secret>',
        client_id: 'probity',
        client_secret: '<secret>',
        scopes: ['read'],
      },
    })
    expect(secrets).toEqual([Buffer.from('probity:open-sesame-1').toString('base64'), 'open-sesame-1'])
  })
})
