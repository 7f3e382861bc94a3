import { html, type Html } from '../../../lib/text/html.ts'
import type { TargetState } from '../../status/status.ts'
import { icon } from './icons.ts'
import type { ShownState } from './states.ts'

/** The one sentence that somebody comes for. */
export function headline(listed: readonly { readonly state: ShownState }[]): Html {
  const { state, sentence } = headlineOf(listed)
  return html`<div class="headline">${icon(state)}<h1>${sentence}</h1></div>`
}

/** Targets that are paused are not part of it, but where something is to be said anyway. */
export function headlineOf(listed: readonly { readonly state: ShownState }[]): Headed {
  const targets = listed.filter(({ state }) => state !== 'paused')
  const all = targets.length
  const paused = listed.length - all
  const count = (...states: readonly ShownState[]): number =>
    targets.filter(({ state }) => states.includes(state)).length
  const [down, failing, slow] = [count('down'), count('failing'), count('degraded', 'slow')]
  if (down > 0)
    return headed(
      'down',
      `${down} of ${all} ${are(down)} down${failing > 0 ? `, ${failing} ${are(failing)} failing` : ''}`,
    )
  if (failing > 0) return headed('down', `${failing} of ${all} ${are(failing)} failing`)
  if (slow > 0) return headed('degraded', `${slow} of ${all} ${are(slow)} slower than expected`)
  const missing = count('silent')
  if (missing > 0) return headed('degraded', `${missing} of ${all} ${are(missing)} not called any more`)
  const [up, pending, silent] = [count('up'), count('pending'), count('quiet', 'unseen')]
  if (all === 0 && paused > 0) return headed('paused', 'All targets are paused')
  if (up === 0) return headed('pending', waiting(pending, silent))
  if (up < all || paused > 0)
    return headed(
      'up',
      [
        `${up} up`,
        pending > 0 && `${pending} pending`,
        silent > 0 && `${silent} without calls`,
        paused > 0 && `${paused} paused`,
      ]
        .filter(Boolean)
        .join(', '),
    )
  return headed('up', all === 1 ? 'The one target is up' : `All ${all} targets are up`)
}

function waiting(pending: number, silent: number): string {
  if (silent === 0) return 'Waiting for checks'
  return pending === 0 ? 'Waiting for calls' : 'Waiting for checks and calls'
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are'
}

function headed(state: TargetState, sentence: string): Headed {
  return { state, sentence }
}

interface Headed {
  readonly state: TargetState
  readonly sentence: string
}
