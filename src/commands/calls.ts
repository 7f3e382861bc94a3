import { Command, Option } from '@commander-js/extra-typings'
import { readToken } from '../lib/io/token-file.ts'
import { tailCalls } from '../app/calls/tail.ts'

/** `probity calls`. */
export const callsCommand = () =>
  new Command('calls').description('Works with the calls that programs report.').addCommand(tailCommand())

const tailCommand = () =>
  new Command('tail')
    .description(
      'Shows calls as the exporter on this machine receives them, and suggests calls: for those without a target.',
    )
    .addOption(new Option('--url <url>', 'the exporter').default('http://127.0.0.1:9740'))
    .addOption(
      new Option('--token-file <path>', 'file with a token of scope read, if the exporter wants one'),
    )
    .addOption(new Option('--matched', 'only calls of targets').conflicts('unmatched'))
    .addOption(new Option('--unmatched', 'only calls that match no target'))
    .action(async (flags) => {
      const show = flags.matched ? 'matched' : flags.unmatched ? 'unmatched' : 'all'
      const write = (text: string): void => {
        process.stdout.write(text)
      }
      const { tokenFile } = flags
      const token = tokenFile === undefined ? {} : { token: await readToken(tokenFile) }
      await tailCalls({ url: flags.url, ...token, show, write, now: Date.now })
    })
