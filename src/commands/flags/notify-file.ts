import type { Option } from 'commander'
import { flag } from './flags.ts'

/** `--notify.file`. The file may be missing only where nobody names it: then there is the alerts log and nothing else. */
export function notifyFileFlag(): Option {
  return flag('--notify.file <path>', 'file that says who is notified').default('config/notify.yml')
}
