import type { IncomingMessage } from 'node:http'
import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { RequestHandler, Response } from 'express'
import { messageOf } from '../lib/errors.ts'
import type { HeldBodies, HeldBody } from './held-bodies.ts'

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** What is wrong with a body, for the handlers of errors. */
class BodyError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

class TurnedAway extends Error {}

/**
 * Reads a body into `request.body`, as a Buffer: what express.raw does, except that all bodies that are read at the same time have an
 * upper limit together. Fails with 400, 413 or 415.
 *
 * @param limit Bytes after decompression.
 * @param refuse Sends the words to whom is turned away, with status 503.
 */
export function rawBody(
  limit: number,
  bodies: HeldBodies,
  refuse: (response: Response, words: string) => void,
): RequestHandler {
  return async (request, response, next) => {
    let turnAway = (): void => undefined
    const held = bodies.hold(() => {
      turnAway()
    })
    response.once('close', held.release)
    try {
      request.body = await read(request, limit, held, (fail) => {
        turnAway = fail
      })
      held.complete()
      next()
    } catch (error) {
      held.release()
      if (!(error instanceof TurnedAway)) {
        next(error)
        return
      }
      response.status(503).setHeader('Retry-After', '1')
      refuse(response, 'too much is being sent at the same time: try again')
    }
  }
}

function read(
  request: IncomingMessage,
  limit: number,
  held: HeldBody,
  onTurnAway: (fail: () => void) => void,
): Promise<Buffer> {
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity'
  const tooLarge = `the body is too large: expected at most ${limit} bytes`
  if (encoding !== 'identity' && !Object.hasOwn(decoders, encoding))
    throw new BodyError(415, `Content-Encoding: expected ${Object.keys(decoders).join(', ')} or identity`)
  if (encoding === 'identity' && Number(request.headers['content-length']) > limit)
    throw new BodyError(413, tooLarge)
  const decoder = decoders[encoding]?.()
  const source = decoder ? request.pipe(decoder) : request
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = []
    let bytes = 0
    const take = (chunk: Buffer): void => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > limit) fail(new BodyError(413, tooLarge))
      else held.add(chunk.length)
    }
    const fail = (error: Error): void => {
      chunks = []
      source.off('data', take)
      if (decoder) {
        request.unpipe(decoder)
        decoder.destroy()
      }
      // What still comes is read and forgotten, so that the client reads the answer.
      request.resume()
      reject(error)
    }
    onTurnAway(() => {
      fail(new TurnedAway())
    })
    source
      .on('data', take)
      .once('end', () => {
        resolve(Buffer.concat(chunks, bytes))
      })
      .once('error', (error) => {
        fail(new BodyError(400, messageOf(error)))
      })
    request.once('close', () => {
      if (!request.complete) fail(new BodyError(400, 'the request ended before its body'))
    })
  })
}
