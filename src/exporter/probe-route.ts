import { IncomingMessage, ServerResponse, type OutgoingHttpHeaders, type RequestListener } from 'node:http'
import { Socket } from 'node:net'
import { Router, type Request, type RequestHandler, type Response } from 'express'
import type { ExporterContext } from './context.ts'
import { errorAnswer } from './errors.ts'
import { answerProbe } from './probe.ts'

/** `/probe` in every form that Express understands, such as a path in capitals, or the method HEAD. */
export function probeRoute(context: ExporterContext): Router {
  return Router().get('/probe', async (request, response) => {
    const { headers, body } = await answerProbe(request, context)
    response.set(headers).send(body)
  })
}

/**
 * Answers `GET /probe?...` itself and leaves everything else to the others: what is asked for thousands of times a minute has no
 * need for what they all have in common, which costs as much as the probe.
 *
 * @param common Gives every answer the headers that it has to have.
 * @param others Answers everything else.
 */
export function probesFirst(
  context: ExporterContext,
  common: RequestHandler,
  others: RequestListener,
): RequestListener {
  const headers = headersOf(common)
  return (request, response) => {
    const { method, url = '' } = request
    if (method === 'GET' && url.startsWith('/probe?')) void answer(request, response, context, headers)
    else others(request, response)
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  context: ExporterContext,
  headers: OutgoingHttpHeaders,
): Promise<void> {
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) response.setHeader(name, value)
  if (context.access.refused(request, response)) return
  try {
    const { headers, body } = await answerProbe(request, context)
    end(response, 200, headers, body)
  } catch (error) {
    const { status, text } = errorAnswer(error, context.log)
    end(response, status, { 'Content-Type': 'text/plain; charset=utf-8' }, text)
  }
}

function end(
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: string | Buffer,
): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) }).end(body)
}

/** What a handler that only sets headers sets, read off an answer that nobody gets. */
function headersOf(handler: RequestHandler): OutgoingHttpHeaders {
  const request = new IncomingMessage(new Socket())
  const response = new ServerResponse(request)
  handler(request as Request, response as Response, () => undefined)
  return response.getHeaders()
}
