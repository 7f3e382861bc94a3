import { isIP, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { HttpCheck } from './schema.ts'
import type { TlsSettings } from '../../net/tls/settings.ts'
import { maxWireBytes } from './answer/body.ts'
import { dial } from './exchange/dial.ts'
import type { Dialled } from './exchange/reach.ts'
import { exchange, type Exchange } from './exchange/http1.ts'
import { exchangeHttp2 } from './exchange/http2.ts'
import { shownUrl, type HttpRequest } from './exchange/request.ts'
import type { HttpRun } from './run.ts'
import { traceparentOf } from './trace.ts'
import { oddityWords, type Oddity } from '../../net/http1/oddity.ts'
import { proxyAuthorization } from '../../net/proxy/proxy.ts'
import { dialTls, type ConnectOptions } from '../../net/connect.ts'
import { ProbeFailure } from '../../net/failure.ts'
import { shakeHands, type HandshakeOptions } from '../../net/tls/secure.ts'
import type { Trust } from '../../net/tls/trust.ts'
import type { TrustStore } from '../../net/tls/trust-store.ts'

/** One hop: from the name to the headers of the answer. */
export async function send(request: HttpRequest, run: HttpRun): Promise<Exchange> {
  const { evidence, clock, context, cookies, sockets } = run
  const { socket, address, forwarder } = await connect(request, run)
  evidence.doing = `waiting for the answer from ${shownUrl(request.url)}`
  const sentAt = clock.monotonic()
  const cookie = cookies.header(request.url, request.headers['cookie'])
  const traced = traceparentOf(request.headers, run.trace)
  if (traced) {
    const { traceId, spanId } = traced
    evidence.traceId = traceId
    context.log.add('request traced', { traceId, spanId })
  }
  const authorization = forwarder && proxyAuthorization(forwarder)
  const headers = {
    ...request.headers,
    ...(traced && { traceparent: traced.header }),
    ...(cookie !== undefined && { cookie }),
    ...(authorization !== undefined && { 'proxy-authorization': authorization }),
  }
  const options = {
    monotonic: clock.monotonic,
    maxWireBytes: maxWireBytes(run.check.expect.maxBody),
    wholeUrl: forwarder !== undefined,
    guard: sockets.guard,
    note: (oddity: Oddity) => {
      if (evidence.addOddity(oddity))
        context.log.add('the answer is odd', { oddity, meaning: oddityWords[oddity] })
    },
  }
  const speak = speaksHttp2(socket) ? exchangeHttp2 : exchange
  const answer = await speak({ ...request, headers }, socket, options)
  const { statusCode, firstByteAt, version } = answer
  evidence.addPhase('processing', (firstByteAt - sentAt) / 1000)
  evidence.responded(request.url, answer, clock.now())
  context.log.add('answer received', { status: statusCode, httpVersion: version, address })
  return answer
}

function speaksHttp2(socket: Socket): boolean {
  return socket instanceof TLSSocket && socket.alpnProtocol === 'h2'
}

/** A connection that speaks TLS where the URL asks for it. */
async function connect(request: HttpRequest, run: HttpRun): Promise<Dialled> {
  const { evidence } = run
  const question = request.url.protocol === 'https:' ? questionOf(request, run) : undefined
  evidence.ssl = false
  const dialled = await dial(request.url, run, question && directly(question))
  const secured = question && (await secure(question, dialled, run))
  evidence.addPhase('connect', dialled.seconds)
  if (secured) evidence.addPhase('tls', secured.seconds)
  return { ...dialled, ...secured }
}

/** What a hop asks for in its handshake. */
interface Question extends Omit<HandshakeOptions, 'trust' | 'address'> {
  /** Or why there is none: that counts only once there is a connection. */
  readonly trust: Trust | ProbeFailure
}

function questionOf(request: HttpRequest, { check, trust }: HttpRun): Question {
  const settings = tlsSettingsFor(request, check)
  return {
    settings,
    trust: trustOrFault(settings, trust),
    serverName: settings.serverName ?? tlsName(request),
    protocols: check.http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
  }
}

function trustOrFault(settings: TlsSettings, trust: TrustStore): Trust | ProbeFailure {
  try {
    return trust(settings)
  } catch (error) {
    if (!(error instanceof ProbeFailure)) throw error
    return error
  }
}

function directly({ trust, ...question }: Question): ConnectOptions['dial'] {
  if (trust instanceof ProbeFailure) return undefined
  const { secureContext } = trust
  return (address, port) => dialTls(address, port, { ...question, secureContext })
}

async function secure(
  { trust, ...question }: Question,
  { socket, peer, inside = false }: Dialled,
  run: HttpRun,
): Promise<{ socket: TLSSocket; seconds: number }> {
  const { evidence } = run
  evidence.doing = `in the TLS handshake with ${peer}`
  if (trust instanceof ProbeFailure) throw trust
  const secured = await shakeHands(socket, { ...question, trust, address: peer, inside }, run)
  evidence.tls = secured.tls
  if (secured.distrust) throw secured.distrust
  evidence.ssl = true
  return secured
}

/** To another host, a redirect takes neither the name that is asked for nor who is asking. */
function tlsSettingsFor({ url }: HttpRequest, check: HttpCheck): TlsSettings {
  if (url.host === check.url.host) return check.tls
  const { cert, key, serverName, ...others } = check.tls
  return others
}

/** The name to ask for: a configured Host header's, as in blackbox_exporter, else that of the URL. Addresses have none. */
function tlsName({ url, headers }: HttpRequest): string | undefined {
  const host = headers['host']
  const name = host === undefined ? url.hostname : host.replace(/:\d+$/, '')
  const bare = name.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  return isIP(bare) === 0 ? bare : undefined
}
