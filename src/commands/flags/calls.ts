import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import type { CallsAddress } from '../../app/calls-receiver.ts'
import { parseListenAddress, type ListenAddress } from '../../lib/http/listen.ts'
import { argument, flag } from './flags.ts'

const port = '127.0.0.1:51712'

/** `--calls.listen-address`. */
export const callsAddressFlag = () =>
  flag('--calls.listen-address <host:port>', 'where calls are received over UDP')
    .argParser(argument(parseListenAddress))
    .default(parseListenAddress(port), port)

/** What the flag says, and whether it was given. */
export function callsAddress(address: ListenAddress, command: CommandUnknownOpts): CallsAddress {
  return { address, optional: command.getOptionValueSource('calls.listenAddress') === 'default' }
}
