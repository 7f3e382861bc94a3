import { describe, expect, it } from 'vitest'
import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TlsSettings } from '../../../src/net/tls/settings.ts'
import { createCertificate } from '../../support/certificates.ts'
import { httpCheckOf } from '../../support/http-check.ts'
import { parse, parseTarget } from '../../support/parse-config.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const ours = createCertificate({ name: 'ours' })
const theirs = createCertificate({ name: 'theirs' })
const damaged = ours.cert.replace(/\n[^\n]{20}/, '\nAAAAAAAAAAAAAAAAAAAA')
const encrypted = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
}).privateKey

const folder = await tempFolder()
const files = { cert: join(folder, 'ours.pem'), key: join(folder, 'ours.key'), text: join(folder, 'a.txt') }
await writeFile(files.cert, ours.cert)
await writeFile(files.key, ours.key)
await writeFile(files.text, 'no PEM')

const surroundings = {
  secrets: {
    '/etc/probity/ours.pem': ours.cert,
    '/etc/probity/ours.key': ours.key,
    '/etc/probity/theirs.key': theirs.key,
    '/etc/probity/chain.pem': `# ours\n${ours.cert}\n# theirs\n${theirs.cert}`,
    '/etc/probity/half.pem': `${ours.cert}${damaged}`,
    '/etc/probity/damaged.pem': damaged,
    '/etc/probity/encrypted.key': encrypted,
  },
}

function config(tls: string): string {
  return `targets: [{ name: shop, url: "https://shop.example", tls: ${tls} }]`
}

function settings(tls: string): TlsSettings {
  return httpCheckOf(parseTarget(config(tls), surroundings)).tls
}

function complaint(tls: string): string {
  try {
    parse(config(tls), surroundings)
  } catch (error) {
    return (error as Error).message.replace(/^.*?targets\[0\]\./s, '')
  }
  throw new Error('it was accepted')
}

describe('tls:', () => {
  it('verifies, unless it says otherwise', () => {
    expect(settings('{}')).toEqual({ verify: true })
    expect(settings('{ verify: false }')).toEqual({ verify: false })
  })

  it('holds whom to trust, who asks, what name to ask for, and the oldest version', () => {
    const written =
      '{ ca: "${file:chain.pem}", cert: "${file:ours.pem}", key: "${file:ours.key}", server_name: a.example., min_version: TLS13 }'
    expect(settings(written)).toEqual({
      verify: true,
      ca: { text: surroundings.secrets['/etc/probity/chain.pem'] },
      cert: { text: ours.cert },
      key: { text: ours.key },
      serverName: 'a.example',
      minVersion: 'TLS13',
    })
  })

  it('holds files, which are read again when they change', () => {
    const written = `{ ca_file: ${files.cert}, cert_file: ${files.cert}, key_file: ${files.key} }`
    const expected = { ca: { file: files.cert }, cert: { file: files.cert }, key: { file: files.key } }
    expect(settings(written)).toEqual({ verify: true, ...expected })
  })

  it.each([
    ['{ ca: hello }', 'tls.ca: does not contain a certificate in PEM form'],
    ['{ ca: "${file:ours.key}" }', 'tls.ca: does not contain a certificate in PEM form'],
    ['{ ca: "${file:damaged.pem}" }', 'tls.ca: the certificate is damaged'],
    ['{ ca: "${file:half.pem}" }', 'tls.ca: certificate 2 of 2 is damaged'],
    ['{ ca: "${file:gone.pem}" }', 'tls.ca: the secret file gone.pem cannot be read'],
    ['{ ca_file: a.pem }', 'tls.ca_file: "a.pem" is not an absolute path'],
    [`{ ca_file: ${folder}/gone.pem }`, 'tls.ca_file: the file cannot be read: no such file'],
    [`{ ca_file: ${folder} }`, 'tls.ca_file: the file cannot be read: it is not a regular file'],
    [`{ ca_file: ${files.text} }`, 'tls.ca_file: does not contain a certificate in PEM form'],
    [`{ ca: "\${file:ours.pem}", ca_file: ${files.cert} }`, 'tls.ca_file: ca: is set too'],
    ['{ cert: "${file:ours.pem}" }', 'tls.cert: needs its key'],
    [`{ key_file: ${files.key} }`, 'tls.key_file: needs its certificate'],
    ['{ cert: "${file:ours.pem}", key: "${file:theirs.key}" }', 'tls.key: is not the key of the certificate'],
    [
      `{ cert: "\${file:chain.pem}", key_file: ${files.text} }`,
      'tls.key_file: does not contain a private key',
    ],
    [
      '{ cert: "${file:ours.pem}", key: "${file:ours.pem}" }',
      'tls.key: does not contain a private key in PEM form',
    ],
    ['{ cert: "${file:ours.pem}", key: "${file:encrypted.key}" }', 'tls.key: is encrypted'],
    ['{ server_name: "a.example:443" }', 'tls.server_name: "a.example:443" is not a valid host name'],
    ['{ server_name: 127.0.0.1 }', 'tls.server_name: "127.0.0.1" is not a valid host name'],
    ['{ min_version: TLS9 }', 'tls.min_version: expected TLS10, TLS11, TLS12 or TLS13, got "TLS9"'],
    ['{ certificate: x }', 'tls.certificate: unknown key'],
  ])('%s is refused', (written, message) => {
    expect(complaint(written)).toContain(message)
  })

  it('never shows a private key', () => {
    const indented = ours.key.trim().replaceAll('\n', '\n        ')
    const literal = parseTarget(
      `targets:\n  - name: shop\n    url: https://shop.example\n    tls:\n      cert: \${file:ours.pem}\n      key: |-\n        ${indented}\n`,
      surroundings,
    )
    expect(literal.shown['tls']).toEqual({ cert: '${file:ours.pem}', key: '<secret>' })
    expect(literal.secrets).toContain(ours.key.trim())
    const reference = parseTarget(
      config('{ cert: "${file:ours.pem}", key: "${file:ours.key}" }'),
      surroundings,
    )
    expect(reference.shown['tls']).toEqual({ cert: '${file:ours.pem}', key: '${file:ours.key}' })
    expect(reference.secrets).toContain(ours.key)
  })
})
