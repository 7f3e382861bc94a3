import { createHash } from 'node:crypto'
import { Router } from 'express'
import type { Config } from '../config/config.ts'
import type { Target } from '../config/target.ts'
import { redact } from '../lib/redact.ts'
import type { ProbeResult } from '../probers/prober.ts'
import { html, type Html } from '../lib/html.ts'

export interface StatusPageOptions {
  readonly config: () => Config
  /** The last result of a target, where there is one. */
  readonly lastResult: (target: Target) => ProbeResult | undefined
  /** Unix time in milliseconds. */
  readonly now: () => number
}

const style = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color-scheme: light dark }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #8884; vertical-align: top }
td { overflow-wrap: anywhere } .state { white-space: nowrap; font-weight: 600 }
.up { color: #1a7f37 } .down { color: #cf222e } .none { color: #6e7781 }
@media (prefers-color-scheme: dark) { .up { color: #4ac26b } .down { color: #ff7b72 } .none { color: #9ea7b3 } }
`
const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`

/** `GET /`: all targets with their last result. */
export function statusPage(options: StatusPageOptions): Router {
  return Router().get('/', (_request, response) => {
    response.set(
      'Content-Security-Policy',
      `default-src 'none'; style-src ${styleHash}; frame-ancestors 'none'`,
    )
    response.type('html').send(renderPage(options))
  })
}

function renderPage({ config, lastResult, now }: StatusPageOptions): string {
  const { targets } = config()
  const count = targets.length === 1 ? '1 target' : `${targets.length} targets`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="15">
<title>Probity</title>
<style>${{ markup: style }}</style>
</head>
<body>
<h1>Probity</h1>
<p>${count} · <a href="metrics">metrics</a> · <a href="sd">service discovery</a></p>
<table>
<thead><tr><th>Target</th><th>State</th><th>Took</th><th>Checked</th><th>What was seen</th></tr></thead>
<tbody>${targets.map((target) => row(target, lastResult(target), now()))}</tbody>
</table>
</body>
</html>
`.markup
}

function row(target: Target, result: ProbeResult | undefined, now: number): Html {
  const link = `probe?debug=true&target=${encodeURIComponent(target.name)}`
  const name = html`<td><a href="${link}">${target.name}</a></td>`
  if (!result)
    return html`<tr>${name}<td class="state none">not checked yet</td><td></td><td></td><td></td></tr>`
  const { success, startedAt, durationSeconds } = result
  const state = success ? html`<td class="state up">✓ up</td>` : html`<td class="state down">✗ failing</td>`
  const age = Math.max(0, Math.round((now - startedAt.getTime()) / 1000))
  const checked = html`<td><time datetime="${startedAt.toISOString()}">${age} s ago</time></td>`
  const took = html`<td>${Math.round(durationSeconds * 1000)} ms</td>`
  return html`<tr>${name}${state}${took}${checked}<td>${seen(target, result)}</td></tr>
`
}

function seen(target: Target, { failure, http }: ProbeResult): string {
  if (failure) return redact(`${failure.reason}: ${failure.message}`, target.secrets)
  return http ? `HTTP ${http.statusCode}` : ''
}
