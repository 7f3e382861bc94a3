/**
 * The wire format of calls, for both ends: pure functions between calls and the bytes of a datagram.
 *
 * @packageDocumentation
 */
export { encodeCall, type CallRecord } from './wire/encode.ts'
export { decodeDatagram, type DecodedDatagram, type DecodeOptions } from './wire/datagram.ts'
export { isAnswered, isOverLimit, outcomeOf, type Call, type Outcome } from './wire/call.ts'
export { limits } from './wire/clean.ts'
export { splitUrl, type HostAndPath } from './wire/url.ts'
export { httpStatusOfGrpc } from './wire/grpc-status.ts'
