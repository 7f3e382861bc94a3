import { html, type Html } from '../../lib/text/html.ts'
import type { ShownSilence, TargetSilences } from '../status/silences.ts'
import { alertList, silenceForm, silenceList, type FormPlace } from './parts/silence-forms.ts'
import { plural } from '../../lib/text/text.ts'

export interface SilencesPageOptions {
  readonly silences: readonly ShownSilence[]
  /** What went wrong. */
  readonly message: string | undefined
  readonly note: Html | ''
  readonly place: FormPlace
}

/** All silences, and a form for a new one. */
export function silencesPage({ silences, message, note, place }: SilencesPageOptions): Html {
  const subject = html`<input name="match" aria-label="Target or matchers" placeholder="shop, or severity=&quot;warning&quot;" required maxlength="2000" autocomplete="off">`
  return html`<div class="headline"><h1>${silences.length === 0 ? 'No silence' : plural(silences.length, 'silence')}</h1></div>
${message === undefined ? '' : html`<p class="note bad" role="alert">${message}</p>`}
${note}
${silences.length === 0 ? html`<p class="note">Nothing is silenced: the channels of the routes are notified of every alert.</p>` : html`<section class="box">${silenceList(silences, place)}</section>`}
${place.may ? html`<section class="box" aria-labelledby="new"><header><h2 id="new">Silence</h2></header>${silenceForm(subject, place)}</section>` : ''}`
}

/** What fires of one target, and what is silenced of it. @param known Undefined where nobody knows. */
export function targetSilences(name: string, known: TargetSilences | undefined, place: FormPlace): Html {
  if (!known)
    return html`<p class="note" role="note">Alertmanager does not answer: what fires and what is silenced is not shown.</p>`
  const { alerts, silences } = known
  const subject = html`<input type="hidden" name="match" value="${name}">`
  if (alerts.length === 0 && silences.length === 0 && !place.may) return html``
  return html`<section class="box" aria-labelledby="alerts">
<header><h2 id="alerts">Alerts</h2></header>
${alerts.length === 0 ? html`<p class="quiet">None fires.</p>` : alertList(alerts, place)}
${silences.length === 0 ? '' : silenceList(silences, place)}
${place.may ? html`<details data-kept><summary>Silence all alerts of ${name}</summary>${silenceForm(subject, place)}</details>` : ''}
</section>`
}
