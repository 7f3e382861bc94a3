import express, { Router, type Request, type Response } from 'express'
import type { PublicPage } from '../../../config/public-page.ts'
import type { Html } from '../../../lib/text/html.ts'
import type { Assets } from '../../pages/assets.ts'
import { sendMarkup, themeOf } from '../../pages/frame.ts'
import { pageAt } from '../../status/public-targets.ts'
import type { StatusSource } from '../../status/status.ts'
import { publicFrame } from '../frame.ts'
import { languages } from '../languages/index.ts'
import type { SubscribeWords } from '../languages/language.ts'
import { publicPaths } from '../paths.ts'
import { askedBody, doneBody, questionBody } from './bodies.ts'
import type { Asked, Subscribing } from './subscribing.ts'

export interface SubscribeRoutesOptions {
  readonly source: Pick<StatusSource, 'publicPages'>
  readonly assets: () => Assets
  readonly subscribing: Subscribing
}

/** Bytes of a form. */
const maxFormBytes = 4096

const statuses: Readonly<Record<Asked, number>> = {
  asked: 200,
  invalid: 400,
  'too many': 429,
  unavailable: 503,
}

/**
 * `POST subscribe` and `subscription?t=TOKEN` below each public page with `subscribe`. `GET` of a link shows a button, because
 * scanners of mails follow links; only `POST` acts, which is what programs of mails send that know RFC 8058.
 */
export function subscribeRoutes({ source, assets, subscribing }: SubscribeRoutesOptions): Router {
  const form = express.urlencoded({ extended: false, limit: maxFormBytes })

  function show(
    page: PublicPage,
    request: Request,
    response: Response,
    body: (words: SubscribeWords) => Html,
  ): void {
    const words = languages[page.language]
    response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', 'X-Robots-Tag': 'noindex' })
    const title = page.title ?? words.status
    const theme = themeOf(request)
    const content = body(words.subscribe)
    sendMarkup(response, publicFrame({ page, assets: assets(), theme, title, body: content, isLive: false }))
  }

  type Answer = (page: PublicPage, request: Request, response: Response) => Promise<void>

  const on =
    (answer: Answer) =>
    async (request: Request, response: Response, next: () => void): Promise<void> => {
      const page = pageAt(source, request.path)
      if (page?.subscribe) await answer(page, request, response)
      else next()
    }

  const link = (
    work: (page: PublicPage, token: string) => Promise<[number, (words: SubscribeWords) => Html]>,
  ) =>
    on(async (page, request, response) => {
      const { t } = request.query
      const [status, body] = await work(page, typeof t === 'string' ? t.slice(0, 1000) : '').catch(
        (): [number, (words: SubscribeWords) => Html] => [503, (words) => askedBody('unavailable', words)],
      )
      show(page, request, response.status(status), body)
    })

  return Router({ strict: true })
    .post(
      publicPaths('/subscribe'),
      form,
      on(async (page, request, response) => {
        const body: unknown = request.body
        const address = typeof body === 'object' && body !== null && 'address' in body ? body.address : ''
        const asked = await subscribing.ask(page, typeof address === 'string' ? address : '', request)
        if (asked === 'too many') response.set('Retry-After', '3600')
        show(page, request, response.status(statuses[asked]), (words) => askedBody(asked, words))
      }),
    )
    .get(
      publicPaths('/subscription'),
      link(async (page, token) => {
        const purpose = await subscribing.look(page, token)
        return purpose
          ? [200, (words) => questionBody(purpose, token, words)]
          : [410, (words) => doneBody(undefined, words)]
      }),
    )
    .post(
      publicPaths('/subscription'),
      link(async (page, token) => {
        const purpose = await subscribing.act(page, token)
        return [purpose ? 200 : 410, (words) => doneBody(purpose, words)]
      }),
    )
}
