import type { Request } from 'express'
import type { PublicPage } from '../../../config/public-page.ts'

/** What the link of a mail does. */
export type LinkPurpose = 'confirm' | 'leave'

/** What came of an address that somebody has entered. Nothing of it depends on whether the address is known. */
export type Asked = 'asked' | 'invalid' | 'too many' | 'unavailable'

/** Subscriptions to public pages by e-mail. */
export interface Subscribing {
  /** Whether visitors of a page can subscribe now. */
  readonly isOpen: (page: PublicPage) => boolean
  /** Notes that somebody wants to get the news of a page. */
  readonly ask: (page: PublicPage, address: string, request: Request) => Promise<Asked>
  /** What a link is for; it does nothing. Undefined where it is not valid. @throws Whatever the database said. */
  readonly look: (page: PublicPage, token: string) => Promise<LinkPurpose | undefined>
  /** Does what a link is for. Undefined where it is not valid. @throws Whatever the database said. */
  readonly act: (page: PublicPage, token: string) => Promise<LinkPurpose | undefined>
}
