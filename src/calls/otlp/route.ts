import { Router, type ErrorRequestHandler, type RequestHandler, type Response } from 'express'
import { messageOf } from '../../lib/errors.ts'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Refusal } from '../../tokens/running-tokens.ts'
import { refusalCode } from './refusal-code.ts'
import type { HeldBodies } from '../held-bodies.ts'
import { atMost } from '../in-flight.ts'
import { rawBody } from '../raw-body.ts'
import { decodeJson } from './decode-json.ts'
import { decodeProtobuf } from './decode-protobuf.ts'
import { exportResponse, maxRequestBytes, maxRequests, rejectedWords, type Intake } from './intake.ts'
import { bytesField, varintField } from './protobuf.ts'
import type { Decoded } from './span.ts'
import { Work } from './work.ts'

/** One of the two encodings of OTLP/HTTP. The answer has that of the request. */
interface Encoding {
  readonly decode: (request: Uint8Array, work: Work) => Decoded
  /** An ExportTraceServiceResponse; empty where every span was taken. */
  readonly response: (rejected: number) => string | Uint8Array
  /** A google.rpc.Status. */
  readonly error: (code: number, message: string) => string | Uint8Array
}

const encodings: Readonly<Record<string, Encoding>> = {
  'application/x-protobuf': {
    decode: decodeProtobuf,
    response: exportResponse,
    error: (code, message) => Buffer.concat([varintField(1, code), bytesField(2, message)]),
  },
  'application/json': {
    decode: decodeJson,
    response: (rejected) =>
      JSON.stringify(
        rejected === 0
          ? {}
          : { partialSuccess: { rejectedSpans: String(rejected), errorMessage: rejectedWords } },
      ),
    error: (code, message) => JSON.stringify({ code, message }),
  },
}

/** Where spans are received. */
export const tracesPath = '/v1/traces'

/** INVALID_ARGUMENT of google.rpc.Code. */
const invalidArgument = 3

/**
 * `POST /v1/traces`: OTLP/HTTP, so that the automatic instrumentation of any language reports calls. What a program asks of
 * others (CLIENT spans) becomes calls; all other spans are accepted and forgotten, and counted.
 * Source: https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function otlpRoute(intake: Intake, bodies: HeldBodies): Router {
  const few = atMost(maxRequests, refuse)
  return Router()
    .post(tracesPath, knownType, few, rawBody(maxRequestBytes, bodies, refuse), async (request, response) => {
      const type = mediaType(request.get('Content-Type'))
      const { decode, response: answer } = encodingOf(type) as Encoding
      const bytes: unknown = request.body
      const spans = decode(Buffer.isBuffer(bytes) ? bytes : new Uint8Array(), new Work())
      send(response, type, answer(await intake(spans)))
    })
    .use(tracesPath, invalidRequest)
}

const knownType: RequestHandler = (request, response, next) => {
  if (encodingOf(mediaType(request.get('Content-Type')))) next()
  else
    response
      .status(415)
      .type('text')
      .send(`expected ${Object.keys(encodings).join(' or ')}\n`)
}

/** Answers a request that is refused, in its own encoding. */
export function refuseSpans(
  request: IncomingMessage,
  response: ServerResponse,
  { status, words }: Pick<Refusal, 'words'> & { readonly status: number },
): void {
  const type = mediaType(request.headers['content-type'])
  const encoding = encodingOf(type)
  if (encoding) send(response, type, encoding.error(refusalCode[status] ?? unavailable, words))
  else send(response, 'text/plain; charset=utf-8', `${words}\n`)
}

/** UNAVAILABLE of google.rpc.Code. */
const unavailable = 14

function refuse(response: Response, words: string): void {
  const type = mediaType(response.req.get('Content-Type'))
  send(response, type, (encodingOf(type) as Encoding).error(unavailable, words))
}

/** Whatever is thrown here is about the bytes that were sent: no JSON, no protobuf, too large, no gzip. */
const invalidRequest: ErrorRequestHandler = (error: unknown, request, response, next) => {
  const type = mediaType(request.get('Content-Type'))
  const encoding = encodingOf(type)
  if (encoding === undefined || response.headersSent) {
    next(error)
    return
  }
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 400
  response.status(status)
  send(response, type, encoding.error(invalidArgument, messageOf(error)))
}

function send(response: ServerResponse, type: string, body: string | Uint8Array): void {
  // Without the charset that Express adds to text: the specification names the bare types.
  response.setHeader('Content-Type', type)
  response.end(body)
}

/** Nothing for what only every object has, such as `constructor`. */
function encodingOf(type: string): Encoding | undefined {
  return Object.hasOwn(encodings, type) ? encodings[type] : undefined
}

function mediaType(header = ''): string {
  return (header.split(';', 1)[0] ?? '').trim().toLowerCase()
}
