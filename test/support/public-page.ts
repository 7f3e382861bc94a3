import { simplePage, type PublicPage } from '../../src/config/public-page.ts'

/** A page at `/status/shop` that shows `checkout`. */
export function aPage(overrides: Partial<PublicPage> = {}): PublicPage {
  return { ...simplePage(['checkout']), path: '/status/shop', ...overrides }
}
