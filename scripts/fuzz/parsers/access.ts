import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { fixedIn, parseWebConfig } from '../../../src/access/web-config/parse.ts'
import { parseEvaluatorState } from '../../../src/alerts/evaluator/state.ts'
import { readState } from '../../../src/checks/heartbeat/state.ts'
import { readMapFile, writeMapFile } from '../../../src/lib/io/map-lines.ts'
import { ProbityError } from '../../../src/lib/errors.ts'
import { readTokens } from '../../../src/tokens/file.ts'
import { createCertificate } from '../../../test/support/certificates.ts'
import { asJson, host, mapping, spoilt, word } from '../grammar.ts'
import { configOf, expectThat, expectWords, refusable, type Parser } from '../parser.ts'

const inSrc = (files: readonly string[]): string[] => files.map((file) => `src/${file}.ts`)

const folder = mkdtempSync(join(tmpdir(), 'probity-fuzz-'))
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true })
})

const hash = '$2b$10$qcPPITjaEmz8waQcX2n2.ud2z3bsG.WzglOHPIfHqkaAI/rj/3fQq'
const scopes = { admins: ['admin'], readers: ['read', 'probe'] }

const certificate = createCertificate({ name: 'shop.example', dns: ['shop.example'] })
const pems: Readonly<Record<string, string>> = { 'cert.pem': certificate.cert, 'key.pem': certificate.key }
/** What is read of the files of a configuration. */
function pemOf(path: string): string {
  return pems[basename(path)] ?? 'not a certificate'
}

const fullTls = {
  cert_file: 'cert.pem',
  key_file: 'key.pem',
  client_ca_file: 'cert.pem',
  client_auth_type: 'RequireAndVerifyClientCert',
  client_allowed_sans: ['a.example'],
  min_version: 'TLSv1.2',
  max_version: 'TLSv1.3',
  cipher_suites: ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
  curve_preferences: ['X25519'],
  prefer_server_cipher_suites: true,
}
const fullWebConfigs: readonly object[] = [
  { tls_server_config: { cert_file: 'cert.pem', key_file: 'key.pem' }, http_server_config: { http2: true } },
  { tls_server_config: fullTls, basic_auth_users: { ada: hash } },
  {
    oidc: {
      issuer: 'https://login.example',
      client_id: 'a',
      client_secret: '${X}',
      redirect_url: 'https://probity.example/login/oidc/callback',
      request_scopes: 'openid',
      groups_claim: 'groups',
      scopes: { ...scopes, '*': 'read' },
    },
    trusted_proxy: { networks: '10.0.0.0/8', user_header: 'X-User', groups_header: 'X-Groups', scopes },
  },
]
/** What runs already: without TLS, with it, and with certificates of clients. */
const running = [
  undefined,
  { tls: false, asksForCertificates: false },
  { tls: true, asksForCertificates: false },
  { tls: true, asksForCertificates: true },
]

export const webConfig: Parser = {
  name: 'web-config',
  seeds: [
    `basic_auth_users: { ada: "${hash}" }\nhttp_server_config: { http2: true, headers: { X-Frame-Options: DENY, Strict-Transport-Security: max-age=31536000 } }\n`,
    `oidc:\n  issuer: https://login.example\n  client_id: probity\n  client_secret: "\${X}"\n  redirect_url: https://probity.example/login/oidc/callback\n  groups_claim: groups\n  scopes: ${asJson(scopes)}\n`,
    `trusted_proxy: { networks: [10.0.0.0/8], user_header: X-User, groups_header: X-Groups, scopes: ${asJson(scopes)} }\n`,
    '{}',
  ],
  grammar: spoilt(
    fc.oneof(
      fc.constantFrom(...fullWebConfigs),
      mapping({
        basic_auth_users: fc.dictionary(word, fc.constant(hash), { minKeys: 1, maxKeys: 2 }),
        http_server_config: mapping({
          http2: fc.boolean(),
          headers: fc.dictionary(
            fc.constantFrom('X-Frame-Options', 'Content-Security-Policy', 'X-Content-Type-Options'),
            fc.constantFrom('nosniff', 'DENY'),
          ),
        }),
        trusted_proxy: fc.constantFrom({
          networks: ['10.0.0.0/8'],
          user_header: 'X-User',
          groups_header: 'X-Groups',
          scopes,
        }),
        oidc: host.map((name) => ({
          issuer: `https://${name}`,
          client_id: 'a',
          client_secret: '${X}',
          scopes,
        })),
      }),
    ),
    [
      'cert.pem',
      'key.pem',
      'TLSv1.2',
      'NoClientCert',
      'http://localhost:1',
      'http://a.example',
      'readrs',
      'X-Frame-Option',
      ' ',
      'a:b',
      '${EMPTY}',
      '10.0.0.0/99',
      hash.replace('$10$', '$17$'),
      'é',
      'shop.example',
    ],
  ).map(asJson),
  tokens: [
    'tls_server_config: ',
    'cert_file: ',
    'min_version: TLS12',
    'cipher_suites: ',
    'client_auth_type: ',
    'RequireAndVerifyClientCert',
    'basic_auth_users: ',
    hash,
    'oidc: ',
    'issuer: ',
    'http://',
    'trusted_proxy: ',
    'networks: ',
    'scopes: ',
    '10.0.0.0/8',
    '\n  ',
    '{ ',
    ' }',
    '[ ',
    ' ]',
  ],
  sources: inSrc(['access/web-config/parse', 'access/web-config/schema', 'access/web-config/values']),
  parse: (input) =>
    configOf(() => {
      const read = { sources: [{ file: 'web.yml', text: input.toString() }], directory: folder, files: [] }
      const options = { env: { X: 'value', EMPTY: '' }, readSecret: pemOf }
      fixedIn(parseWebConfig(read, options))
      parseWebConfig(read, options, running[input.length % 8])
    }),
}

const token = mapping(
  {
    name: fc.stringMatching(/^[\w.-]{1,12}$/),
    scopes: fc.subarray(['read', 'probe', 'calls', 'admin'], { minLength: 1 }),
    sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
    created: fc.constant('2026-11-20T12:00:00Z'),
    expires: fc.constant('2027-11-20T12:00:00.000Z'),
  },
  ['name', 'scopes', 'sha256', 'created'],
)

export const tokens: Parser = {
  name: 'tokens',
  seeds: fc
    .sample(fc.uniqueArray(token, { minLength: 1, maxLength: 3, selector: ({ name }) => name }), {
      numRuns: 5,
      seed: 1,
    })
    .map((all) => all.map(asJson).join('\n')),
  grammar: fc
    .uniqueArray(token, { maxLength: 3, selector: ({ name }) => name })
    .map((all) => all.map((one) => `${asJson(one)}\n`).join('')),
  tokens: [
    '{',
    '}',
    '"name":',
    '"scopes":',
    '"read"',
    '"sha256":',
    '"created":',
    '"expires":',
    '\n',
    '[',
    ']',
    'null',
    '"2026-11-20T12:00:00Z"',
  ],
  sources: inSrc(['tokens/file']),
  parse: (input) => {
    const file = join(folder, 'tokens.jsonl')
    writeFileSync(file, input)
    return refusable(
      async () => {
        const read = await readTokens(file)
        expectThat(read !== undefined, 'it finds no file')
        const again = readTokens(join(folder, 'none.jsonl'))
        expectThat((await again) === undefined, 'it finds a file that is not there')
      },
      ProbityError,
      /tokens\.jsonl:\d+: /,
    )
  },
}

const entry = fc
  .tuple(word, fc.option(fc.jsonValue({ maxDepth: 2 }), { nil: undefined }))
  .map((change) => asJson([change]))

/** The files in which solo and the notifier remember. */
export const state: Parser = {
  name: 'state',
  seeds: [
    writeMapFile(
      new Map([
        ['delivery/1', '{"a":1}'],
        ['owed/x', 'null'],
      ]),
    ),
    '[["a",1],["b"]]\n[["a"]]\n',
    asJson({
      version: 2,
      targets: { a: { lastCheckAt: 1, lastSuccessAt: 1, failing: false, alerts: {} } },
      calls: {},
      ended: [],
    }),
    asJson({ since: 1, lastSuccess: 2, failed: { at: 3, message: 'x' } }),
  ],
  grammar: fc
    .tuple(fc.boolean(), fc.array(entry, { minLength: 1, maxLength: 5 }))
    .map(
      ([isNew, lines]) =>
        `${isNew ? `${asJson({ probity: 1, lines: lines.length })}\n` : ''}${lines.join('\n')}\n`,
    ),
  tokens: [
    '{"probity":1,"lines":2}\n',
    '{"probity":2,"lines":0}\n',
    '[["',
    '"]]',
    '\n',
    '"version":2',
    '"targets":',
    '"alerts":',
    'null',
    '{',
    '}',
  ],
  sources: inSrc(['lib/io/map-lines', 'alerts/evaluator/state']),
  parse: (input) => {
    const text = input.toString()
    const live = new Map<string, string>()
    const { lines, damage } = readMapFile(text, live)
    expectThat(lines >= 0, `${lines} lines`)
    if (damage !== undefined) expectWords(damage)
    // What was read is written so that it is read again.
    const again = new Map<string, string>()
    expectThat(readMapFile(writeMapFile(live), again).damage === undefined, 'it writes what it cannot read')
    expectThat(again.size === live.size, 'it forgets what it writes')
    let json: unknown
    try {
      json = JSON.parse(text)
    } catch {
      return damage === undefined
    }
    const known = parseEvaluatorState(json) !== undefined || readState(json) !== undefined
    return known || damage === undefined
  },
}
