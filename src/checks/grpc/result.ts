import { connectionFacts, type Fact } from '../fact.ts'
import type { ProbeResult } from '../result.ts'
import { grpcCodes } from './codes.ts'

/** What the health service of a gRPC server has said. */
export interface GrpcResult {
  /** Whether the call was made over TLS. */
  readonly ssl: boolean
  /** The code that the server ended the call with, or that its answer stands for; absent without an answer. */
  readonly statusCode?: number
  /** Absent where the service was not answered for. */
  readonly servingStatus?: 'UNKNOWN' | 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN'
}

declare module '../result.ts' {
  interface Findings {
    readonly grpc?: GrpcResult
  }
}

/** How the call ended, and what the health service says. */
export function grpcFacts(result: ProbeResult): Fact[] {
  const { statusCode, servingStatus } = result.grpc ?? {}
  return [
    ...connectionFacts(result),
    ...(statusCode === undefined
      ? []
      : [{ label: 'status', value: `${statusCode} ${grpcCodes[statusCode] ?? ''}`.trim() }]),
    ...(servingStatus === undefined ? [] : [{ label: 'health', value: servingStatus }]),
  ]
}
