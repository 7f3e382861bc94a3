import { html } from '../../lib/text/html.ts'
import type { TargetState } from '../status/status.ts'

export interface Badge {
  readonly label: string
  readonly text: string
  readonly tone: TargetState | 'none'
}

/** White on each of these has a contrast of 4.5 at least. */
const fills: Readonly<Record<Badge['tone'], string>> = {
  up: '#1a7f37',
  degraded: '#9a6700',
  down: '#cf222e',
  pending: '#59636e',
  paused: '#59636e',
  none: '#59636e',
}

const height = 20
const padding = 6
const maxLabel = 60

/** A badge as SVG: a name on grey, and what is said of it on the colour that says so too. */
export function badgeSvg({ label, text, tone }: Badge): string {
  const shown =
    Array.from(label).length > maxLabel
      ? `${Array.from(label)
          .slice(0, maxLabel - 1)
          .join('')}…`
      : label
  const [left, right] = [widthOf(shown), widthOf(text)]
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${height}" role="img" aria-label="${label}: ${text}"><title>${label}: ${text}</title><clipPath id="r"><rect width="${left + right}" height="${height}" rx="3"/></clipPath><g clip-path="url(#r)"><rect width="${left}" height="${height}" fill="#3d444d"/><rect x="${left}" width="${right}" height="${height}" fill="${fills[tone]}"/></g><g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11"><text x="${left / 2}" y="14" textLength="${left - 2 * padding}" lengthAdjust="spacingAndGlyphs">${shown}</text><text x="${left + right / 2}" y="14" textLength="${right - 2 * padding}" lengthAdjust="spacingAndGlyphs">${text}</text></g></svg>
`.markup
}

/** Units of the drawing. Fonts differ: the text is stretched to what is said here. */
function widthOf(text: string): number {
  const units = Array.from(text).reduce((sum, character) => sum + characterWidth(character), 0)
  return Math.ceil(units) + 2 * padding
}

function characterWidth(character: string): number {
  if (/[ilIj.,:;'|!()[\]/ ]/.test(character)) return 4.2
  if (/[mwMW%@…]/.test(character)) return 10.2
  if (/[A-Z]/.test(character)) return 7.8
  // Of scripts that are not Latin, most are wider.
  return character.charCodeAt(0) < 0x250 ? 6.9 : 11
}
