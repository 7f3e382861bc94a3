import type { PageGroup, PublicPage } from '../../config/public-page.ts'
import { html, type Html } from '../../lib/text/html.ts'
import { dayBars, dayLegend } from '../pages/parts/days/day-bars.ts'
import { icon } from '../pages/parts/icons.ts'
import { states } from '../pages/parts/states.ts'
import type { PublicTarget } from '../status/public-targets.ts'
import { languages } from './languages/index.ts'
import type { Headline, Language } from './languages/language.ts'

/** What a public page calls a bad day: what was promised to whom is not for everybody. */
const publicObjective = 0.99

/** From this many targets on days say nothing each: the page stays small. */
const titlesUpTo = 30

/** What stands on a page in addition to its targets: what goes on before them, and what is to come and what was after them. */
export interface Around {
  readonly before: Html
  readonly after: Html
}

/** Names, states and days, what people have posted, and nothing else. */
export function publicBody(
  page: PublicPage,
  targets: readonly PublicTarget[],
  { before, after }: Around,
  now: Date,
): Html {
  const language = languages[page.language]
  const { state, sentence } = headlineFor(page, targets, language)
  const hasDays = targets.some(({ days }) => days.length > 0)
  return html`<div class="headline">${icon(state)}<h1>${sentence}</h1></div>
${before}
${page.groups.map((group) => groupOf(group, page, targets, now))}
${hasDays ? html`<div class="more">${dayLegend(language.days)}</div>` : ''}
${after}`
}

/** What a tab says, read from its beginning. */
export function titleFor(page: PublicPage, targets: readonly PublicTarget[]): string {
  const language = languages[page.language]
  const title = page.title ?? `${language.status} · Probity`
  const { state, sentence } = headlineFor(page, targets, language)
  return state === 'down' ? `${sentence} · ${title}` : title
}

function headlineFor({ words }: PublicPage, targets: readonly PublicTarget[], language: Language): Headline {
  const { state, sentence } = language.headline(targets)
  const isAll = targets.every((target) => target.state === state)
  const own =
    state === 'down'
      ? words.some_down
      : state === 'degraded'
        ? words.some_degraded
        : state === 'up' && isAll
          ? words.all_up
          : undefined
  return { state, sentence: own ?? sentence }
}

function groupOf(
  { name, targets: names }: PageGroup,
  page: PublicPage,
  targets: readonly PublicTarget[],
  now: Date,
): Html {
  const language = languages[page.language]
  const chosen = new Set(names)
  const shown = targets
    .filter((target) => chosen.has(target.name))
    .toSorted((a, b) => states.indexOf(a.state) - states.indexOf(b.state))
  const titles = targets.length <= titlesUpTo ? 'failures' : false
  const heading = name === undefined ? 'h2' : 'h3'
  const rows = shown.map(
    (target) => html`<li class="public" data-key="${target.name}">
<div class="headline"><${{ markup: heading }} dir="auto">${target.name}</${{ markup: heading }}><span class="state ${target.state}">${icon(target.state)}${page.words[target.state] ?? language.states[target.state]}</span></div>
${target.days.length === 0 ? '' : dayBars(target.days, { slo: publicObjective, now, titles, words: language.days })}
</li>
`,
  )
  if (name === undefined) return html`<ul class="cards group">${rows}</ul>`
  return html`<section class="group"><h2>${name}</h2><ul class="cards">${rows}</ul></section>`
}
