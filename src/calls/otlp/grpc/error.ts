import { numberOf, type GrpcCode } from '../../../checks/grpc/codes.ts'

/** How a call fails; its message is for the client. */
export class GrpcError extends Error {
  override name = 'GrpcError'
  /** As on the wire. */
  readonly status: number

  constructor(code: GrpcCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.status = numberOf(code)
  }
}
