import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import { InvalidArgumentError } from 'commander'
import type { CallsAddress } from '../../app/calls-receiver.ts'
import { parseListenAddress, type ListenAddress } from '../../lib/http/listen.ts'
import { exampleNetworks, parseNetwork } from '../../settings/values/network.ts'
import { argument, flag } from './flags.ts'

const port = '127.0.0.1:51712'

/** `--calls.listen-address`. */
export const callsAddressFlag = () =>
  flag('--calls.listen-address <host:port>', 'where calls are received over UDP')
    .argParser(argument(parseListenAddress))
    .default(parseListenAddress(port), port)

/** `--calls.allow-networks`. */
export const callsNetworksFlag = () =>
  flag('--calls.allow-networks <networks>', 'who may send calls over UDP: networks, separated by commas')
    .argParser(readNetworks)
    .default([], 'this machine')

function readNetworks(text: string): readonly string[] {
  return text.split(',').map((part) => {
    const network = parseNetwork(part.trim())
    if (network !== undefined) return network
    throw new InvalidArgumentError(
      `"${part.trim()}" is not a valid network: expected one such as ${exampleNetworks}`,
    )
  })
}

interface CallsFlags {
  readonly 'calls.listenAddress': ListenAddress
  readonly 'calls.allowNetworks': readonly string[]
}

/** What the flags say, and whether the address was given. */
export function callsAddress(flags: CallsFlags, command: CommandUnknownOpts): CallsAddress {
  return {
    address: flags['calls.listenAddress'],
    optional: command.getOptionValueSource('calls.listenAddress') === 'default',
    networks: flags['calls.allowNetworks'],
  }
}
