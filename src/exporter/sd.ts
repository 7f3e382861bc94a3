import { Router, type Request } from 'express'
import { ProbityError } from '../lib/errors.ts'
import type { ExporterContext } from './context.ts'
import { sdAnswer, type SdAnswer } from './sd-answer.ts'

/** By so many URLs an exporter is hardly reached. */
const maxAnswers = 4

/** `GET /sd`: the configured targets, so that prometheus.yml needs no edit and no relabelling when they change. */
export function sdRoute({
  config,
  externalUrl,
  location,
  clock,
}: Pick<ExporterContext, 'config' | 'externalUrl' | 'location' | 'clock'>): Router {
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
    const answer = answerAt(externalUrl ?? asked(request))
    const isGzip = request.acceptsEncodings('gzip') === 'gzip'
    const body = await (isGzip ? answer.gzipped() : answer.plain())
    response.vary('Accept-Encoding').type('json')
    if (isGzip) response.set('Content-Encoding', 'gzip')
    response.send(body)
  })
}

/** The host and port that were asked; whatever else a Host header says must not end up in the labels. */
function asked(request: Request): URL {
  const host = request.get('host') ?? 'localhost'
  const url = `${request.protocol}://${host}`
  if (/^(\[[\da-f:.]+\]|[\w.-]+)(:\d+)?$/i.test(host) && URL.canParse(url)) return new URL(url)
  throw new ProbityError('HOST_INVALID', `Host is "${host.slice(0, 200)}": expected a host, or host:port`)
}
