import express, { Router, type Request, type Response } from 'express'
import { ProbityError } from '../../lib/errors.ts'
import { html, type Html } from '../../lib/text/html.ts'
import type { LinkedAction, LinkedActions } from '../status/silences.ts'
import type { Page } from './frame.ts'
import { moment } from './parts/times.ts'

export interface LinkPageOptions {
  readonly links: LinkedActions
  readonly send: (request: Request, response: Response, root: string, page: Page) => void
  /** Unix time in milliseconds. */
  readonly now: () => number
}

/** Bytes of a form. */
const maxFormBytes = 4096

/**
 * `/silences/link?t=TOKEN`, where the links of messages lead. `GET` shows a button, because previews of chats and scanners of mail
 * follow links; only `POST` acts.
 */
export function linkPage({ links, send, now }: LinkPageOptions): Router {
  function show(request: Request, response: Response, heading: string, body: Html): void {
    response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', 'X-Robots-Tag': 'noindex' })
    const page = html`<div class="headline"><h1>${heading}</h1></div>
${body}`
    send(request, response, '../', { title: `${heading} · Probity`, navigation: false, body: page })
  }

  async function answer(
    request: Request,
    response: Response,
    work: (token: string) => Promise<void>,
  ): Promise<void> {
    const { t } = request.query
    try {
      await work(typeof t === 'string' ? t.slice(0, 2000) : '')
    } catch (error) {
      if (!(error instanceof ProbityError)) throw error
      response.status(error.code === 'LINK_INVALID' ? 410 : 503)
      show(
        request,
        response,
        'Nothing was changed',
        html`<p class="note bad" role="alert">${error.message}</p>`,
      )
    }
  }

  return Router({ strict: true })
    .get('/silences/link', (request, response) =>
      answer(request, response, async (token) => {
        const linked = await links.look(token)
        show(request, response, linked.alert.alertname, question(linked, token, new Date(now())))
      }),
    )
    .post(
      '/silences/link',
      express.urlencoded({ extended: false, limit: maxFormBytes }),
      (request, response) =>
        answer(request, response, async (token) => {
          const body: unknown = request.body
          const by = typeof body === 'object' && body !== null && 'by' in body ? body.by : ''
          await links.act(token, typeof by === 'string' ? by : '')
          show(
            request,
            response,
            'Done',
            html`<p class="note">Nobody is notified of this alert for now. The page of the target ends that.</p>`,
          )
        }),
    )
}

function question({ words, alert }: LinkedAction, token: string, now: Date): Html {
  const { alertname, target, severity, summary, startsAt, silencedBy } = alert
  const already = silencedBy.length === 0 ? '' : html`<p class="note">It is silenced already.</p>`
  return html`<p><b>${alertname}</b> (${severity}) of ${target}, since ${moment(startsAt, now)}: ${summary}</p>
${already}
<form class="box login" data-kept method="post" action="link?t=${encodeURIComponent(token)}">
<label for="by">Your name</label>
<input id="by" name="by" maxlength="60" autocomplete="name">
<button type="submit">${words}</button>
</form>`
}
