import { html, type Html } from '../../../lib/text/html.ts'
import type { TargetStatus } from '../../status/status.ts'
import { icon } from './icons.ts'
import { until } from './times.ts'

/** Next to the state, which stays what it is. */
export function silencedMark({ silenced }: Pick<TargetStatus, 'silenced'>, now: Date): Html | '' {
  if (!silenced) return ''
  const { acknowledged, by, until: end } = silenced
  const words = acknowledged ? html`acknowledged by ${by}` : html`silenced until ${until(now, end, now)}`
  return html`<span class="maintained">${icon('silenced')}<span>${words}</span></span>`
}
