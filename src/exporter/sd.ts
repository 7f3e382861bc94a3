import { Router, type Request } from 'express'
import { acceptsGzip } from '../lib/http/accept.ts'
import type { ExporterContext } from './context.ts'
import { sdAnswer, type SdAnswer } from './sd-answer.ts'

/** By so many URLs an exporter is hardly reached. */
const maxAnswers = 4

/** `GET /sd`: the configured targets, so that prometheus.yml needs no edit and no relabelling when they change. */
export function sdRoute({
  config,
  externalUrl,
  routePrefix,
  location,
  clock,
}: Pick<ExporterContext, 'config' | 'externalUrl' | 'routePrefix' | 'location' | 'clock'>): Router {
  const answers = new Map<string, SdAnswer>()
  let answersFor: unknown

  function answerAt(base: URL): SdAnswer {
    const current = config()
    if (answersFor !== current || answers.size > maxAnswers) answers.clear()
    answersFor = current
    const found = answers.get(base.href) ?? sdAnswer(current, base, location, clock.monotonic)
    answers.set(base.href, found)
    return found
  }

  return Router().get('/sd', async (request, response) => {
    const answer = answerAt(externalUrl ?? asked(request, routePrefix))
    const isGzip = acceptsGzip(request.get('Accept-Encoding'))
    const body = await (isGzip ? answer.gzipped() : answer.plain())
    response.vary('Accept-Encoding').type('json')
    if (isGzip) response.set('Content-Encoding', 'gzip')
    response.send(body)
  })
}

/** The host and port that were asked: whatever else a Host header says was refused before. */
function asked(request: Request, prefix: string): URL {
  return new URL(`${request.protocol}://${request.get('host') ?? 'localhost'}${prefix}`)
}
