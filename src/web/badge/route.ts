import { createHash } from 'node:crypto'
import { Router, type Request, type Response } from 'express'
import type { ApiContext } from '../api/context.ts'
import { unknownTarget } from '../api/errors.ts'
import { readQuery, text, word } from '../api/query.ts'
import { languages } from '../public/languages/index.ts'
import { publicPaths } from '../public/paths.ts'
import { pageAt, publicStatus } from '../status/public-targets.ts'
import { badgeSvg, type Badge } from './badge.ts'
import { fromLocation } from './from-location.ts'
import {
  badgeMetricNames,
  badgeMetrics,
  callsBadge,
  elsewhereBadge,
  locationBadge,
  stateBadge,
  untilThen,
} from './metrics.ts'

const metric = word('metric', 'What it shows. Default: state.', badgeMetricNames)
const location = text('location', 'As it is seen from there. Default: from where this process probes.')

/** Seconds. Images on pages of others are asked for often. */
const maxAge = 30

/** `GET /badge/NAME.svg?metric=&location=`: a target's state, availability or latency, to be shown elsewhere. */
export function badgeRoute({ source }: ApiContext): Router {
  return Router().get('/badge/:name.svg', async (request, response) => {
    const { metric: asked = 'state', location: from } = readQuery(request.query, { metric, location })
    const { name } = request.params
    const since = asked === 'state' ? undefined : source.pendingSince()
    if (from !== undefined) {
      const shown = locationBadge(await fromLocation(source, name, from), asked)
      const label = `${name} from ${from}${asked === 'state' ? '' : ` ${words[asked]}`}`
      sendBadge(request, response, { label, ...(since ? untilThen(shown, since) : shown) })
      return
    }
    const target = (await source.overview()).find((each) => each.name === name) ?? (await source.target(name))
    const label = asked === 'state' ? name : `${name} ${words[asked]}`
    if (!target) {
      const calls = await source.callsTarget(name)
      if (calls) {
        sendBadge(request, response, { label, ...callsBadge(calls, asked) })
        return
      }
      const elsewhere = (await source.elsewhere()).find((each) => each.name === name)
      if (elsewhere) {
        sendBadge(request, response, { label, ...elsewhereBadge(elsewhere, asked) })
        return
      }
      if (!(await source.former(name))) throw unknownTarget(name)
      sendBadge(request, response, { label: name, text: 'no longer watched', tone: 'none' })
      return
    }
    const shown = badgeMetrics[asked](target)
    sendBadge(request, response, { label, ...(since ? untilThen(shown, since) : shown) })
  })
}

const words = {
  availability: 'availability 30d',
  availability24h: 'availability 24h',
  availability90d: 'availability 90d',
  p50: 'p50 24h',
  p95: 'p95 24h',
} as const

/** `GET /public/badge/NAME.svg`, and the same below every page: the state of a target that it shows, in its words. */
export function publicBadgeRoute({ source }: ApiContext): Router {
  return Router().get(publicPaths('/badge/:name.svg'), async (request, response, next) => {
    const page = pageAt(source, request.path)
    if (!page) {
      next()
      return
    }
    readQuery(request.query, {})
    const name = String(request.params['name'])
    const target = (await publicStatus(source, page)).find((each) => each.name === name)
    if (!target) throw unknownTarget(name)
    const text = page.words[target.state] ?? languages[page.language].states[target.state]
    sendBadge(request, response, { label: name, ...stateBadge(target), text })
  })
}

function sendBadge(request: Request, response: Response, badge: Badge): void {
  const svg = badgeSvg(badge)
  const tag = `"${createHash('sha256').update(svg).digest('base64url').slice(0, 22)}"`
  response.set({
    'Cache-Control': `public, max-age=${maxAge}`,
    ETag: tag,
    // It is meant for pages of others.
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Content-Security-Policy': "default-src 'none'; style-src 'none'; sandbox",
  })
  if (request.fresh) response.status(304).end()
  else response.type('image/svg+xml').send(svg)
}
