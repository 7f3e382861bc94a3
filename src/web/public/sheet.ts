import { createHash } from 'node:crypto'
import type { PublicPage } from '../../config/public-page.ts'

/** A style sheet, under a name that changes with its content. */
export interface Sheet {
  readonly name: string
  readonly css: string
}

/** The colours of a page, which cannot be inline; undefined where they are those of Probity. */
export function sheetOf({
  accent,
  accentDark,
}: Pick<PublicPage, 'accent' | 'accentDark'>): Sheet | undefined {
  if (accent === undefined && accentDark === undefined) return undefined
  const css = `:root{--accent:light-dark(${accent ?? '#1759b8'},${accentDark ?? '#82b6ff'})}\n`
  return { name: `colours-${createHash('sha256').update(css).digest('hex').slice(0, 12)}.css`, css }
}
