import type { Attempt } from '../../net/attempt.ts'
import type { Failure } from '../../net/failure.ts'
import type { Socket } from 'node:net'
import { formatAddress } from '../../net/address.ts'
import type { GrpcCheck } from './schema.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import { attempt } from '../shared/attempt.ts'
import { ProbeFailure } from '../../net/failure.ts'
import type { Prober } from '../result.ts'
import type { GrpcResult } from './result.ts'
import { reach } from '../../net/reach.ts'
import { systemLookup } from '../../net/resolve.ts'
import { prepare, secure } from '../../net/tls/secure.ts'
import type { ConnectionProberOptions } from '../tcp/probe.ts'
import { createTrustStore, type TrustStore } from '../../net/tls/trust-store.ts'
import { call, type CallAnswer } from './call.ts'
import { codeOfHttpStatus, grpcCodes, numberOf } from './codes.ts'
import { frame, healthPath, healthRequest, readHealth, type ServingStatus } from './health.ts'

/** What has been seen of the call so far. */
interface Seen {
  ssl: boolean
  code?: number
  status?: ServingStatus
}

/** Makes a prober that asks the health service of a gRPC server. */
export function createGrpcProber(options: ConnectionProberOptions = {}): Prober<GrpcCheck> {
  const { authorities, lookup = systemLookup } = options
  const trust = createTrustStore(authorities)
  return async (check, context) => {
    if (check.useTls) prepare(trust, check.tls)
    const seen: Seen = { ssl: false }
    return attempt(context, {
      details: () => ({ grpc: resultOf(seen) }),
      work: async (run) => {
        const { socket, address } = await reach(check.address, check, lookup, run)
        const connection = check.useTls ? await secured(socket, address, check, trust, run) : socket
        seen.ssl = check.useTls
        const answer = await ask(connection, check, run)
        return judge(answer, check, seen)
      },
    })
  }
}

/** The prober of `grpc:` targets. */
export const probeGrpc = createGrpcProber()

async function secured(
  socket: Socket,
  address: string,
  { tls: settings, address: { host } }: GrpcCheck,
  trust: TrustStore,
  run: Attempt,
): Promise<Socket> {
  const connection = await secure(socket, { settings, trust, host, address, protocols: ['h2'] }, run)
  if (connection.alpnProtocol === 'h2') return connection
  throw new ProbeFailure('protocol', `${address} does not offer HTTP/2, which gRPC needs (ALPN)`)
}

async function ask(socket: Socket, check: GrpcCheck, run: Attempt): Promise<CallAnswer> {
  const { evidence, clock, context, sockets } = run
  const { service, metadata, useTls } = check
  evidence.doing = 'waiting for the answer from the health service'
  context.log.add('asking the health service', { service })
  const began = clock.monotonic()
  try {
    return await call(socket, {
      scheme: useTls ? 'https' : 'http',
      authority: check.authority ?? formatAddress(check.address),
      path: healthPath,
      metadata,
      body: frame(healthRequest(service)),
      ...(context.timeoutSeconds !== undefined && { timeoutSeconds: context.timeoutSeconds }),
      signal: context.signal,
      guard: sockets.guard,
    })
  } finally {
    evidence.phases.processing = (clock.monotonic() - began) / 1000
  }
}

function judge(answer: CallAnswer, { service }: GrpcCheck, seen: Seen): Failure | undefined {
  const { status, contentType, code, message, body } = answer
  if (code === undefined) {
    seen.code = numberOf(codeOfHttpStatus(status))
    if (status !== 200) {
      return { reason: 'status', message: `expected a gRPC response, got the HTTP status ${status}` }
    }
    const type = /^application\/grpc\b/.test(contentType)
      ? 'without a status'
      : `of type ${quote(contentType)}`
    return { reason: 'protocol', message: `expected a gRPC response, got one ${type}` }
  }
  seen.code = code
  if (code !== 0) return { reason: 'status', message: explain(code, message, service) }
  const health = readHealth(body)
  if (typeof health === 'object') {
    return {
      reason: 'protocol',
      message: `expected a response from the health service, got ${health.problem}`,
    }
  }
  seen.status = health
  if (health === 'SERVING') return undefined
  return { reason: 'body', message: `expected ${nameOf(service)} to be SERVING, got ${health}` }
}

function explain(code: number, message: string, service: string): string {
  const name = grpcCodes[code] ?? `code ${code}`
  const words = message === '' ? '' : `: ${cut(oneLine(message), 200)}`
  if (name === 'UNIMPLEMENTED') return `the server has no health service (UNIMPLEMENTED)${words}`
  if (name === 'NOT_FOUND') return `the health service does not know ${nameOf(service)} (NOT_FOUND)${words}`
  return `the call ended with ${name}${words}`
}

function nameOf(service: string): string {
  return service === '' ? 'the server' : service
}

function resultOf({ ssl, code, status }: Seen): GrpcResult {
  return {
    ssl,
    ...(code !== undefined && { statusCode: code }),
    ...(status && { servingStatus: status }),
  }
}

/** The server chooses the words. */
function quote(text: string): string {
  return JSON.stringify(cut(oneLine(text), 100))
}
