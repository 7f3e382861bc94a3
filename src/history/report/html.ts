import { html, type Html } from '../../lib/text/html.ts'
import { oneLine } from '../../lib/text/text.ts'
import type { Report, VendorReport } from './reported.ts'
import {
  footnote,
  nothing,
  sections,
  summary,
  title,
  unfinished,
  vendorName,
  type Section,
} from './as-text.ts'

/** One page on its own, without anything from elsewhere: to be sent, or printed. */
export function reportHtml(report: Report): string {
  const notes = [unfinished(report) ?? [], nothing(report)].flat()
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title(report)}</title>
<style>
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1a1a1a }
table { border-collapse: collapse; margin: 0 0 1.5rem; font-variant-numeric: tabular-nums }
th, td { border-bottom: 1px solid #ccc; padding: 0.25rem 0.9rem 0.25rem 0; text-align: left; vertical-align: top; overflow-wrap: anywhere }
</style>
</head>
<body>
<h1>${title(report)}</h1>
${notes.map((note) => html`<p>${note}</p>\n`)}${report.vendors.map(vendorSection)}
<p>${footnote}</p>
</body>
</html>
`.markup
}

function vendorSection(report: VendorReport): Html {
  return html`<section>
<h2>${oneLine(vendorName(report))}</h2>
<table>
${summary(report).map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${oneLine(value)}</td></tr>\n`)}</table>
${sections(report).map(
  (section) => html`${table(section)}
`,
)}</section>
`
}

function table({ heading, columns, rows }: Section): Html {
  if (rows.length === 0) return html`<h3>${heading}</h3><p>None.</p>`
  return html`<h3>${heading}</h3>
<table>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${oneLine(cell)}</td>`)}</tr>\n`)}</tbody>
</table>`
}
