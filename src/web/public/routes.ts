import { Router, type Request, type Response } from 'express'
import type { PublicPage } from '../../config/public-page.ts'
import type { Post } from '../../config/posts/post.ts'
import { html } from '../../lib/text/html.ts'
import { sendAsset, type Assets } from '../pages/assets.ts'
import { sendMarkup, themeOf } from '../pages/frame.ts'
import { pageAt, publicStatus } from '../status/public-targets.ts'
import type { StatusSource } from '../status/status.ts'
import { publicFrame } from './frame.ts'
import { languages } from './languages/index.ts'
import { publicBody, titleFor, type Around } from './page.ts'
import { publicPaths } from './paths.ts'
import { postsFor, type PagePosts } from './posts.ts'
import { sheetOf } from './sheet.ts'

export interface PublicPagesOptions {
  readonly source: StatusSource
  readonly assets: () => Assets
  /** What people have posted, the newest first. Default: nothing. */
  readonly posts?: (() => readonly Post[]) | undefined
  /** Unix time in milliseconds. */
  readonly now: () => number
}

/** Seconds: a year, the most that caches take. Names say what is in them. */
const maxAge = 31_536_000

type Answer = (page: PublicPage, request: Request, response: Response) => unknown

/**
 * The pages of `web.public`: each below its path, with all that it loads, because somebody who sees it sees nothing else of
 * the site. Where there is no page, none of these paths exists.
 */
export function publicPages({ source, assets, posts = () => [], now }: PublicPagesOptions): Router {
  const router = Router({ strict: true })
  const get = (below: string, answer: Answer): void => {
    router.get(publicPaths(below), async (request, response, next) => {
      const page = pageAt(source, request.path)
      if (!page || (await answer(page, request, response)) === false) next()
    })
  }
  get('', ({ path }, _request, response) => {
    response.redirect(`${path.slice(path.lastIndexOf('/') + 1)}/`)
  })
  get('/', async (page, request, response) => {
    const targets = await publicStatus(source, page)
    const at = new Date(now())
    const body = publicBody(page, targets, await around(page, postsFor(page, posts(), at)), at)
    const title = titleFor(page, targets)
    sendMarkup(response, publicFrame({ page, assets: assets(), theme: themeOf(request), title, body }))
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

/** The renderer of Markdown is loaded only where there are posts. */
async function around(page: PublicPage, { current, scheduled, past }: PagePosts): Promise<Around> {
  if (current.length + scheduled.length + past.length === 0) return { before: html``, after: html`` }
  const { postList } = await import('./post-list.ts')
  const language = languages[page.language]
  return {
    before: postList(undefined, current, language),
    after: html`${postList(language.posts.scheduled, scheduled, language)}${postList(language.posts.past, past, language)}`,
  }
}

function sendForever(response: Response, type: string, content: string | Buffer): void {
  response.set('Cache-Control', `public, max-age=${maxAge}, immutable`)
  response.set('Content-Type', type)
  response.send(content)
}
