import type { PublicPage } from '../../config/public-page.ts'
import { html, type Html } from '../../lib/text/html.ts'
import type { Assets } from '../pages/assets.ts'
import { logo } from '../pages/frame.ts'
import { sprite } from '../pages/parts/icons.ts'
import { feedFormats } from './feeds/formats.ts'
import { languages } from './languages/index.ts'
import { sheetOf } from './sheet.ts'

export interface PublicFrame {
  readonly page: PublicPage
  readonly assets: Assets
  /** `light`, `dark` or `system`. */
  readonly theme: string
  /** Of the tab. */
  readonly title: string
  readonly body: Html
  /** Whether the scripts keep the body up to date. Default: they do. */
  readonly isLive?: boolean
}

/** The order counts: a later one overrides an earlier one. */
const sheets = ['frame', 'targets', 'drawings', 'public', 'narrow']

/** The document around a public page. All that it loads is below its own path: it leads nowhere else. */
export function publicFrame({ page, assets, theme, title, body, isLive = true }: PublicFrame): Html {
  const words = languages[page.language]
  const from = `assets/${assets.folder}`
  const sheet = sheetOf(page)
  const { label, system, light, dark } = words.theme
  return html`<!doctype html>
<html lang="${words.code}" data-locale="${words.locale}" dir="${words.direction}" data-theme="${theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${page.logo ? html`<link rel="icon" href="${page.logo.name}" type="${page.logo.type}">` : html`<link rel="icon" href="${from}/icon.svg" type="image/svg+xml">`}
${sheets.map(
  (name) => html`<link rel="stylesheet" href="${from}/${name}.css">
`,
)}
${sheet ? html`<link rel="stylesheet" href="${sheet.name}">` : ''}
${feedFormats.map(
  ({ file, name, type }) => html`<link rel="alternate" type="${type}" title="${name}" href="${file}">
`,
)}
<script src="${from}/browser/public.js" type="module"></script>
</head>
<body>
<a class="skip" href="#content">${words.skip}</a>
${sprite}
<header class="bar"><div class="wrap">
<span class="brand">${page.logo ? html`<img src="${page.logo.name}" alt="">` : logo} ${page.title ?? words.status}</span>
<button type="button" data-theme-button data-label="${label}" data-system="${system}" data-light="${light}" data-dark="${dark}" hidden></button>
</div></header>
<p class="stale" role="status">${words.stale}</p>
<main id="content" class="wrap" tabindex="-1"${isLive ? html` data-live` : ''}>
${body}
</main>
<footer><div class="wrap"><span>${words.posts.feeds}</span>${feedFormats.map(({ file, name }) => html`<a href="${file}">${name}</a>`)}</div></footer>
</body>
</html>
`
}
