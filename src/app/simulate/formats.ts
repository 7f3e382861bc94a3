import { html, type Html } from '../../lib/text/html.ts'
import { footnote, introduction, sections, type Section } from './sections.ts'
import type { Played, Simulation } from './simulate.ts'
import { timeline, type Cell } from './timeline.ts'

/** As many steps as fit a terminal next to the names. */
const steps = 60

const signs: Readonly<Record<Cell, string>> = { nothing: '·', other: '▒', down: '█' }
const legend = `${signs.down} TargetDown  ${signs.other} another alert  ${signs.nothing} nothing`

function asText(result: Simulation): string {
  const parts = [
    introduction(result).join('\n'),
    ...sections(result).map(textOf),
    ...result.played.flatMap((played) => drawn(played, result)),
    footnote,
  ]
  return `${parts.join('\n\n')}\n`
}

/** A table for a terminal. */
export function textOf({ heading, columns, rows }: Section): string {
  const all = columns.length > 0 && rows.length > 0 ? [columns, ...rows] : rows
  const widths = (all[0] ?? []).map((_cell, column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  )
  const lines = all.map(
    (row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`,
  )
  return [heading, ...lines.map((line) => line.trimEnd())].join('\n')
}

function drawn({ name, told }: Played, { from, to }: Simulation): string[] {
  const rows = timeline(told, { from, to, steps })
  if (rows.length === 0) return []
  const width = Math.max(...rows.map(({ target }) => target.length))
  const lines = rows.map(
    ({ target, cells }) => `  ${target.padEnd(width)}  ${cells.map((cell) => signs[cell]).join('')}`,
  )
  return [[`${name}: when (${legend})`, ...lines].join('\n')]
}

/** One page on its own, without anything from elsewhere. */
function asHtml(result: Simulation): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Simulated alerts</title>
<style>
:root { color-scheme: light dark }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
table { border-collapse: collapse; margin: 0 0 1.5rem; font-variant-numeric: tabular-nums }
th, td { border-bottom: 1px solid #8888; padding: 0.25rem 0.9rem 0.25rem 0; text-align: left; overflow-wrap: anywhere }
svg { display: block; width: 30rem; max-width: 100%; height: 1rem }
.nothing { fill: #8883 } .other { fill: #d97706 } .down { fill: #dc2626 }
</style>
</head>
<body>
<h1>Simulated alerts</h1>
${introduction(result).map((line) => html`<p>${line}</p>\n`)}${sections(result).map(table)}${result.played.map((played) => chart(played, result))}<p>${footnote}</p>
</body>
</html>
`.markup
}

function table({ heading, columns, rows }: Section): Html {
  const head =
    columns.length > 0 && rows.length > 0
      ? html`<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>\n`
      : html``
  return html`<h2>${heading}</h2>
<table>
${head}<tbody>
${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody>
</table>
`
}

function chart({ name, told }: Played, { from, to }: Simulation): Html {
  const rows = timeline(told, { from, to, steps })
  if (rows.length === 0) return html``
  return html`<h2>${name}: when</h2>
<p>Red: TargetDown. Orange: another alert.</p>
<table>
${rows.map(
  ({ target, cells }) => html`<tr><th scope="row">${target}</th><td>${bar(cells)}</td></tr>
`,
)}</table>
`
}

function bar(cells: readonly Cell[]): Html {
  const parts = cells.map((cell, index) => html`<rect x="${index}" width="0.9" height="1" class="${cell}"/>`)
  return html`<svg viewBox="0 0 ${cells.length} 1" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>`
}

/** The names of the formats, in the order of the help. */
export const simulationFormats = ['text', 'json', 'html'] as const

export const writeSimulation: Readonly<
  Record<(typeof simulationFormats)[number], (result: Simulation) => string>
> = {
  text: asText,
  json: (result) => `${JSON.stringify(result, null, 2)}\n`,
  html: asHtml,
}
