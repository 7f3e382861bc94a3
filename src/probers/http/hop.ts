import type { TLSSocket } from 'node:tls'
import { isIP, type Socket } from 'node:net'
import type { HttpCheck } from '../../config/checks/http.ts'
import type { TlsSettings } from '../../config/checks/tls-settings.ts'
import { codeOf, messageOf } from '../../lib/errors.ts'
import { certificateFailure } from '../certificate.ts'
import { ProbeFailure } from '../failure.ts'
import { maxWireBytes } from './body.ts'
import { connectFirst, endpoint, startTls } from '../connect.ts'
import { exchange, type Exchange } from './exchange.ts'
import { shownUrl, type HttpRequest } from './request.ts'
import type { HttpRun } from './run.ts'
import type { ProbeContext } from '../prober.ts'
import { resolveHost } from '../resolve.ts'
import { tlsResult } from '../tls-info.ts'

/** One hop: from the name to the headers of the answer. */
export async function send(request: HttpRequest, run: HttpRun): Promise<Exchange> {
  const { evidence, clock, context, cookies } = run
  const { socket, address } = await connect(request, run)
  evidence.doing = `waiting for the answer of ${shownUrl(request.url)}`
  const sentAt = clock.monotonic()
  const cookie = cookies.header(request.url, request.headers['cookie'])
  const headers = { ...request.headers, ...(cookie !== undefined && { cookie }) }
  const answer = await exchange({ ...request, headers }, socket, {
    monotonic: clock.monotonic,
    maxWireBytes: maxWireBytes(run.check.expect.maxBody),
  })
  const { statusCode, tap } = answer
  evidence.addPhase('processing', ((tap.firstByteAt ?? clock.monotonic()) - sentAt) / 1000)
  evidence.responded(request.url, answer, clock.now())
  context.log.add('answer received', { status: statusCode, httpVersion: tap.version, address })
  return answer
}

async function connect(request: HttpRequest, run: HttpRun): Promise<{ socket: Socket; address: string }> {
  const { evidence, clock, context, sockets } = run
  const { log } = context
  const { url } = request
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  const addresses = await resolve(url, run)
  evidence.doing = `connecting to ${endpoint(addresses[0] ?? '', port)}`
  const began = clock.monotonic()
  const { socket, address } = await connectFirst(addresses, port, {
    sockets,
    onAttempt: (candidate) => {
      evidence.doing = `connecting to ${endpoint(candidate, port)}`
      evidence.usesAddress(candidate)
      log.add('connecting', { address: candidate, port })
    },
  })
  const connectedAt = clock.monotonic()
  evidence.usesAddress(address)
  const secured = url.protocol === 'https:' ? await secure(request, socket, address, run) : undefined
  evidence.addPhase('connect', (connectedAt - began) / 1000)
  if (secured) evidence.addPhase('tls', secured.seconds)
  else evidence.ssl = false
  return { socket: secured?.socket ?? socket, address }
}

async function resolve(url: URL, { evidence, clock, context, check, lookup }: HttpRun): Promise<string[]> {
  evidence.doing = `resolving ${url.hostname}`
  evidence.begin('resolve', clock.monotonic())
  const addresses = await resolveHost(url.hostname, check, lookup).finally(() => {
    evidence.end(clock.monotonic())
  })
  context.log.add('name resolved', { host: url.hostname, addresses: addresses.join(' ') })
  for (const address of addresses) refuseBlocked(address, context.allowAddress)
  return addresses
}

function refuseBlocked(address: string, allowAddress: ProbeContext['allowAddress']): void {
  try {
    allowAddress?.(address)
  } catch (cause) {
    throw new ProbeFailure('blocked', messageOf(cause), { cause })
  }
}

async function secure(
  request: HttpRequest,
  socket: Socket,
  address: string,
  run: HttpRun,
): Promise<{ socket: TLSSocket; seconds: number }> {
  const { evidence, clock, context, sockets, check } = run
  const settings = tlsSettingsFor(request, check)
  const trust = run.trust(settings)
  const serverName = settings.serverName ?? tlsName(request)
  evidence.doing = `in the TLS handshake with ${address}`
  const began = clock.monotonic()
  const secured = await startTls(socket, {
    secureContext: trust.secureContext,
    serverName,
    address,
    sockets,
    protocols: ['http/1.1'],
  })
  const seconds = (clock.monotonic() - began) / 1000
  const tls = tlsResult(secured, trust)
  evidence.tls = tls
  evidence.ssl = true
  const { version = 'unknown', cipher = 'unknown', verified, chain } = tls
  context.log.add('TLS established', { version, cipher, verified, certificates: chain.length })
  if (!verified && check.tls.verify) {
    const code = verificationCode(secured.authorizationError)
    throw certificateFailure({ code, host: serverName ?? address, chain, now: clock.now() / 1000 })
  }
  return { socket: secured, seconds }
}

/** To another host, a redirect takes neither the name that is asked for nor who is asking. */
function tlsSettingsFor({ url }: HttpRequest, check: HttpCheck): TlsSettings {
  if (url.host === check.url.host) return check.tls
  const { verify, ca, minVersion } = check.tls
  return { verify, ...(ca && { ca }), ...(minVersion && { minVersion }) }
}

/** The name to ask for: a configured Host header's, as in blackbox_exporter, else that of the URL. Addresses have none. */
function tlsName({ url, headers }: HttpRequest): string | undefined {
  const host = headers['host']
  const name = host === undefined ? url.hostname : host.replace(/:\d+$/, '')
  const bare = name.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  return isIP(bare) === 0 ? bare : undefined
}

/** Its type is Error, but it is a string as a rule. */
function verificationCode(problem: unknown): string {
  return typeof problem === 'string' ? problem : (codeOf(problem) ?? messageOf(problem))
}
