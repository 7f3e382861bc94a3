import { randomBytes } from 'node:crypto'
import { codeOf, messageOf } from '../../lib/errors.ts'
import { readOrCreateToken } from '../../lib/io/token-file.ts'
import type { Logger } from '../../lib/logger.ts'

/**
 * What cookies are sealed with: the content of a file, which is made where it is missing. Without a file, or room for one, it is
 * a random text that ends with the process, and with it all logins.
 *
 * @throws ProbityError `TOKEN_UNREADABLE`
 */
export async function sessionSecret(file: string | undefined, log: Logger): Promise<string> {
  if (file !== undefined)
    try {
      return (await readOrCreateToken(file)).token
    } catch (error) {
      if (codeOf(error) !== 'TOKEN_UNWRITABLE') throw error
      log.warn(`${messageOf(error)}: logins end with this process`)
    }
  return randomBytes(32).toString('base64url')
}
