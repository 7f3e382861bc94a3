/**
 * The statuses of gRPC in the order of their numbers, each with the HTTP status that stands for it.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
 */
const statuses = [
  ['OK', 200],
  ['CANCELLED', 499],
  ['UNKNOWN', 500],
  ['INVALID_ARGUMENT', 400],
  ['DEADLINE_EXCEEDED', 504],
  ['NOT_FOUND', 404],
  ['ALREADY_EXISTS', 409],
  ['PERMISSION_DENIED', 403],
  ['RESOURCE_EXHAUSTED', 429],
  ['FAILED_PRECONDITION', 400],
  ['ABORTED', 409],
  ['OUT_OF_RANGE', 400],
  ['UNIMPLEMENTED', 501],
  ['INTERNAL', 500],
  ['UNAVAILABLE', 503],
  ['DATA_LOSS', 500],
  ['UNAUTHENTICATED', 401],
] as const

/**
 * The HTTP status that stands for a status of gRPC.
 *
 * @param status Its number, or its name.
 * @returns Undefined for what is not a status of gRPC.
 */
export function httpStatusOfGrpc(status: unknown): number | undefined {
  const index = statuses.findIndex(
    ([name], code) => status === code || status === String(code) || status === name,
  )
  return statuses[index]?.[1]
}
