import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import type { AccessPlaces } from '../../app/access.ts'
import { flag } from './flags.ts'
import { tokensPlace } from './tokens.ts'

/** `--web.config.file`. */
export const webConfigFlag = () =>
  flag(
    '--web.config.file <path>',
    'file with TLS, users and how they log in, in the format of the exporter-toolkit',
  ).default(undefined, 'none')

/** `--web.trust-network`. */
export const trustNetworkFlag = () =>
  flag('--web.trust-network', 'do not warn that everybody who can reach this server may use it').default(
    false,
    'off',
  )

interface AccessFlags {
  readonly 'web.config.file'?: string | undefined
  readonly 'web.trustNetwork': boolean
  readonly 'web.tokens.file': string
  readonly 'web.allowedHosts': readonly string[]
}

/** What the flags say. */
export function accessPlaces(
  flags: AccessFlags,
  command: CommandUnknownOpts,
): Omit<AccessPlaces, 'externalUrl'> {
  return {
    webConfigFile: flags['web.config.file'],
    trustsNetwork: flags['web.trustNetwork'],
    tokens: tokensPlace(flags['web.tokens.file'], command),
    allowedHosts: flags['web.allowedHosts'],
  }
}
