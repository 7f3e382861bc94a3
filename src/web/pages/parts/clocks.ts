import { html, type Html } from '../../../lib/text/html.ts'
import { spanText } from '../../shared/as-text.ts'
import type { CertificateClock, CredentialClock } from '../../status/clocks.ts'
import type { TargetDetail } from '../../status/status.ts'
import { icon } from './icons.ts'
import { moment } from './times.ts'

/** What ends by itself: the certificate, and the credentials that a check uses. */
export function clocks({ certificate, credentials }: TargetDetail, now: Date): Html | '' {
  if (!certificate && credentials.length === 0) return ''
  return html`<section class="box" aria-labelledby="clocks">
<header><h2 id="clocks">What expires</h2></header>
<dl class="pairs">${certificate ? certificateRow(certificate, now) : ''}${credentials.map((credential) => credentialRow(credential, now))}</dl>
</section>`
}

function certificateRow(certificate: CertificateClock, now: Date): Html {
  const { expiresAt, minRemainingSeconds, verified, subject, issuer } = certificate
  const about = [subject, issuer === undefined ? undefined : `issued by ${issuer}`].filter(
    (part) => part !== undefined,
  )
  const trust = verified ? '' : html`<div><span class="state down">${icon('down')}not trusted</span></div>`
  return html`<dt>Certificate</dt><dd>${remaining(expiresAt, minRemainingSeconds, now)}${trust}<div class="small quiet">expected: at least ${spanText(minRemainingSeconds)}${about.length === 0 ? '' : `; ${about.join(', ')}`}</div></dd>`
}

/** A tenth of its life, or a week where it lives longer than ten: when CredentialExpiring fires. */
function credentialRow({ name, expiresAt, lifetimeSeconds }: CredentialClock, now: Date): Html {
  const week = 7 * 86_400
  const least = lifetimeSeconds === undefined ? week : Math.min(lifetimeSeconds / 10, week)
  return html`<dt>${name}</dt><dd>${remaining(expiresAt, least, now)}</dd>`
}

function remaining(expiresAt: Date, least: number, now: Date): Html {
  const seconds = (expiresAt.getTime() - now.getTime()) / 1000
  const until = html`<span class="quiet">${moment(expiresAt, now)}</span>`
  if (seconds <= 0) return html`<span class="state down">${icon('down')}expired</span> ${until}`
  const left = html`<b class="number">${spanText(seconds)} left</b> ${until}`
  return seconds < least ? html`<span class="state degraded">${icon('degraded')}soon</span> ${left}` : left
}
