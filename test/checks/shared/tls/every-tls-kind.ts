import type { Check } from '../../../../src/checks/index.ts'
import { runProbe } from '../../../../src/checks/run.ts'
import type { ProbeResult } from '../../../../src/checks/result.ts'
import { checkOf } from '../../../support/checks.ts'
import { ampleSeconds } from '../../../support/time/patience.ts'

/** Every kind of check that begins with a TLS handshake: its keys for a host and a port. */
export const tlsKinds = {
  'http:': ['http', (at) => ({ url: `https://${at}/` })],
  'tcp: with use_tls': ['tcp', (at) => ({ tcp: at, use_tls: true })],
  'certificate:': ['tls', (at) => ({ certificate: at })],
  'websocket:': ['websocket', (at) => ({ websocket: `wss://${at}/` })],
  'grpc:': ['grpc', (at) => ({ grpc: at, use_tls: true })],
  'dns: with dot': ['dns', (at) => ({ dns: 'shop.example', server: at, transport: 'dot' })],
} satisfies Record<string, readonly [Check['kind'], (at: string) => Readonly<Record<string, unknown>>]>

export type TlsKind = keyof typeof tlsKinds

export const everyTlsKind = Object.keys(tlsKinds) as TlsKind[]

/**
 * Checks `host:port` in the way of a kind.
 *
 * @param keys More keys of the target, such as `tls`.
 */
export async function probeAs(
  name: TlsKind,
  at: string,
  keys: Readonly<Record<string, unknown>>,
): Promise<ProbeResult> {
  const [kind, keysOf] = tlsKinds[name]
  return runProbe(checkOf(kind, { ip_protocol: 'ip4', ...keysOf(at), ...keys }), {
    timeoutSeconds: ampleSeconds,
  })
}
