import { bearerOf } from '../../../lib/http/bearer.ts'
import { createShares } from '../../../lib/http/shares.ts'
import { messageOf } from '../../../lib/errors.ts'
import { scopeOfGrpc } from '../../../tokens/route-scopes.ts'
import type { RunningTokens } from '../../../tokens/running-tokens.ts'
import { tooManyWords } from '../../in-flight.ts'
import { decodeProtobuf } from '../decode-protobuf.ts'
import { exportResponse, maxRequestBytes, maxRequests, type Intake } from '../intake.ts'
import { ProtobufError } from '../protobuf.ts'
import { TooMuchWork, Work } from '../work.ts'
import type { HeldBodies } from '../../held-bodies.ts'
import type { GrpcCall, Handler } from './answer.ts'
import { GrpcError } from './error.ts'

/** The one method that is served. Source: https://opentelemetry.io/docs/specs/otlp/#otlpgrpc */
const exportPath = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'

/** OTLP/gRPC: what `POST /v1/traces` is over HTTP, with the same limits. */
export function tracesHandler(
  intake: Intake,
  tokens: Pick<RunningTokens, 'refusal'>,
  bodies: HeldBodies,
): Handler {
  const shares = createShares(maxRequests)
  return async (call) => {
    const { path, address } = call
    if (path !== exportPath) throw new GrpcError('UNIMPLEMENTED', `only ${exportPath} is served here`)
    admit(call, tokens)
    const giveBack = shares(address)
    if (!giveBack) throw new GrpcError('UNAVAILABLE', tooManyWords(maxRequests))
    const turnedAway = new AbortController()
    const held = bodies.hold(() => {
      turnedAway.abort()
    })
    try {
      const message = await call.message({ maxBytes: maxRequestBytes, held, turnedAway: turnedAway.signal })
      return exportResponse(await intake(decodeProtobuf(message, new Work())))
    } catch (error) {
      if (error instanceof ProtobufError) throw new GrpcError('INVALID_ARGUMENT', messageOf(error))
      if (error instanceof TooMuchWork) throw new GrpcError('RESOURCE_EXHAUSTED', messageOf(error))
      throw error
    } finally {
      held.release()
      giveBack()
    }
  }
}

function admit({ path, headers }: GrpcCall, tokens: Pick<RunningTokens, 'refusal'>): void {
  const scope = scopeOfGrpc(path)
  const refusal = scope && tokens.refusal(scope, bearerOf(headers.authorization))
  if (!refusal) return
  throw new GrpcError(refusal.status === 401 ? 'UNAUTHENTICATED' : 'PERMISSION_DENIED', refusal.words)
}
