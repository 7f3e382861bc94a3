import express, { Router, type ErrorRequestHandler, type Response } from 'express'
import { encodeCall } from 'probity-client/wire'
import { messageOf } from '../../lib/errors.ts'
import type { Collector } from '../collector.ts'
import { decodeJson } from './decode-json.ts'
import { decodeProtobuf } from './decode-protobuf.ts'
import { bytesField, varintField } from './protobuf.ts'
import type { ResourceSpans } from './span.ts'
import { recordsOf } from './to-record.ts'

/** One of the two encodings of OTLP/HTTP. The answer has that of the request. */
interface Encoding {
  readonly decode: (request: Uint8Array) => ResourceSpans[]
  /** An ExportTraceServiceResponse; empty where every span was taken. */
  readonly response: (rejected: number, message: string) => string | Uint8Array
  /** A google.rpc.Status. */
  readonly error: (code: number, message: string) => string | Uint8Array
}

const encodings: Readonly<Record<string, Encoding>> = {
  'application/x-protobuf': {
    decode: decodeProtobuf,
    response: (rejected, message) =>
      rejected === 0
        ? new Uint8Array()
        : bytesField(1, Buffer.concat([varintField(1, rejected), bytesField(2, message)])),
    error: (code, message) => Buffer.concat([varintField(1, code), bytesField(2, message)]),
  },
  'application/json': {
    decode: decodeJson,
    response: (rejected, message) =>
      JSON.stringify(
        rejected === 0 ? {} : { partialSuccess: { rejectedSpans: String(rejected), errorMessage: message } },
      ),
    error: (code, message) => JSON.stringify({ code, message }),
  },
}

/** Bytes of a request, after decompression: about ten thousand spans. */
const maxBody = '8mb'

/** INVALID_ARGUMENT of google.rpc.Code. */
const invalidArgument = 3

/**
 * `POST /v1/traces`: OTLP/HTTP, so that the automatic instrumentation of any language reports calls. HTTP requests that a
 * program makes (CLIENT spans) become calls; all other spans are accepted and forgotten.
 * Source: https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function otlpRoute(collector: Collector): Router {
  const body = express.raw({ type: () => true, limit: maxBody })
  return Router()
    .post('/v1/traces', body, (request, response) => {
      const type = mediaType(request.get('Content-Type'))
      const encoding = encodings[type]
      if (encoding === undefined) {
        const known = Object.keys(encodings).join(' or ')
        response.status(415).type('text').send(`expected ${known}\n`)
        return
      }
      const bytes: unknown = request.body
      const records = encoding.decode(Buffer.isBuffer(bytes) ? bytes : new Uint8Array()).flatMap(recordsOf)
      const lines = records.map(encodeCall).join('')
      const { calls } = collector.receive('otlp', Buffer.from(lines))
      const message = 'HTTP client spans need a host and a duration from 0 to 86400 s'
      send(response, type, encoding.response(records.length - calls.length, message))
    })
    .use('/v1/traces', invalidRequest)
}

/** Whatever is thrown here is about the bytes that were sent: no JSON, no protobuf, too large, no gzip. */
const invalidRequest: ErrorRequestHandler = (error: unknown, request, response, next) => {
  const type = mediaType(request.get('Content-Type'))
  const encoding = encodings[type]
  if (encoding === undefined || response.headersSent) {
    next(error)
    return
  }
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 400
  response.status(status)
  send(response, type, encoding.error(invalidArgument, messageOf(error)))
}

function send(response: Response, type: string, body: string | Uint8Array): void {
  // Without the charset that Express adds to text: the specification names the bare types.
  response.setHeader('Content-Type', type)
  response.end(body)
}

function mediaType(header = ''): string {
  return (header.split(';', 1)[0] ?? '').trim().toLowerCase()
}
