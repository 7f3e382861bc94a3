import { execFile, execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWithTool } from '../support/programs/tools.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { startService, type ServiceName, type TestService } from './support/services.ts'

// What a scanner such as testssl.sh looks for, with the keys of RSA that allow the most weaknesses.

const services: readonly (ServiceName | 'OTLP/gRPC')[] = ['exporter', 'solo', 'notifier', 'OTLP/gRPC']
const none = /Cipher is \(NONE\)/

describeWithTool(['openssl'], 'TLS, as scanners see it,', () => {
  describe.each(services)('of %s', (name) => {
    let service: TestService
    let address: string
    beforeAll(async () => {
      service = await startWithRsa(name === 'OTLP/gRPC' ? 'exporter' : name)
      address = name === 'OTLP/gRPC' ? grpcAddressOf(service) : new URL(service.url).host
    })
    afterAll(() => service.stop())

    it.each([
      ['forward secrecy by default', '-tls1_2', /Cipher is ECDHE-RSA-AES\d+-GCM-SHA\d+/],
      ['TLS 1.3', '-tls1_3', /New, TLSv1\.3/],
      ['no TLS 1.1', '-tls1_1 -cipher ALL:@SECLEVEL=0', none],
      ['no TLS 1.0', '-tls1 -cipher ALL:@SECLEVEL=0', none],
      ['no cipher without encryption', '-tls1_2 -cipher eNULL:@SECLEVEL=0', none],
      ['no cipher without a certificate', '-tls1_2 -cipher aNULL:@SECLEVEL=0', none],
      ['no key exchange without forward secrecy', '-tls1_2 -cipher kRSA:@SECLEVEL=0', none],
      ['no finite fields', '-tls1_2 -cipher DHE:@SECLEVEL=0', none],
      ['no CBC', '-tls1_2 -cipher AES128-SHA:ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA384:@SECLEVEL=0', none],
      ['no ARIA, Camellia or CCM', '-tls1_2 -cipher ARIA:CAMELLIA:AESCCM:@SECLEVEL=0', none],
      ['no pre-shared keys', '-tls1_2 -cipher PSK:@SECLEVEL=0 -psk 1a2b', none],
      ['no weak curve', '-tls1_2 -curves secp192k1:sect163k1', none],
      ['no compression', '-tls1_2 -comp', /Compression: NONE/],
      ['secure renegotiation, for those who ask for it', '-tls1_2', /Secure Renegotiation IS supported/],
      ['no early data', '-tls1_3', /Max Early Data: 0|^(?![^]*Max Early Data)/],
      ['an unknown name', '-servername stranger.example', /subject=CN ?= ?probity.example/],
      ['no name', '-noservername', /subject=CN ?= ?probity.example/],
      ['a short name that is no name', '-servername x', /subject=CN ?= ?probity.example/],
      ['an unknown protocol of applications', '-alpn spdy/3', /No ALPN negotiated|alert/],
      ['a fallback from a newer version', '-tls1_2 -fallback_scsv', /inappropriate fallback/],
    ])('%s: %s', async (_what, flags, expected) => {
      expect(await openssl(address, flags.split(' '), 'Q\n')).toMatch(expected)
    })

    it('does not begin again with a handshake when a client asks for it', async () => {
      const said = await openssl(address, ['-tls1_2'], 'R\n')

      expect(said).toContain('RENEGOTIATING')
      expect(said).toMatch(/no renegotiation|unexpected message|handshake failure|:error:/)
    })
  })
})

async function startWithRsa(name: ServiceName): Promise<TestService> {
  const folder = await tempFolder()
  const at = (file: string): string => join(folder, file)
  const request = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=probity.example',
  ]
  execFileSync('openssl', [...request, '-keyout', at('key'), '-out', at('cert')], { stdio: 'ignore' })
  return startService(name, {
    web: 'tls_server_config: { cert_file: cert.pem, key_file: key.pem }\n',
    files: { 'cert.pem': await readFile(at('cert'), 'utf8'), 'key.pem': await readFile(at('key'), 'utf8') },
    ...(name !== 'notifier' && { otlpGrpcAddress: { host: '127.0.0.1', port: 0 } }),
  })
}

function grpcAddressOf(service: TestService): string {
  return new URL(/https:\/\/127\.0\.0\.1:\d+(?=[^}]*grpc|"[^}]*gRPC)/i.exec(service.log())?.[0] ?? 'missing:')
    .host
}

/** What `openssl s_client` says, and the server to it. */
function openssl(address: string, flags: readonly string[], input: string): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile(
      'openssl',
      ['s_client', '-connect', address, ...flags],
      { timeout: 60_000 },
      (_error, stdout, stderr) => {
        resolve(stdout + stderr)
      },
    )
    child.stdin?.end(input)
  })
}
