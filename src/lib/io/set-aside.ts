import { constants, copyFile, link } from 'node:fs/promises'
import { codeOf, messageOf, ProbityError } from '../errors.ts'

/** Names that are tried for one moment. */
const maxNames = 100

/**
 * Keeps a file that cannot be read, or not all of it, under a second name next to it: `NAME.damaged-TIME`. The first name may
 * then be written again.
 *
 * @returns The path under which it is kept.
 * @throws ProbityError `STATE_UNREADABLE` when it cannot be kept: it must not be overwritten then.
 */
export async function setAside(path: string, now: Date): Promise<string> {
  const stem = `${path}.damaged-${now.toISOString().replaceAll(':', '-')}`
  for (let number = 1; number <= maxNames; number += 1) {
    const kept = number === 1 ? stem : `${stem}-${number}`
    try {
      await keep(path, kept)
      return kept
    } catch (cause) {
      if (codeOf(cause) === 'EEXIST') continue
      const message = `${path} is damaged and cannot be kept as ${kept}: ${messageOf(cause)}`
      throw new ProbityError('STATE_UNREADABLE', message, { cause })
    }
  }
  throw new ProbityError(
    'STATE_UNREADABLE',
    `${path} is damaged, and there are too many files such as ${stem}`,
  )
}

/** A second name needs no room on a full disk. Some file systems have none, and get a copy. */
async function keep(path: string, kept: string): Promise<void> {
  await link(path, kept).catch((error: unknown) => {
    if (codeOf(error) === 'EEXIST') throw error
    return copyFile(path, kept, constants.COPYFILE_EXCL)
  })
}
