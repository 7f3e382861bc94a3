import { html, type Html } from '../../../lib/text/html.ts'
import type { ShownAlert, ShownSilence } from '../../status/silences.ts'
import { moment, until } from './times.ts'

/** Where forms are, and what their visitor may do. */
export interface FormPlace {
  /** From the page to the root of the site: empty or `../`. */
  readonly root: string
  /** Where the visitor goes afterwards, from the root. */
  readonly back: string
  /** Whether the visitor may change something. */
  readonly may: boolean
  readonly now: Date
}

const lengths = ['30m', '1h', '2h', '4h', '12h', '1d', '3d', '7d']

/** A form that silences. @param subject What is silenced: a hidden field, or one that the visitor fills in. */
export function silenceForm(subject: Html, { root, back }: FormPlace): Html {
  const options = lengths.map(
    (length) => html`<option${length === '2h' ? html` selected` : ''}>${length}</option>`,
  )
  return html`<form class="acts" data-kept method="post" action="${root}silences">
<input type="hidden" name="back" value="${back}">${subject}
<select name="for" aria-label="How long">${options}</select>
<input name="comment" aria-label="Why" placeholder="Why" required maxlength="500" autocomplete="off">
<button type="submit">Silence</button>
</form>`
}

/** What is silenced, each with a button that ends it. */
export function silenceList(silences: readonly ShownSilence[], place: FormPlace): Html {
  return html`<ul class="silences">${silences.map((silence) => silenceItem(silence, place))}</ul>`
}

function silenceItem(silence: ShownSilence, place: FormPlace): Html {
  const { id, match, startsAt, endsAt, createdBy, comment, acknowledges } = silence
  const { root, back, may, now } = place
  const end = html`<form class="acts" method="post" action="${root}silences/${encodeURIComponent(id)}/end"><input type="hidden" name="back" value="${back}"><button type="submit">End</button></form>`
  const what = acknowledges
    ? html`${acknowledges.alertname} of ${acknowledges.target}, acknowledged by ${createdBy}`
    : html`<code>${match}</code>, silenced by ${createdBy}`
  return html`<li data-key="${id}"><div>${what}${comment === '' ? '' : html`: ${comment}`}<div class="small quiet">from ${moment(startsAt, now)} until ${acknowledges ? 'its end, at the latest until ' : ''}${until(startsAt, endsAt, now)}</div></div>${may ? end : ''}</li>
`
}

/** The alerts that fire, each with a button with which somebody takes care of it. */
export function alertList(alerts: readonly ShownAlert[], place: FormPlace): Html {
  return html`<ul class="silences">${alerts.map((alert) => alertItem(alert, place))}</ul>`
}

function alertItem(alert: ShownAlert, { root, back, may, now }: FormPlace): Html {
  const { alertname, target, severity, summary, startsAt, silencedBy } = alert
  const button =
    may && silencedBy.length === 0
      ? html`<form class="acts" method="post" action="${root}silences/acknowledge"><input type="hidden" name="back" value="${back}"><input type="hidden" name="target" value="${target}"><input type="hidden" name="alertname" value="${alertname}"><button type="submit">Acknowledge</button></form>`
      : ''
  return html`<li data-key="${alertname} ${target} ${startsAt.toISOString()}"><div><b>${alertname}</b> (${severity}): ${summary}<div class="small quiet">fires since ${moment(startsAt, now)}${silencedBy.length === 0 ? '' : ', silenced'}</div></div>${button}</li>
`
}
