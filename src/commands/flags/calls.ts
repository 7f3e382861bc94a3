import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import { InvalidArgumentError } from 'commander'
import type { CallsAddress } from '../../app/calls/receiver.ts'
import { ProbityError } from '../../lib/errors.ts'
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

/** `--calls.otlp-grpc-listen-address`. */
export const otlpGrpcAddressFlag = () =>
  flag(
    '--calls.otlp-grpc-listen-address <host:port>',
    'where OpenTelemetry spans are received over gRPC, usually 127.0.0.1:4317',
  )
    .argParser(argument(parseListenAddress))
    .default(undefined, 'none')

/** `--calls.cors-origins`. */
export const corsOriginsFlag = () =>
  flag(
    '--calls.cors-origins <origins>',
    'origins of pages that may report calls, separated by commas; *: all, if a token is required',
  )
    .argParser(argument(parseOrigins))
    .default([], 'none')

function parseOrigins(text: string): readonly string[] {
  return text.split(',').map((part) => {
    const origin = part.trim()
    const url = URL.canParse(origin) ? new URL(origin) : undefined
    if (origin === '*' || (url?.origin === origin && /^https?:$/.test(url.protocol))) return origin
    throw new ProbityError(
      'ORIGINS_INVALID',
      `"${origin}" is not a valid origin: expected one such as https://shop.example, without a path`,
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
