import { html, type Html } from '../../../lib/text/html.ts'
import type { TargetState } from '../../status/status.ts'
import { icon } from './icons.ts'

/** The one sentence that somebody comes for. */
export function headline(targets: readonly { readonly state: TargetState }[]): Html {
  const all = targets.length
  const count = (state: TargetState): number => targets.filter((target) => target.state === state).length
  const [down, degraded, up] = [count('down'), count('degraded'), count('up')]
  if (down > 0) return headed('down', `${down} of ${all} ${are(down)} down`)
  if (degraded > 0) return headed('degraded', `${degraded} of ${all} ${are(degraded)} slower than expected`)
  if (up === 0) return headed('pending', 'Waiting for checks')
  if (up < all) return headed('up', `${up} up, ${all - up} pending`)
  return headed('up', all === 1 ? 'The one target is up' : `All ${all} targets are up`)
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are'
}

function headed(state: TargetState, sentence: string): Html {
  return html`<div class="headline">${icon(state)}<h1>${sentence}</h1></div>`
}
