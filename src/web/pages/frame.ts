import type { Request, Response } from 'express'
import { html, type Html } from '../../lib/text/html.ts'
import type { Assets } from './assets.ts'
import { sprite } from './parts/icons.ts'

/** What surrounds every page. */
export interface FrameContext {
  readonly assets: Assets
  /** From the page to the root of the site: empty or `../`. Links are relative, so that a proxy may serve it below any path. */
  readonly root: string
  /** `light`, `dark`, or `system` where nobody has chosen. */
  readonly theme: string
  /** Whether the visitor can log out. Default: not. */
  readonly loggedIn?: boolean
  /** Where metrics are. */
  readonly telemetryPath: string
  /** Whether there is a page of silences. Default: not. */
  readonly silences?: boolean
}

export interface Page {
  readonly title: string
  /** Which link of the navigation leads here. */
  readonly here?: 'overview' | 'incidents' | 'silences'
  /** Whether it leads to other pages. Default: it does. */
  readonly navigation?: boolean
  /** Loads what draws charts. */
  readonly chart?: boolean
  readonly body: Html
}

/** Nothing from elsewhere, nothing inline. The chart sets styles through the CSSOM, which this does not concern. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The order counts: a later one overrides an earlier one. */
const sheets = ['frame', 'targets', 'drawings', 'details', 'login', 'narrow']

const themes: readonly string[] = ['light', 'dark']

/** What the visitor has chosen with the button. */
export function themeOf(request: Request): string {
  const chosen = /(?:^|;\s*)probity-theme=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
  return themes.includes(chosen) ? chosen : 'system'
}

/** Sends a page with the headers that every page has. */
export function sendPage(response: Response, context: FrameContext, page: Page): void {
  sendMarkup(response, frame(context, page))
}

/** Sends a whole document, which may depend on the cookie of {@link themeOf}. */
export function sendMarkup(response: Response, document: Html): void {
  response.set('Content-Security-Policy', policy)
  if (!response.hasHeader('Cache-Control')) response.set('Cache-Control', 'no-cache')
  response.vary('Cookie')
  response.type('html').send(document.markup)
}

function frame(
  { assets, root, theme, loggedIn = false, telemetryPath, silences = false }: FrameContext,
  page: Page,
): Html {
  const { title, navigation = true, chart = false, body } = page
  const from = `${root}assets/${assets.folder}`
  return html`<!doctype html>
<html lang="en" data-theme="${theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="${from}/icon.svg" type="image/svg+xml">
${chart ? html`<link rel="stylesheet" href="${from}/uplot.css">` : ''}
${sheets.map(
  (name) => html`<link rel="stylesheet" href="${from}/${name}.css">
`,
)}
${chart ? html`<script src="${from}/uplot.js" defer></script>` : ''}
<script src="${from}/browser/page.js" type="module"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
${sprite}
<header class="bar"><div class="wrap">
${navigation ? menu(root, page.here, silences) : html`<span class="brand">${logo} Status</span><nav></nav>`}
<button type="button" data-theme-button hidden></button>
</div></header>
<p class="stale" role="status">The server does not answer: this page may be out of date.</p>
<main id="content" class="wrap" tabindex="-1" data-live>
${body}
</main>
${navigation ? foot(root, loggedIn, telemetryPath) : ''}
</body>
</html>
`
}

/** The sign of Probity. */
export const logo: Html = {
  markup:
    '<svg width="22" height="22" viewBox="0 0 24 24" aria-hidden="true"><path d="M2 13h4.2l2.6-7 4.2 13 2.6-6H22" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"/></svg>',
}

function menu(root: string, here: Page['here'], silences: boolean): Html {
  const link = (name: string, path: string, current: boolean): Html =>
    current ? html`<a href="${path}" aria-current="page">${name}</a>` : html`<a href="${path}">${name}</a>`
  const home = root === '' ? './' : root
  return html`<a class="brand" href="${home}">${logo} Probity</a>
<nav aria-label="Pages">${link('Targets', home, here === 'overview')}${link('Incidents', `${root}incidents`, here === 'incidents')}${silences ? link('Silences', `${root}silences`, here === 'silences') : ''}</nav>`
}

function foot(root: string, loggedIn: boolean, telemetryPath: string): Html {
  const logOut = loggedIn
    ? html`<form class="logout" method="post" action="${root}logout"><button type="submit">Log out</button></form>`
    : ''
  return html`<footer><div class="wrap"><span data-zone>Times are UTC.</span><a href="${root}api/v1/targets">JSON</a><a href="${root}${telemetryPath.slice(1)}">Metrics</a><a href="${root}sd">Service discovery</a>${logOut}</div></footer>`
}
