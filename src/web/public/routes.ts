import { Router, type Request, type Response } from 'express'
import type { PublicPage } from '../../config/public-page.ts'
import type { Post } from '../../config/posts/post.ts'
import { html } from '../../lib/text/html.ts'
import { sendAsset, type Assets } from '../pages/assets.ts'
import { sendMarkup, themeOf } from '../pages/frame.ts'
import { pageAt, publicStatus } from '../status/public-targets.ts'
import type { StatusSource } from '../status/status.ts'
import { publicFrame } from './frame.ts'
import { feedFormats } from './feeds/formats.ts'
import { languages } from './languages/index.ts'
import { publicBody, titleFor, type Around } from './page.ts'
import { outagesFor, type Outage } from './outages.ts'
import { publicPaths } from './paths.ts'
import { postsFor, type PagePosts } from './posts.ts'
import { sheetOf } from './sheet.ts'
import { subscribeForm } from './subscribe/bodies.ts'
import { subscribeRoutes } from './subscribe/routes.ts'
import type { Subscribing } from './subscribe/subscribing.ts'

export interface PublicPagesOptions {
  readonly source: StatusSource
  readonly assets: () => Assets
  /** Where people reach this server. Default: as the visitor does. */
  readonly externalUrl?: URL | undefined
  /** What people have posted, the newest first. Default: nothing. */
  readonly posts?: (() => readonly Post[]) | undefined
  /** Subscriptions by e-mail. Default: nobody can subscribe. */
  readonly subscribing?: Subscribing | undefined
  /** Unix time in milliseconds. */
  readonly now: () => number
}

/** Seconds: a year, the most that caches take. Names say what is in them. */
const maxAge = 31_536_000

/** Seconds. Readers of feeds ask often. */
const feedMaxAge = 60

type Answer = (page: PublicPage, request: Request, response: Response) => unknown

/**
 * The pages of `web.public`: each below its path, with all that it loads, because somebody who sees it sees nothing else of
 * the site. Where there is no page, none of these paths exists.
 */
export function publicPages({
  source,
  assets,
  posts = () => [],
  externalUrl,
  subscribing,
  now,
}: PublicPagesOptions): Router {
  const router = Router({ strict: true })
  const get = (below: string, answer: Answer): void => {
    router.get(publicPaths(below), async (request, response, next) => {
      const page = pageAt(source, request.path)
      if (!page || (await answer(page, request, response)) === false) next()
    })
  }
  const said = async (page: PublicPage, at: Date): Promise<Said> => ({
    ...postsFor(page, posts(), at),
    outages: await outagesFor(page, source, at),
  })
  if (subscribing) router.use(subscribeRoutes({ source, assets, subscribing }))
  get('', ({ path }, _request, response) => {
    response.redirect(`${path.slice(path.lastIndexOf('/') + 1)}/`)
  })
  get('/', async (page, request, response) => {
    const targets = await publicStatus(source, page)
    const at = new Date(now())
    const { before, after } = await around(page, await said(page, at))
    const form = subscribing?.isOpen(page) ? subscribeForm(languages[page.language].subscribe) : html``
    const body = publicBody(page, targets, { before, after: html`${after}${form}` }, at)
    const title = titleFor(page, targets)
    sendMarkup(response, publicFrame({ page, assets: assets(), theme: themeOf(request), title, body }))
  })
  for (const { file, type, render } of feedFormats)
    get(`/${file}`, async (page, request, response) => {
      const at = new Date(now())
      const { current, scheduled, past, outages } = await said(page, at)
      const { feedOf } = await import('./feeds/entry.ts')
      const all = [...scheduled, ...current, ...past]
      const feed = feedOf(page, { posts: all, outages }, urlOf(page, request, externalUrl), at)
      response.set('Cache-Control', `public, max-age=${feedMaxAge}`)
      response.set('Content-Type', `${type}; charset=utf-8`)
      response.send(render(feed))
    })
  get('/:file', (page, { params: { file } }, response) => {
    const sheet = sheetOf(page)
    if (sheet && file === sheet.name) sendForever(response, 'text/css; charset=utf-8', sheet.css)
    else if (page.logo && file === page.logo.name) {
      // An SVG that is opened by itself runs no script, and loads nothing.
      response.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
      sendForever(response, page.logo.type, page.logo.content)
    } else return false
    return true
  })
  get('/assets/:folder/*name', (_page, { params: { folder, name } }, response) =>
    sendAsset(assets(), String(folder), [name ?? ''].flat(), response),
  )
  return router
}

/** Where a page is: on its own host, below the external URL, or where it was asked for. With a slash at its end. */
function urlOf({ host, path }: PublicPage, request: Request, externalUrl: URL | undefined): string {
  const protocol = externalUrl?.protocol ?? `${request.protocol}:`
  if (host !== undefined) return `${protocol}//${host}/`
  const base = externalUrl?.href.replace(/\/$/, '') ?? `${protocol}//${request.get('host') ?? 'localhost'}`
  return `${base}${path}/`
}

interface Said extends PagePosts {
  readonly outages: readonly Outage[]
}

/** The renderer of Markdown is loaded only where there is something to render. */
async function around(page: PublicPage, { current, scheduled, past, outages }: Said): Promise<Around> {
  if (current.length + scheduled.length + past.length + outages.length === 0)
    return { before: html``, after: html`` }
  const { outageList, postList } = await import('./post-list.ts')
  const language = languages[page.language]
  const { scheduled: ahead, past: before } = language.posts
  return {
    before: html`${postList(undefined, current, language)}${postList(ahead, scheduled, language)}`,
    after: html`${outageList(outages, language)}${postList(before, past, language)}`,
  }
}

function sendForever(response: Response, type: string, content: string | Buffer): void {
  response.set('Cache-Control', `public, max-age=${maxAge}, immutable`)
  response.set('Content-Type', type)
  response.send(content)
}
