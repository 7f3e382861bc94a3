import { ProbityError } from '../../lib/errors.ts'
import { argument, flag } from './flags.ts'

const pattern = /^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/i

/** `--web.allowed-hosts`. */
export const allowedHostsFlag = () =>
  flag(
    '--web.allowed-hosts <names>',
    'names of this server that requests may have as Host, separated by commas; addresses, localhost, the name of the machine and that of --web.external-url are always allowed',
  )
    .argParser(argument(parseHosts))
    .default([], 'none')

/** Reads `probity.example.com,*.internal`. */
function parseHosts(text: string): readonly string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  for (const name of names)
    if (!pattern.test(name))
      throw new ProbityError(
        'ADDRESS_INVALID',
        `"${name}" is not a valid host name: expected a name without scheme and port, such as probity.example.com or *.example.com`,
      )
  return names
}
