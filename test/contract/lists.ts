import { channels } from './derive/channels.ts'
import { environment } from './derive/environment.ts'
import { commandLine } from './derive/flags.ts'
import { metrics } from './derive/metrics.ts'
import { routes } from './derive/routes.ts'
import { rules } from './derive/rules.ts'
import { schemaKeys } from './derive/schema-keys.ts'

/** What other programs and people's files rely on, as the program has it now. A row's file is the list that it is held against. */
const kinds: Readonly<Record<string, () => string[] | Promise<string[]>>> = {
  'channels.txt': channels,
  'command-line.txt': commandLine,
  'environment.txt': environment,
  'metrics.txt': metrics,
  'notify-keys.txt': () => schemaKeys('config/schema/notify.schema.json'),
  'routes.txt': routes,
  'rules.txt': rules,
  'targets-keys.txt': () => schemaKeys('config/schema/targets.schema.json'),
}

/** The names of the lists. */
export const listFiles = Object.keys(kinds)

/** The lines of a list, as the program has them now: sorted, each once. */
export async function linesNow(file: string): Promise<string[]> {
  return [...new Set(await kinds[file]?.())].sort()
}
