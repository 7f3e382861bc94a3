import { numberOf } from '../../checks/grpc/codes.ts'

/** The google.rpc.Code of a refusal, by its status of HTTP. One that asks for patience has none of its own. */
export const refusalCode: Readonly<Record<number, number>> = {
  401: numberOf('UNAUTHENTICATED'),
  403: numberOf('PERMISSION_DENIED'),
}
