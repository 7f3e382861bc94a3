import { html, type Html } from '../../../lib/text/html.ts'

/** What is known of the beginnings of an installation. */
export interface FirstSteps {
  /** As the configuration is named on the command line. */
  readonly configFile: string
  /** Who is notified of alerts, besides the log. Absent where another program decides it. */
  readonly notified?: readonly string[] | undefined
}

/** Up to this many targets, somebody has only begun. */
const few = 2

/** Says what to do next while there is something: list what is watched, and say who is notified. */
export function nextSteps(count: number, { configFile, notified }: FirstSteps): Html | '' {
  const steps = [
    ...(count <= few
      ? [
          html`<b>Add what you depend on</b> to <code>${configFile}</code>, one line each: <code>- https://example.com</code>. It appears here without a restart.`,
        ]
      : []),
    ...(notified?.length === 0
      ? [
          html`<b>Say who is notified</b>: nobody is yet. Set <code>SLACK_WEBHOOK_URL</code> in <code>.env</code> and start again, or add a channel to <code>notify.yml</code>; then try it with <code>probity notify test</code>.`,
        ]
      : []),
  ]
  if (steps.length === 0) return ''
  return html`<section class="box" aria-labelledby="next"><header><h2 id="next">What to do next</h2></header>
<ol class="steps">${steps.map((step) => html`<li>${step}</li>`)}</ol></section>`
}
