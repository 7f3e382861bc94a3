import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import type { TokensPlace } from '../../tokens/running-tokens.ts'
import { flag } from './flags.ts'

/** `--web.tokens.file`. */
export const tokensFileFlag = () =>
  flag('--web.tokens.file <path>', 'file with the tokens of those who may use this server').default(
    './data/tokens.jsonl',
  )

/** What the flag says, and whether it was given. */
export function tokensPlace(file: string, command: CommandUnknownOpts): TokensPlace {
  return { file, optional: command.getOptionValueSource('web.tokens.file') === 'default' }
}
