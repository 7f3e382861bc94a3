import { Command } from '@commander-js/extra-typings'
import { notifyTypes } from '../app/channels.ts'
import { testChannels } from '../app/notify/test.ts'
import { askStatus, describeStatus } from '../app/notify/undelivered.ts'
import { loadNotify } from '../config/notify/load.ts'
import { foreignFormats } from '../foreign/index.ts'
import { readToken } from '../lib/io/token-file.ts'
import { systemClock } from '../lib/time/clock.ts'
import { flag } from './flags/flags.ts'
import { notifyFileFlag } from './flags/notify-file.ts'

/** `probity notify`. */
export const notifyCommand = () =>
  new Command('notify')
    .description('Tests the channels of notify.yml, or shows what could not be delivered.')
    .addCommand(testCommand())
    .addCommand(statusCommand())

const testCommand = () =>
  new Command('test')
    .description('Sends one marked test through every channel. The exit code is 1 if one of them fails.')
    .argument('[channel]', 'only this one')
    .addOption(notifyFileFlag())
    .action(async (only, flags) => {
      const { env } = process
      const options = { env, foreign: foreignFormats, types: notifyTypes }
      const config = await loadNotify(flags['notify.file'], options)
      const results = await testChannels(config, only, { clock: systemClock, env })
      if (results.length === 0) process.stdout.write('there is no channel other than the alerts log\n')
      for (const { channel, type, result, reason } of results)
        process.stdout.write(`${channel} (${type}): ${result}${reason === undefined ? '' : `: ${reason}`}\n`)
      const wanting = results.some(
        ({ result }) => result === 'failed' || (only !== undefined && result === 'left out'),
      )
      if (wanting) process.exitCode = 1
    })

const statusCommand = () =>
  new Command('status')
    .description('Shows what a running notifier has not delivered: what is pending, and what it gave up on.')
    .addOption(flag('--notifier.url <url>', 'address it listens on').default('http://127.0.0.1:9741'))
    .addOption(
      flag('--web.bearer-token-file <path>', 'file with its bearer token').default('./data/notifier-token'),
    )
    .action(async (flags) => {
      const answer = await askStatus(flags['notifier.url'], await readToken(flags['web.bearerTokenFile']))
      process.stdout.write(describeStatus(answer))
    })
