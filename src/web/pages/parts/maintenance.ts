import { html, type Html } from '../../../lib/text/html.ts'
import type { TargetStatus } from '../../status/status.ts'
import { icon } from './icons.ts'
import { until } from './times.ts'

/** Next to the state, which stays what it is. */
export function maintenanceMark({ maintenanceUntil: end }: TargetStatus, now: Date): Html | '' {
  return end === undefined
    ? ''
    : html`<span class="maintained">${icon('maintenance')}<span>maintenance until ${until(now, end, now)}</span></span>`
}

/** On an incident. */
export const beganInMaintenance: Html = html`<span class="maintained">${icon('maintenance')}began in maintenance</span>`
