import { Option } from '@commander-js/extra-typings'
import { argument } from './flags.ts'
import { seconds } from './seconds.ts'

/** `--since`: how much of the stored past is played. */
export const sinceFlag = () =>
  new Option('--since <duration>', 'how far back').argParser(argument(seconds)).default(30 * 86_400, '30d')
