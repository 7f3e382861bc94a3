import { describe, expect, it } from 'vitest'
import type { TransactionCheck } from '../../../src/checks/transaction/schema.ts'
import { parseTarget } from '../../support/parse-config.ts'

function check(text: string): TransactionCheck {
  const target = parseTarget(text, { env: { KEY: 'key-of-shop', BRACES: 'a{{token}}b{{' } })
  if (target.check.kind !== 'transaction') throw new Error('expected a transaction')
  return target.check
}

const two = (first: string, second = '{ name: b, url: https://shop.example/b }', target = ''): string => `
targets:
  - name: shop
    ${target === '' ? 'interval: 30s' : target}
    steps:
      - ${first}
      - ${second}
`

describe('what comes out of ${...}', () => {
  it('is never a variable, wherever it is put in', () => {
    const [, step] = check(`
defaults: { auth: { basic: { username: me, password: "\${BRACES}" } }, headers: { X-Team: "\${BRACES}" } }
targets:
  - name: shop
    steps:
      - { name: a, url: https://shop.example/a, capture: { token: { header: x } } }
      - { name: b, url: "https://shop.example/\${BRACES}/{{token}}", headers: { X-A: "\${BRACES} {{token}}" }, body: "\${BRACES}" }
`).steps
    const inserted = 'a{{token}}b{{'
    expect(step?.templates).toEqual({
      url: [`/${inserted}/`, { name: 'token', position: 'url' }],
      headers: { 'X-A': [`${inserted} `, { name: 'token', position: 'header' }] },
      auth: {},
    })
    expect(step?.check).toMatchObject({
      body: inserted,
      headers: { 'X-Team': inserted },
      auth: { password: inserted },
    })
    expect(step?.needs).toEqual(['token'])
  })
})

describe('the steps of a transaction', () => {
  it('inherit what the target and the defaults say of requests', () => {
    const { steps } = check(`
defaults: { headers: { X-Team: shop }, follow_redirects: false, expect: { max_body: 1KiB } }
targets:
  - name: shop
    auth: { bearer: "\${KEY}" }
    headers: { X-Target: shop }
    expect: { status: 201 }
    steps:
      - { name: a, url: https://shop.example/a }
      - { name: b, url: https://shop.example/b, method: POST, auth: ~, headers: { X-Team: ~, x-target: b }, expect: { status: [204] } }
`)
    expect(
      steps.map(({ check: { auth, headers, method, followRedirects, expect } }) => ({
        auth,
        headers,
        method,
        followRedirects,
        expect,
      })),
    ).toMatchObject([
      {
        auth: { type: 'bearer', token: 'key-of-shop' },
        headers: { 'X-Team': 'shop', 'X-Target': 'shop' },
        method: 'GET',
        followRedirects: false,
        expect: { status: [{ from: 201, to: 201 }], maxBody: 1024 },
      },
      {
        headers: { 'x-target': 'b' },
        method: 'POST',
        followRedirects: false,
        expect: { status: [{ from: 204, to: 204 }], maxBody: 1024 },
      },
    ])
    expect(steps[1]?.check.auth).toBeUndefined()
    expect(steps[1]?.check.headers).not.toHaveProperty('X-Team')
  })

  it('have the address of the first one for their own, and show neither secrets nor what was expanded', () => {
    const target = parseTarget(
      two(
        '{ name: a, url: "https://me:pw-of-me@shop.example/a?token=abcdef", body: "password=${KEY}", capture: { t: { header: x } } }',
        '{ name: b, url: "https://shop.example/{{t}}", headers: { Authorization: "Bearer {{t}}", X-Api-Key: literal-key } }',
      ),
      { env: { KEY: 'key-of-shop' } },
    )
    expect(target.instance).toBe('https://shop.example/a')
    const shown = JSON.stringify(target.shown)
    for (const secret of ['pw-of-me', 'abcdef', 'key-of-shop', 'literal-key']) {
      expect(shown).not.toContain(secret)
      expect(target.secrets.some((one) => one.includes(secret))).toBe(true)
    }
    expect(shown).toContain('https://shop.example/{{t}}')
    expect(target.secrets).not.toContain('{{t}}')
  })
})

const a = (more: string): string => `{ name: a, url: https://shop.example/a, ${more} }`
const b = (more: string): string => `{ name: b, url: https://shop.example/b, ${more} }`
const capturing = a('capture: { token: { header: x-token } }')

describe('a transaction is refused', () => {
  it.each([
    [
      'without steps',
      'targets: [{ name: shop, steps: [] }]',
      '1:32 targets[0].steps: is an empty list: expected at least one step',
    ],
    [
      'whose steps are not a list',
      'targets: [{ name: shop, steps: a }]',
      'targets[0].steps: expected a list of steps, got text',
    ],
    [
      'with a step without a name',
      two('{ url: https://shop.example }'),
      'targets[0].steps[0].name: is missing',
    ],
    ['with a step without a URL', two('{ name: a }'), 'targets[0].steps[0].url: is missing'],
    [
      'with a name that is not a label',
      two('{ name: "a b", url: https://shop.example }'),
      'targets[0].steps[0].name: "a b" is not a valid step name',
    ],
    [
      'with a name twice',
      two(a('method: GET'), a('method: GET')),
      '7:17 targets[0].steps[1].name: a step with this name already exists',
    ],
    [
      'with more than 50 steps',
      `targets: [{ name: shop, steps: [${Array.from({ length: 51 }, (_, i) => `{ name: s${i}, url: https://a.example }`).join()}] }]`,
      'has too many steps: expected at most 50',
    ],
    [
      'with a URL next to it',
      two(a('method: GET'), b('method: GET'), 'url: https://shop.example'),
      'has more than one check',
    ],
    [
      'with a threshold in a step',
      two(a('expect: { max_latency: 1s }')),
      'targets[0].steps[0].expect.max_latency: unknown key',
    ],
    [
      'with a misspelt key',
      two(a('alway: true')),
      'targets[0].steps[0].alway: unknown key (did you mean always?)',
    ],
    [
      'with a variable that nothing captures',
      two(a('body: "{{token}}"')),
      'targets[0].steps[0].body: no step before this one captures token',
    ],
    [
      'with a misspelt variable',
      two(capturing, b('headers: { X-A: "{{tokem}}" }')),
      'targets[0].steps[1].headers.X-A: no step before this one captures tokem (did you mean token?)',
    ],
    [
      'with a variable of the same step',
      two(a('body: "{{token}}", capture: { token: { header: x } }')),
      'targets[0].steps[0].body: no step before this one captures token',
    ],
    [
      'with an inherited variable that is not there yet',
      two(a('method: GET'), b('method: GET'), 'headers: { X-A: "{{token}}" }'),
      'targets[0].steps[0]: no step before this one captures token',
    ],
    [
      'with a variable in the host',
      two(capturing, '{ name: b, url: "https://{{token}}.example/" }'),
      'targets[0].steps[1].url: a variable is allowed only in the path and the query',
    ],
    [
      'with a variable in the credentials of a URL',
      two(capturing, '{ name: b, url: "https://me:{{token}}@shop.example/" }'),
      'targets[0].steps[1].url: a variable is allowed only',
    ],
    [
      'with a variable in the Host header',
      two(capturing, b('headers: { Host: "{{token}}" }')),
      'targets[0].steps[1].headers.Host: cannot have variables',
    ],
    [
      'with a variable in the name of a header',
      two(capturing, b('headers: { "{{token}}": a }')),
      'is not a valid header name',
    ],
    [
      'with blanks in a variable',
      two(capturing, b('body: "{{ token }}"')),
      'targets[0].steps[1].body: a "{{" starts a variable such as {{token}}, without spaces',
    ],
    [
      'with blanks in a variable of the URL',
      two('{ name: a, url: "https://shop.example/{{ token }}" }'),
      'targets[0].steps[0].url: a "{{" starts a variable such as {{token}}, without spaces',
    ],
    [
      'with a capture from nowhere',
      two(a('capture: { token: {} }')),
      'targets[0].steps[0].capture.token: expected one of header:, cookie: and json:',
    ],
    [
      'with a capture from two places',
      two(a('capture: { token: { header: a, json: $.a } }')),
      'targets[0].steps[0].capture.token: expected one of header:, cookie: and json:',
    ],
    [
      'with a capture by a wrong regex',
      two(a('capture: { token: { regex: "(" } }')),
      'targets[0].steps[0].capture.token.regex: "(" is not a valid RE2 regex',
    ],
    [
      'with a capture by a wrong path',
      two(a('capture: { token: { json: a.b } }')),
      'targets[0].steps[0].capture.token.json: is not a valid JSONPath',
    ],
    [
      'with a variable that has a wrong name',
      two(a('capture: { "to-ken": { header: a } }')),
      'is not a valid variable name',
    ],
    [
      'with credentials twice',
      two(a('auth: { bearer: a }, headers: { Authorization: b }')),
      'targets[0].steps[0].headers.Authorization: there are other credentials too',
    ],
  ])('%s', (_, text, message) => {
    expect(() => parseTarget(text)).toThrow(message)
  })
})
