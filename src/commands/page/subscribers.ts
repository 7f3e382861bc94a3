import { Command } from '@commander-js/extra-typings'
import { historyPlace } from '../../app/recording/recording.ts'
import { storedSubscribers } from '../../app/subscribing/stored.ts'
import type { Subscriber } from '../../history/subscribers/subscribers.ts'
import { createLogger } from '../../lib/logger.ts'
import { visible } from '../../lib/text/text.ts'
import { flag } from '../flags/flags.ts'

/** `probity page subscribers`. */
export const subscribersCommand = () =>
  new Command('subscribers')
    .description('Lists, exports and removes who gets the news of public pages by e-mail.')
    .addCommand(listCommand())
    .addCommand(exportCommand())
    .addCommand(removeCommand())

const pageOption = ['--page <path>', 'only of this page, such as /status/shop (default: all)'] as const
const storageFlag = () =>
  flag('--storage.path <folder>', 'folder of the built-in database, without DATABASE_URL').default('./data')

function ask(
  work: 'list' | 'remove',
  flags: { readonly 'storage.path': string; readonly page?: string | undefined },
  address?: string,
): Promise<readonly Subscriber[]> {
  const page = flags.page?.replace(/\/$/, '')
  const place = historyPlace(process.env, flags['storage.path'])
  return storedSubscribers(place, work, { page, address }, createLogger({ level: 'warn' }))
}

const listCommand = () =>
  new Command('list')
    .description('Prints the subscribers, one a line.')
    .option(...pageOption)
    .addOption(storageFlag())
    .action(async (flags) => {
      const found = await ask('list', flags)
      for (const one of found) process.stdout.write(`${lineOf(one)}\n`)
      if (found.length === 0) process.stderr.write('there are no subscribers\n')
    })

const exportCommand = () =>
  new Command('export')
    .description('Prints all that is stored of subscribers as JSON.')
    .argument('[address]', 'only this address (default: all)')
    .option(...pageOption)
    .addOption(storageFlag())
    .action(async (address, flags) => {
      const subscribers = await ask('list', flags, address)
      process.stdout.write(`${JSON.stringify({ subscribers }, null, 2)}\n`)
    })

const removeCommand = () =>
  new Command('remove')
    .description('Forgets an address. The exit code is 1 if it is not known.')
    .argument('<address>', 'the e-mail address')
    .option(...pageOption)
    .addOption(storageFlag())
    .action(async (address, flags) => {
      const removed = await ask('remove', flags, address)
      for (const one of removed) process.stdout.write(`removed ${lineOf(one)}\n`)
      if (removed.length > 0) return
      process.stderr.write(`${visible(address)} is not a subscriber\n`)
      process.exitCode = 1
    })

function lineOf({ page, address, askedAt, confirmedAt }: Subscriber): string {
  const since = confirmedAt
    ? `since ${confirmedAt.toISOString()}`
    : `not confirmed, asked ${askedAt.toISOString()}`
  return visible(`${page}  ${address}  ${since}`)
}
