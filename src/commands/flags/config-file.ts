import { Option } from '@commander-js/extra-typings'
import { InvalidArgumentError } from 'commander'
import type { Environment } from '../../settings/secrets.ts'
import type { RemoteAccess } from '../../config/remote/source.ts'
import { tokenVariable } from '../../config/remote/restrictions.ts'
import { ProbityError } from '../../lib/errors.ts'
import { flag } from './flags.ts'
import { readToken } from '../../lib/io/token-file.ts'

/** What the flags below say about a configuration from a URL. */
interface RemoteFlags {
  readonly 'config.tokenFile'?: string | undefined
  readonly 'config.allowEnv'?: readonly string[] | undefined
}

/** `--config.file`. */
export const configFileFlag = () =>
  flag('--config.file <path>', 'file, directory or https:// URL that lists the targets').default(
    'config/targets.yml',
  )

/** `--config.token-file`, for a configuration from a URL. */
export const configTokenFileFlag = () =>
  flag('--config.token-file <path>', 'file with the token for the URL of the configuration')

/** `--discover`, for commands that ask nobody without it. */
export const discoverFlag = () =>
  new Option('--discover', 'also asks the sources of targets_from which targets there are')

/** `--config.allow-env`, for a configuration from a URL. */
export const configAllowEnvFlag = () =>
  flag(
    '--config.allow-env <names>',
    'environment variables that a configuration from a URL may use, separated by commas; PREFIX_* too',
  ).argParser(readNames)

function readNames(text: string, before: readonly string[] = []): string[] {
  const names = text.split(',').map((name) => name.trim())
  const wrong = names.find((name) => !/^[A-Za-z_]\w*\*?$/.test(name))
  if (wrong !== undefined) {
    throw new InvalidArgumentError(
      `"${wrong}" is neither an environment variable name nor a prefix such as PROBE_*`,
    )
  }
  return [...before, ...names]
}

/**
 * How a configuration is asked for that comes from a URL. A token file is read before every request, so that a new token
 * is used at once.
 *
 * @throws ProbityError `CONFIG_TOKEN_TWICE`.
 */
export function remoteAccess(flags: RemoteFlags, env: Environment): RemoteAccess {
  const { 'config.tokenFile': file, 'config.allowEnv': allowEnv = [] } = flags
  const token = env[tokenVariable]
  if (file !== undefined && token) {
    throw new ProbityError(
      'CONFIG_TOKEN_TWICE',
      `${tokenVariable} and --config.token-file are both set: keep one of them`,
    )
  }
  return {
    allowEnv,
    ...(token && { token: () => Promise.resolve(token) }),
    ...(file !== undefined && { token: () => readToken(file) }),
  }
}
