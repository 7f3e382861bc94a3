import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadWebConfig } from '../../src/access/web-config/running.ts'
import { createCertificate } from '../support/certificates.ts'
import { password, users } from './support/services.ts'

const server = createCertificate({ name: 'server' })
const other = createCertificate({ name: 'other' })
const hash = '$2b$10$qcPPITjaEmz8waQcX2n2.ud2z3bsG.WzglOHPIfHqkaAI/rj/3fQq'
const files = 'cert_file: server.pem, key_file: server.key'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probity-web-'))
  const content = {
    'server.pem': server.cert,
    'server.key': server.key,
    'other.key': other.key,
    'empty.pem': '',
  }
  for (const [name, text] of Object.entries(content)) await writeFile(join(folder, name), text)
})

const load = async (text: string) => {
  const file = join(folder, 'web.yml')
  await writeFile(file, text)
  return loadWebConfig(file, { SECRET: 'of-the-client' })
}

describe('a web configuration', () => {
  it('is read as the exporter-toolkit reads it', async () => {
    const config = await load(`
tls_server_config:
  cert_file: server.pem
  key_file: server.key
  min_version: TLS13
  max_version: TLS13
  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
  curve_preferences: [X25519, CurveP256]
  prefer_server_cipher_suites: true
http_server_config:
  http2: true
  headers: { Strict-Transport-Security: max-age=31536000 }
${users}`)
    expect(config.tls).toMatchObject({
      clientAuth: 'NoClientCert',
      context: { minVersion: 'TLSv1.3', ecdhCurve: 'X25519:P-256', honorCipherOrder: true },
    })
    expect([...config.users.keys()]).toEqual(['ada'])
    expect(config.headers).toEqual({ 'Strict-Transport-Security': 'max-age=31536000' })
    expect(config.files).toEqual(['web.yml', 'server.pem', 'server.key'].map((name) => join(folder, name)))
  })

  it('is open where it says so', async () => {
    expect(await load('{}')).toMatchObject({ users: new Map(), headers: {} })
  })

  it('takes the secret of OpenID Connect from the environment or a file', async () => {
    await writeFile(join(folder, 'secret'), 'from-a-file\n')
    for (const [written, expected] of [
      ['${SECRET}', 'of-the-client'],
      ['${file:secret}', 'from-a-file'],
    ]) {
      const { oidc } = await load(
        `oidc: { issuer: https://id.example, client_id: probity, client_secret: "${written!}", scopes: { ops: admin } }`,
      )
      expect(oidc).toMatchObject({
        clientSecret: expected,
        scopes: { ops: ['admin'] },
        groupsClaim: 'groups',
      })
    }
  })
})

const oidc = (more: string): string => `oidc: { client_id: probity, client_secret: s, scopes: {}, ${more} }`

describe('a mistake in a web configuration is named with its place', () => {
  it.each([
    ['', '1:1: is empty: to let everybody in, leave --web.config.file out'],
    ['# users: later', ': is empty: to let everybody in, leave --web.config.file out'],
    ['users: {}', '1:1 users: unknown key'],
    [
      `basic_auth_user: { ada: ${hash} }`,
      '1:1 basic_auth_user: unknown key (did you mean basic_auth_users?)',
    ],
    [
      'basic_auth_users: { ada: correct-horse }',
      '1:26 basic_auth_users.ada: is not a bcrypt hash: make one with htpasswd -nBC 10 ""',
    ],
    [
      `basic_auth_users: { ada: ${hash.replace('10', '17')} }`,
      '1:26 basic_auth_users.ada: a bcrypt cost of 17 is too high: expected at most 16',
    ],
    [`basic_auth_users: { 'a:b': ${hash} }`, `1:21 basic_auth_users["a:b"]: is not a valid user name`],
    ['tls_server_config: { cert_file: server.pem }', '1:20 tls_server_config.key_file: is missing'],
    [
      'tls_server_config: { cert_file: none.pem, key_file: server.key }',
      '1:33 tls_server_config.cert_file: none.pem cannot be read: no such file',
    ],
    [
      'tls_server_config: { cert_file: server.pem, key_file: other.key }',
      '1:33 tls_server_config.cert_file: the certificate and the key cannot be used: ',
    ],
    [
      'tls_server_config: { cert_file: empty.pem, key_file: server.key }',
      '1:33 tls_server_config.cert_file: empty.pem is empty',
    ],
    [
      `tls_server_config: { ${files}, min_versoin: TLS12 }`,
      '1:67 tls_server_config.min_versoin: unknown key (did you mean min_version?)',
    ],
    [
      `tls_server_config: { ${files}, min_version: TLS1.2 }`,
      '1:80 tls_server_config.min_version: "TLS1.2" is not supported (did you mean TLS12?)',
    ],
    [
      `tls_server_config: { ${files}, min_version: TLS13, max_version: TLS12 }`,
      '1:80 tls_server_config.min_version: is newer than max_version',
    ],
    [
      `tls_server_config: { ${files}, cipher_suites: [TLS_RSA_WITH_RC4_128_SHA] }`,
      '1:83 tls_server_config.cipher_suites[0]: "TLS_RSA_WITH_RC4_128_SHA" is not supported',
    ],
    [
      `tls_server_config: { ${files}, client_auth_type: RequireAndVerifyClientCert }`,
      '1:85 tls_server_config.client_auth_type: RequireAndVerifyClientCert needs client_ca_file',
    ],
    [
      `tls_server_config: { ${files}, client_ca_file: server.pem }`,
      '1:83 tls_server_config.client_ca_file: has no effect without client_auth_type',
    ],
    [
      'http_server_config: { headers: { X-Frame-Option: DENY } }',
      '1:34 http_server_config.headers.X-Frame-Option: this header cannot be set (did you mean X-Frame-Options?)',
    ],
    [
      'http_server_config: { headers: { X-Frame-Options: "a\\r\\nSet-Cookie: b" } }',
      'http_server_config.headers.X-Frame-Options: contains characters that are not allowed in a header',
    ],
    [
      oidc('issuer: http://id.example'),
      'oidc.issuer: is not a valid issuer: expected a URL that starts with https://',
    ],
    [
      oidc('issuer: https://id.example, client_secret: "${NONE}"').replace('client_secret: s, ', ''),
      'oidc.client_secret: the environment variable NONE is not set',
    ],
    [
      oidc('issuer: https://id.example').replace('{}', '{ ops: admins }'),
      'oidc.scopes.ops: there is no scope "admins" (did you mean admin?)',
    ],
    [
      'trusted_proxy: { networks: 10.0.0.0/33, scopes: {} }',
      '1:28 trusted_proxy.networks: "10.0.0.0/33" is not a valid network: expected one such as',
    ],
  ])('%j', async (text, problem) => {
    await expect(load(text)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(problem),
    })
    await load(text).catch((error: unknown) => {
      expect(String(error)).toContain(`${join(folder, 'web.yml')}:1:`)
      expect(String(error)).not.toMatch(/\$2b|PRIVATE|correct-horse/)
    })
  })
})

it('the password of these tests is not in the file', () => {
  expect(users).not.toContain(password)
})
