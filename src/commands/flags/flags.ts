import { InvalidArgumentError, Option } from 'commander'
import { messageOf } from '../../lib/errors.ts'
import { parseListenAddress } from '../../lib/http/listen.ts'
import { logFormats, logLevels } from '../../lib/logger.ts'

/**
 * A flag of the Prometheus family that exists as an environment variable too:
 * `--web.listen-address` is `PROBITY_WEB_LISTEN_ADDRESS`. The parsed value is found under the flag's name in camel case, for
 * example `options['web.listenAddress']`.
 */
export function flag(syntax: string, description: string): Option {
  const name = /^--([^\s]+)/.exec(syntax)?.[1] ?? ''
  return new Option(syntax, description).env(`PROBITY_${name.toUpperCase().replace(/[.-]/g, '_')}`)
}

/** `--web.listen-address`, with the command's own default. */
export function listenAddressFlag(address: string): Option {
  return flag('--web.listen-address <host:port>', 'where to listen')
    .default(parseListenAddress(address), address)
    .argParser(argument(parseListenAddress))
}

/** `--log.level` and `--log.format`. */
export function logFlags(): Option[] {
  return [
    flag('--log.level <level>', 'least severity that is logged').choices(logLevels).default('info'),
    flag('--log.format <format>', 'how log lines are written').choices(logFormats).default('logfmt'),
  ]
}

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
