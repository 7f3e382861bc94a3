import { html, type Html } from '../../lib/text/html.ts'
import { spanText } from '../shared/as-text.ts'
import type { VendorAdmission, VendorSaid } from '../status/vendor.ts'
import { ago } from './parts/times.ts'

/** `Vendor acme says: partial outage (Elevated error rates), read 20 s ago`, on the page of a target. */
export function vendorSays({ name, state, title, readAt }: VendorSaid, now: Date): Html {
  const said = state === 'unknown' ? 'nothing that could be read' : state.replaceAll('_', ' ')
  const tone = state === 'operational' || state === 'unknown' ? 'quiet' : 'tone-degraded'
  return html`<p class="small">Vendor ${name} says: <b class="${tone}">${said}</b>${title === undefined ? '' : html` (${title})`}${readAt ? html` <span class="quiet">read ${ago(readAt, now)}</span>` : ''}</p>`
}

/** The same in the list of targets, where something is wrong: with the target, or as the vendor says. */
export function vendorLine(vendor: VendorSaid | undefined, isWrong: boolean): Html | '' {
  if (!vendor || vendor.state === 'unknown' || (!isWrong && vendor.state === 'operational')) return ''
  const tone = vendor.state === 'operational' ? 'quiet' : 'tone-degraded'
  return html`<div class="small ${tone}">vendor says: ${vendor.state.replaceAll('_', ' ')}</div>`
}

/** `34m after it began`, in an incident. */
export function admissionText({ afterSeconds }: VendorAdmission): string {
  if (afterSeconds === undefined) return 'did not say so'
  return afterSeconds === 0 ? 'had said so before' : `said so ${spanText(afterSeconds)} after it began`
}
