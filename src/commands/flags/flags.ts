import { Option } from '@commander-js/extra-typings'
import { InvalidArgumentError } from 'commander'
import { messageOf } from '../../lib/errors.ts'
import { parseListenAddress } from '../../lib/http/listen.ts'
import { logFormats, logLevels, type LogFormat, type LogLevel } from '../../lib/logger.ts'

/**
 * A flag of the Prometheus family that exists as an environment variable too:
 * `--web.listen-address` is `PROBITY_WEB_LISTEN_ADDRESS`. The parsed value is found under the flag's name in camel case, for
 * example `options['web.listenAddress']`.
 */
export function flag<const Syntax extends string>(syntax: Syntax, description: string): Option<Syntax> {
  const name = /^--([^\s]+)/.exec(syntax)?.[1] ?? ''
  return new Option(syntax, description).env(`PROBITY_${name.toUpperCase().replace(/[.-]/g, '_')}`)
}

/** `--web.listen-address`, with the command's own default. */
export const listenAddressFlag = (address: string) =>
  flag('--web.listen-address <host:port>', 'where to listen')
    .argParser(argument(parseListenAddress))
    .default(parseListenAddress(address), address)

/** `--log.level`. */
export const logLevelFlag = (level: LogLevel) =>
  flag('--log.level <level>', 'lowest severity to log').choices(logLevels).default(level)

/** `--log.format`. */
export const logFormatFlag = (format: LogFormat) =>
  flag('--log.format <format>', 'format of log lines').choices(logFormats).default(format)

/** `--web.enable-lifecycle`. */
export const lifecycleFlag = () => flag('--web.enable-lifecycle', 'allow POST /-/reload').default(false)

/** Makes a parser that throws into one that commander reports on one line. */
export function argument<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text)
    } catch (error) {
      throw new InvalidArgumentError(messageOf(error))
    }
  }
}
