import type { Attempt } from '../attempt.ts'
import { isIP, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { offeredVersions, type TlsSettings, type TlsVersion } from './settings.ts'
import { codeOf, messageOf } from '../../lib/errors.ts'
import { certificateFailure } from './certificate.ts'
import { startTls } from '../connect.ts'
import { ProbeFailure } from '../failure.ts'
import { namesOf, tlsResult } from './info.ts'
import type { TlsResult } from './result.ts'
import type { Trust } from './trust.ts'
import type { TrustStore } from './trust-store.ts'
import { weaknessOf } from './weakness.ts'

export interface SecureOptions {
  readonly settings: TlsSettings
  readonly trust: TrustStore
  /** As it is configured: its name is asked for and verified where the settings have none. */
  readonly host: string
  /** Where the connection leads: an IP address, or the path of a socket. */
  readonly address: string
  /** The protocols to offer (ALPN), the preferred one first. Default: none is offered. */
  readonly protocols?: readonly string[]
}

/**
 * Speaks TLS on a connection and verifies the peer. What was seen of its certificate is evidence also where it did not verify.
 *
 * @throws ProbeFailure `tls` or `certificate`.
 */
export async function secure(socket: Socket, options: SecureOptions, attempt: Attempt): Promise<TLSSocket> {
  const { settings, host, address, protocols } = options
  const { evidence } = attempt
  const trust = options.trust(settings)
  evidence.doing = `in the TLS handshake with ${address}`
  const serverName = settings.serverName ?? nameOf(host)
  const asked = { settings, trust, serverName, address, ...(protocols && { protocols }) }
  const secured = await shakeHands(socket, asked, attempt)
  evidence.phases.tls = secured.seconds
  evidence.tls = secured.tls
  if (secured.distrust) throw secured.distrust
  return secured.socket
}

export interface HandshakeOptions {
  readonly settings: TlsSettings
  readonly trust: Trust
  /** The name that is asked for and verified. Undefined: none, as for an address. */
  readonly serverName: string | undefined
  /** As it is reported: where the connection leads. */
  readonly address: string
  /** What is offered by ALPN. */
  readonly protocols?: readonly string[]
  /** Whether the socket speaks TLS with a proxy already. */
  readonly inside?: boolean
}

/** A connection that speaks TLS. */
export interface Handshake {
  readonly socket: TLSSocket
  /** How long the handshake took. */
  readonly seconds: number
  readonly tls: TlsResult
  /** Why the peer is not trusted, if it has to be verified. */
  readonly distrust?: ProbeFailure
}

/**
 * The handshake of every check that speaks TLS.
 *
 * @throws ProbeFailure `tls`.
 */
export async function shakeHands(
  socket: Socket,
  { settings, trust, serverName, address, protocols, inside }: HandshakeOptions,
  { clock, context, sockets }: Pick<Attempt, 'clock' | 'context' | 'sockets'>,
): Promise<Handshake> {
  const began = clock.monotonic()
  const secured = await startTls(socket, {
    secureContext: trust.secureContext,
    serverName,
    address,
    sockets,
    ...(protocols && { protocols }),
    ...(inside !== undefined && { inside }),
  }).catch((error: unknown) => {
    throw explain(error, address, settings)
  })
  const seconds = (clock.monotonic() - began) / 1000
  const tls = tlsResult(secured, trust)
  const { version = 'unknown', cipher = 'unknown', verified, chain } = tls
  context.log.add('TLS established', { version, cipher, verified, certificates: chain.length })
  if (verified || !settings.verify) return { socket: secured, seconds, tls }
  const host = serverName ?? address
  const code = verificationCode(secured.authorizationError)
  const distrust =
    chain.length === 0
      ? new ProbeFailure('certificate', `${host} has no certificate`)
      : certificateFailure({
          code,
          host,
          chain,
          names: namesOf(secured),
          weakness: weaknessOf(secured),
          now: clock.now() / 1000,
        })
  return { socket: secured, seconds, tls, distrust }
}

/** Making a trust takes a while, once, which is not to look like slowness of the target. */
export function prepare(trust: TrustStore, settings: TlsSettings): void {
  try {
    trust(settings)
  } catch (error) {
    // It is reported when the trust is needed.
    if (!(error instanceof ProbeFailure)) throw error
  }
}

function nameOf(host: string): string | undefined {
  return isIP(host) === 0 ? host.replace(/\.$/, '') : undefined
}

const versionNames: Readonly<Record<TlsVersion, string>> = {
  TLS10: 'TLS 1.0',
  TLS11: 'TLS 1.1',
  TLS12: 'TLS 1.2',
  TLS13: 'TLS 1.3',
}

/** What OpenSSL calls it when the peer has no version that is new enough: by its own words, or by its alert. */
const versionProblems = /^(?:tlsv1 alert protocol version|unsupported protocol|wrong ssl version)$/

function explain(error: unknown, address: string, settings: TlsSettings): unknown {
  const cause = error instanceof ProbeFailure ? error.cause : undefined
  const reason = typeof cause === 'object' && cause !== null && 'reason' in cause ? cause.reason : undefined
  if (typeof reason !== 'string' || !versionProblems.test(reason)) return error
  return new ProbeFailure('tls', `${address} does not speak ${wanted(settings)}`, { cause })
}

function wanted(settings: TlsSettings): string {
  const { oldest, newest } = offeredVersions(settings)
  const [from, to] = [versionNames[oldest], versionNames[newest]]
  if (settings.maxVersion !== undefined)
    return oldest === newest ? from : `${from} to ${to.replace('TLS ', '')}`
  const hint = oldest === 'TLS12' && !settings.minVersion ? ': tls.legacy: true accepts older versions' : ''
  return `${from} or newer${hint}`
}

/** Its type is Error, but it is a string as a rule. */
function verificationCode(problem: unknown): string {
  return typeof problem === 'string' ? problem : (codeOf(problem) ?? messageOf(problem))
}
