import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import { flag } from './flags.ts'

/** `--notify.file`, with what it is for. */
export const notifyFileFlag = (description = 'file that says who is notified') =>
  flag('--notify.file <path>', description).default('config/notify.yml')

/** Whether the file may be missing: only where nobody names it. Then there is the alerts log and nothing else. */
export function mayBeMissing(command: CommandUnknownOpts): boolean {
  return command.getOptionValueSource('notify.file') === 'default'
}
