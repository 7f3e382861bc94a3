import type { Places } from '../../alerts/evidence/links.ts'
import type { Logger } from '../../lib/logger.ts'

/** Only the administrator knows under which address others reach the pages: without it, messages link to none of them. */
export function adviseLinks({ externalUrl }: Places, log: Pick<Logger, 'info'>): void {
  if (!externalUrl)
    log.info(
      'messages have no links to the pages of Probity: set --web.external-url to the address that people use',
    )
}
