import express, { Router, type Request, type Response } from 'express'
import { messageOf, ProbityError } from '../../lib/errors.ts'
import type { Html } from '../../lib/text/html.ts'
import type { LinkedActions, Silencing } from '../status/silences.ts'
import type { Page } from './frame.ts'
import { linkPage } from './link-page.ts'
import { silencesPage, targetSilences } from './silences.ts'

/** Whose silences are shown, and who may change them. */
export interface PageSilences {
  readonly silencing: Silencing
  /** The links of messages. Default: there are none. */
  readonly links?: LinkedActions | undefined
  /** Who sends a request; undefined where nobody has to say it. */
  readonly callerOf: (request: Request) => string | undefined
  /** Whether a visitor may silence. */
  readonly may: (request: Request) => boolean
}

export interface SilencePagesOptions {
  readonly silences: PageSilences
  readonly send: (request: Request, response: Response, root: string, page: Page) => void
  readonly note: () => Html
  /** Unix time in milliseconds. */
  readonly now: () => number
}

/** Bytes of a form. */
const maxFormBytes = 16_384

/** `/silences`, and what its forms and those of the pages of targets do. */
export function silencePages({ silences, send, note, now }: SilencePagesOptions): Router {
  const { silencing, links, callerOf, may } = silences
  const form = express.urlencoded({ extended: false, limit: maxFormBytes })

  async function show(request: Request, response: Response, root: string, message?: string): Promise<void> {
    const known = await silencing.list().catch(messageOf)
    const failed = typeof known === 'string'
    const place = { root, back: 'silences', may: may(request) && !failed, now: new Date(now()) }
    send(request, response, root, {
      title: 'Silences · Probity',
      here: 'silences',
      body: silencesPage({
        silences: failed ? [] : known,
        message: message ?? (failed ? known : undefined),
        note: note(),
        place,
      }),
    })
  }

  /** Does what a form asks for, and leads back to where it was. @param root From the action of the form to the root. */
  function act(root: string, work: (field: (name: string) => string, request: Request) => Promise<unknown>) {
    return async (request: Request, response: Response): Promise<void> => {
      const field = (name: string): string => textOf(request.body, name)
      try {
        await work(field, request)
      } catch (error) {
        if (!(error instanceof ProbityError)) throw error
        await show(request, response.status(400), root, error.message)
        return
      }
      response.redirect(303, `${root === '' ? './' : root}${backOf(field('back'))}`)
    }
  }

  const who = (request: Request): string => callerOf(request) ?? ''
  const router = Router({ strict: true })
  if (links) router.use(linkPage({ links, send, now }))
  return router
    .get('/silences', async (request, response) => {
      await show(request, response, '')
    })
    .post(
      '/silences',
      form,
      act('', (field, request) => {
        const wanted = { match: field('match'), for: field('for'), comment: field('comment') }
        return silencing.silence(wanted, who(request))
      }),
    )
    .post(
      '/silences/acknowledge',
      form,
      act('../', (field, request) =>
        silencing.acknowledge({ target: field('target'), alertname: field('alertname') }, who(request)),
      ),
    )
    .post(
      '/silences/:id/end',
      form,
      act('../../', (_field, request) => silencing.end(String(request.params['id']), who(request))),
    )
}

/** What the page of a target says of its alerts, with the forms that its visitor may use. */
export async function silencesOfTarget(
  { silencing, may }: PageSilences,
  name: string,
  request: Request,
  now: Date,
): Promise<Html> {
  const known = await silencing.ofTarget(name).catch(() => undefined)
  const back = `targets/${encodeURIComponent(name)}`
  return targetSilences(name, known, { root: '../', back, may: may(request), now })
}

/** A page of this site, which cannot lead to another. */
function backOf(text: string): string {
  return /^(?:silences|targets\/[\w%.~!$&'()*+,;=:@-]+)$/.test(text) ? text : 'silences'
}

function textOf(body: unknown, name: string): string {
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : ''
  return typeof value === 'string' ? value : ''
}
