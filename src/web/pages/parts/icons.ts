import { html, type Html } from '../../../lib/text/html.ts'

/** Each state, and maintenance too, has its own shape, so that nobody has to tell colours apart. */
const shapes = {
  up: '<circle cx="10" cy="10" r="9" fill="currentColor"/><path d="m5.8 10.3 2.9 2.9 5.6-6" fill="none" stroke="var(--card)" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>',
  degraded:
    '<path d="M10 1.6a1.6 1.6 0 0 1 1.4.8l7.4 13.2a1.6 1.6 0 0 1-1.4 2.4H2.6a1.6 1.6 0 0 1-1.4-2.4L8.6 2.4a1.6 1.6 0 0 1 1.4-.8Z" fill="currentColor"/><path d="M10 7v4.6" stroke="var(--card)" stroke-width="2" stroke-linecap="round"/><circle cx="10" cy="14.8" r="1.2" fill="var(--card)"/>',
  down: '<path d="M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3Z" fill="currentColor"/><path d="m6.9 6.9 6.2 6.2m0-6.2-6.2 6.2" stroke="var(--card)" stroke-width="2" stroke-linecap="round"/>',
  pending:
    '<circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3 3.3"/><path d="M10 6v4.3l2.6 1.6" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>',
  paused:
    '<circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2"/><path d="M7.8 6.8v6.4m4.4-6.4v6.4" stroke="currentColor" stroke-width="2" stroke-linecap="round"/>',
  maintenance:
    '<path d="M17.9 5.1 15 8l-3-3 2.9-2.9a5.6 5.6 0 0 0-7.3 7.3l-5.8 5.8a2.1 2.1 0 0 0 3 3l5.8-5.8a5.6 5.6 0 0 0 7.3-7.3Z" fill="currentColor"/>',
  silenced:
    '<path d="M4 12.6V9a6 6 0 0 1 9.6-4.8M16 9v5.5H6.4M8 16.6a2.2 2.2 0 0 0 4 0M2.5 2.5l15 15" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>',
} as const
export type IconName = keyof typeof shapes

const symbols = Object.entries(shapes)
  .map(([name, shape]) => `<symbol id="icon-${name}" viewBox="0 0 20 20">${shape}</symbol>`)
  .join('')

/** Once in each page: the shapes, and the hatching of what nobody has seen. */
export const sprite: Html = {
  markup: `<svg width="0" height="0" aria-hidden="true">${symbols}<pattern id="unseen" width="4" height="4" patternUnits="userSpaceOnUse"><path d="M-1 5 5-1M-1 1 1-1M3 5 5 3" stroke="var(--none-fill)" stroke-width="1"/></pattern></svg>`,
}

/** The shape of one of them. The word stands next to it. */
export function icon(name: IconName): Html {
  const tone = name === 'pending' || name === 'paused' ? 'none' : name === 'silenced' ? 'maintenance' : name
  return html`<svg class="icon tone-${tone}" aria-hidden="true"><use href="#icon-${name}"/></svg>`
}
