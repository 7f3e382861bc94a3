import { Router, type Request, type Response } from 'express'
import { html } from '../../lib/text/html.ts'
import type { Explain } from '../status/explained.ts'
import type { StatusSource } from '../status/status.ts'
import { assetsRoute, builtAssets, type Assets } from './assets.ts'
import { callsTargetPage } from './calls-target.ts'
import { sendPage, themeOf, type FrameContext, type Page } from './frame.ts'
import { elsewherePage } from './elsewhere.ts'
import { formerTargetPage } from './former-target.ts'
import { explainedPage } from './explained.ts'
import { incidentAt, incidentPage, othersAt, parseIncidentId } from './incident.ts'
import { incidentsPage } from './incidents.ts'
import type { Post } from '../../config/posts/post.ts'
import type { SourceStatus } from '../../config/discovery/discovering.ts'
import { sourceNotes } from './parts/source-notes.ts'
import { crashNote, historyNote, keepingNotes, openNote, pendingNote, type KeptNotes } from './parts/notes.ts'
import { type Html } from '../../lib/text/html.ts'
import { nextSteps, type FirstSteps } from './parts/next-steps.ts'
import { overview } from './overview.ts'
import { publicPages } from '../public/routes.ts'
import type { Subscribing } from '../public/subscribe/subscribing.ts'
import { filterOf } from './query.ts'
import { silencePages, silencesOfTarget, type PageSilences } from './silence-routes.ts'
import { rangeOf } from './parts/chart/ranges.ts'
import { wordOf, type ShownState } from './parts/states.ts'
import { takesTime } from './parts/target-row.ts'
import { pictureRoute, type PictureOf } from './picture.ts'
import { targetPage } from './target.ts'

export interface StatusPagesOptions {
  readonly source: StatusSource
  /** What cannot be written to the disk now, and what could not be read from it. Default: nothing. */
  readonly keeping?: KeptNotes
  /** What comes of the sources of targets. Default: there are none. */
  readonly sources?: () => readonly SourceStatus[]
  /** When the last run crashed. Default: it did not. */
  readonly lastCrash?: Date | undefined
  /** Where metrics are. Default: `/metrics`. */
  readonly telemetryPath?: string | undefined
  /** Whether everybody beyond this machine may use this server, which the pages say. Default: not. */
  readonly isOpenToNetwork?: () => boolean
  /** Whether the visitor of a page is logged in and can log out. Default: nobody is. */
  readonly isLoggedIn?: (request: Request) => boolean
  /** What the page says to somebody who has just begun. Default: nothing. */
  readonly firstSteps?: () => FirstSteps
  /** The silences, and who may change them. Default: nobody knows of any. */
  readonly silences?: PageSilences | undefined
  /** What browsers showed when checks failed. Default: nothing is kept. */
  readonly pictureOf?: PictureOf
  /** Where calls arrive over UDP: `udp://127.0.0.1:51712`. Default: they do not. */
  readonly callsUrl?: string | undefined
  /** Where browsers and jobs reach this server. Default: as the visitor does. */
  readonly externalUrl?: URL | undefined
  /** Why alerts fire or do not. Default: nobody knows, as results are not stored. */
  readonly explain?: Explain | undefined
  /** What people have posted, for the public pages. Default: nothing. */
  readonly posts?: (() => readonly Post[]) | undefined
  /** Subscriptions to public pages by e-mail. Default: nobody can subscribe. */
  readonly subscribing?: Subscribing | undefined
  /** What pages load. Default: as it was built; read when the first page is asked for. */
  readonly assets?: () => Assets
  /** Unix time in milliseconds. */
  readonly now: () => number
}

/** Incidents on one page. */
const maxIncidents = 100

const ninetyDaysMs = 90 * 86_400_000

/** `GET /`, `/targets/NAME`, `/incidents`, `/incidents/ID`, `/docs/NAME`, the public pages, and what they load. */
export function statusPages(options: StatusPagesOptions): Router {
  const { source, keeping, lastCrash, assets = builtAssets(), now } = options
  const { isOpenToNetwork = () => false, isLoggedIn = () => false, telemetryPath = '/metrics' } = options
  const { firstSteps, externalUrl, sources = () => [], explain, silences, pictureOf } = options
  const notes = (history = source.history()): Html =>
    html`${historyNote(history)}${pendingNote(source.pendingSince(), new Date(now()))}${keeping ? keepingNotes(keeping) : ''}${sourceNotes(sources(), new Date(now()))}${crashNote(lastCrash)}${openNote(isOpenToNetwork())}`
  const send = (request: Request, response: Response, root: string, page: Page): void => {
    const loggedIn = isLoggedIn(request)
    const context: FrameContext = {
      assets: assets(),
      root,
      theme: themeOf(request),
      loggedIn,
      telemetryPath,
      silences: silences !== undefined,
    }
    sendPage(response, context, page)
  }

  const alertsOf = async (name: string, request: Request): Promise<Html | ''> =>
    silences ? silencesOfTarget(silences, name, request, new Date(now())) : ''

  const router = Router({ strict: true })
  if (pictureOf) router.use(pictureRoute(pictureOf))
  if (silences) router.use(silencePages({ silences, send, note: notes, now }))
  return router
    .use(assetsRoute(assets))
    .get('/', async (request, response) => {
      const targets = await source.overview()
      const calls = source.calls()
      const elsewhere = await source.elsewhere()
      const steps = firstSteps ? nextSteps(targets.length + calls.length, firstSteps()) : ''
      const filter = filterOf(request.query)
      send(request, response, '', {
        title: titleOf([...targets, ...calls, ...elsewhere]),
        here: 'overview',
        body: overview({
          targets,
          calls,
          elsewhere,
          beats: source.beats,
          unmatched: source.unmatchedCalls(),
          filter,
          steps,
          note: notes(),
          now: new Date(now()),
        }),
      })
    })
    .get('/targets/:name', async (request, response) => {
      const { name } = request.params
      const to = new Date(now())
      const target = await source.target(name)
      // What is asked next may be answered in time although this was not.
      const history = source.history()
      const range = rangeOf(request.query, target?.intervalSeconds ?? 0)
      const from = new Date(to.getTime() - range.seconds * 1000)
      const series = target && (await source.series(name, { from, to }))
      if (!target || !series) {
        const calls = await source.callsTarget(name)
        if (calls) {
          const alerts = await alertsOf(calls.name, request)
          const day = { from: new Date(to.getTime() - 86_400_000), to }
          const body = callsTargetPage({
            marks: (await source.series(calls.name, day))?.marks ?? [],
            target: calls,
            callsUrl: options.callsUrl,
            note: notes(),
            alerts,
            now: to,
          })
          send(request, response, '../', { title: `${name}: ${wordOf(calls.state)} · Probity`, body })
          return
        }
        const elsewhere = (await source.elsewhere()).find((each) => each.name === name)
        if (elsewhere) {
          const body = elsewherePage(elsewhere, notes(), to)
          send(request, response, '../', { title: `${name} is ${elsewhere.state} · Probity`, body })
          return
        }
        const former = await source.former(name)
        if (former) {
          const body = formerTargetPage(former, notes(), to)
          send(request, response, '../', { title: `${name} is no longer watched · Probity`, body })
          return
        }
        response.status(404)
        send(request, response, '../', { title: 'No such target · Probity', body: noTarget(name) })
        return
      }
      const note = history === 'unavailable' ? notes(history) : notes()
      const beats = source.beats(name)
      const heartbeatUrl =
        target.kind === 'heartbeat' ? heartbeatUrlOf(target.name, request, externalUrl) : undefined
      const picture = target.kind === 'browser' ? await pictureOf?.(target.name) : undefined
      send(request, response, '../', {
        title: `${name} is ${target.state} · Probity`,
        chart: series.points.length > 0 && takesTime(target.kind),
        body: targetPage({
          target,
          beats,
          series,
          range,
          note,
          alerts: await alertsOf(target.name, request),
          now: to,
          ...(heartbeatUrl !== undefined && { heartbeatUrl }),
          ...(picture && { pictureAt: picture.at }),
          explained: explain !== undefined && target.state !== 'paused',
        }),
      })
    })
    .get('/targets/:name/explained', async (request, response, next) => {
      const { name } = request.params
      const found = await explain?.(name)
      if (!found) {
        next()
        return
      }
      const body = explainedPage(name, found, notes())
      send(request, response, '../../', { title: `Why ${name} alerts, or does not · Probity`, body })
    })
    .get('/incidents', async (request, response) => {
      const { target } = request.query
      const name = typeof target === 'string' ? target : ''
      const incidents = await source.incidents({
        from: new Date(now() - ninetyDaysMs),
        limit: maxIncidents,
        ...(name !== '' && { target: name }),
      })
      const note = notes()
      send(request, response, '', {
        title: 'Incidents · Probity',
        here: 'incidents',
        body: incidentsPage({ incidents, limit: maxIncidents, target: name, note, now: new Date(now()) }),
      })
    })
    .get('/incidents/:id', async (request, response, next) => {
      const id = parseIncidentId(request.params.id)
      if (!id || !(await isKnown(source, id.target))) {
        next()
        return
      }
      const incident = await incidentAt(source, id)
      const others = incident ? await othersAt(source, incident) : []
      send(request, response, '../', {
        title: `Incident of ${id.target} · Probity`,
        body: incidentPage({ target: id.target, incident, others, note: notes(), now: new Date(now()) }),
      })
    })
    .get('/docs/:name', async (request, response, next) => {
      const { docsPage } = await import('./docs.ts')
      const page = docsPage(request.params.name)
      if (!page) {
        next()
        return
      }
      send(request, response, '../', { title: `${page.title} · Probity`, body: page.body })
    })
    .use(
      publicPages({
        source,
        assets,
        posts: options.posts,
        externalUrl,
        subscribing: options.subscribing,
        now,
      }),
    )
}

/** Where a job calls: below where this page is, unless another place is known to be right. */
function heartbeatUrlOf(name: string, request: Request, externalUrl: URL | undefined): string {
  const base =
    externalUrl?.href.replace(/\/$/, '') ?? `${request.protocol}://${request.get('host') ?? 'localhost'}`
  return `${base}/api/v1/heartbeat/${encodeURIComponent(name)}`
}

/** What a tab says, read from its left end. */
function titleOf(targets: readonly { readonly state: ShownState }[]): string {
  const count = (which: ShownState): number => targets.filter(({ state }) => state === which).length
  const bad = (['down', 'failing'] as const).filter((state) => count(state) > 0)
  return `${bad.length === 0 ? 'Status' : bad.map((state) => `${count(state)} ${state}`).join(', ')} · Probity`
}

/** Whether something can be said about a target of this name, or could once. */
async function isKnown(source: StatusSource, name: string): Promise<boolean> {
  const found = (await source.target(name)) ?? (await source.callsTarget(name)) ?? (await source.former(name))
  return found !== undefined
}

function noTarget(name: string): Html {
  return html`<h1>No such target</h1><p class="note">The configuration has no target named <b>${name}</b>. <a href="../">All targets</a></p>`
}
