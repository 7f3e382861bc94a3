import { numberOf } from '../../checks/grpc/codes.ts'
import type { Refusal } from '../../tokens/running-tokens.ts'

/** The google.rpc.Code of a refusal, by its status of HTTP. */
export const refusalCode: Readonly<Record<Refusal['status'], number>> = {
  401: numberOf('UNAUTHENTICATED'),
  403: numberOf('PERMISSION_DENIED'),
}
