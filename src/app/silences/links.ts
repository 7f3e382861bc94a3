import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createSeal } from '../../access/login/seal.ts'
import type { Alert } from '../../alerts/alert.ts'
import { baseOf } from '../../alerts/evidence/links.ts'
import type { SilenceKeeper } from '../../alerts/silences/keeper.ts'
import { linkActions, openSilenceLinks, type SilenceLinks } from '../../alerts/silences/links.ts'
import { codeOf, messageOf } from '../../lib/errors.ts'
import type { Keeping } from '../../lib/io/keeping.ts'
import { stateFile } from '../../lib/io/state-file.ts'
import { readOrCreateToken } from '../../lib/io/token-file.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { LinkedActions } from '../../web/status/silences.ts'
import { shownAlert } from './silencing.ts'

export interface OpenLinksOptions {
  readonly keeper: SilenceKeeper
  /** The folder of the key, and of what is remembered of links. */
  readonly storagePath: string
  readonly keeping: Keeping
  readonly clock: Clock
  readonly log: Logger
}

/** The links of messages: what makes them, and what they lead to. */
export interface OpenedLinks extends LinkedActions, Pick<SilenceLinks, 'tokensFor'> {}

/**
 * Adds links to alerts that fire.
 *
 * @param externalUrl Where people reach the pages.
 */
export function withActions(
  alert: Alert,
  { acknowledge, silence }: ReturnType<SilenceLinks['tokensFor']>,
  externalUrl: URL,
): Alert {
  const root = `${baseOf(externalUrl)}/silences/link?t=`
  const own = { acknowledge_url: root + acknowledge, silence_url: root + silence }
  return { ...alert, annotations: { ...alert.annotations, ...own } }
}

/** Files of the storage folder. */
const [keyName, usedName] = ['link-key', 'used-links.json']

/**
 * Opens the links of messages.
 *
 * @throws ProbityError `TOKEN_UNREADABLE`, `STATE_UNREADABLE`
 */
export async function openLinks(options: OpenLinksOptions): Promise<OpenedLinks> {
  const { keeper, storagePath, keeping, clock, log } = options
  const links = await openSilenceLinks({
    keeper,
    ...createSeal(await keyOf(join(storagePath, keyName), log), 'link of a message'),
    file: stateFile(join(storagePath, usedName), { report: keeping.file(usedName) }),
    clock,
  })
  return {
    tokensFor: links.tokensFor,
    async look(token) {
      const { action, alert } = await links.look(token)
      return { words: linkActions[action], alert: shownAlert(alert) }
    },
    async act(token, by) {
      for (const { id, createdBy, endsAt, acknowledges } of await links.act(token, by))
        log.info({ audit: true, id, createdBy, endsAt, acknowledges }, 'silence begun')
    },
  }
}

/** Without room for a file, a key that ends with the process, and with it all links. */
async function keyOf(file: string, log: Logger): Promise<string> {
  try {
    return (await readOrCreateToken(file)).token
  } catch (error) {
    if (codeOf(error) !== 'TOKEN_UNWRITABLE') throw error
    log.warn(`${messageOf(error)}: the links of messages end with this process`)
    return randomBytes(32).toString('base64url')
  }
}
