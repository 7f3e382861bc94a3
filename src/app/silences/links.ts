import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createSeal } from '../../access/login/seal.ts'
import type { Alert } from '../../alerts/alert.ts'
import { baseOf } from '../../alerts/evidence/links.ts'
import type { SilenceKeeper } from '../../alerts/silences/keeper.ts'
import { linkActions, openSilenceLinks } from '../../alerts/silences/links.ts'
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
  /** Where people reach the pages. */
  readonly externalUrl: URL
  /** The folder of the key, and of what is remembered of links. */
  readonly storagePath: string
  readonly keeping: Keeping
  readonly clock: Clock
  readonly log: Logger
}

/** The links of messages: what makes them, and what they lead to. */
export interface OpenedLinks extends LinkedActions {
  /** Adds them to an alert that fires. */
  readonly withActions: (alert: Alert) => Alert
}

/** Files of the storage folder. */
const [keyName, usedName] = ['link-key', 'used-links.json']

/**
 * Opens the links of messages.
 *
 * @throws ProbityError `TOKEN_UNREADABLE`, `STATE_UNREADABLE`
 */
export async function openLinks(options: OpenLinksOptions): Promise<OpenedLinks> {
  const { keeper, externalUrl, storagePath, keeping, clock, log } = options
  const links = await openSilenceLinks({
    keeper,
    ...createSeal(await keyOf(join(storagePath, keyName), log), 'link of a message'),
    file: stateFile(join(storagePath, usedName), { report: keeping.file(usedName) }),
    clock,
  })
  const root = `${baseOf(externalUrl)}/silences/link?t=`
  return {
    withActions(alert) {
      if (alert.status === 'resolved') return alert
      const { acknowledge, silence } = links.tokensFor(alert)
      const own = { acknowledge_url: root + acknowledge, silence_url: root + silence }
      return { ...alert, annotations: { ...alert.annotations, ...own } }
    },
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
