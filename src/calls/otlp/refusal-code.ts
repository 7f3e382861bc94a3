import { numberOf } from '../../checks/grpc/codes.ts'

/** The google.rpc.Code of a refusal, by its status of HTTP. A request that is to wait gets UNAVAILABLE instead. */
export const refusalCode: Readonly<Record<number, number>> = {
  401: numberOf('UNAUTHENTICATED'),
  403: numberOf('PERMISSION_DENIED'),
}
