import { join } from 'node:path'
import { newAlert } from './new/alert.ts'
import { newChannel } from './new/channel.ts'
import { newCheck } from './new/check.ts'
import { newCommand } from './new/command.ts'
import { formatted, outcome, readName, Refusal, write, type Name, type Plan } from './new/plan.ts'

/** What can be made. */
const makers: Readonly<Record<string, (name: Name) => Plan>> = {
  check: newCheck,
  channel: newChannel,
  alert: newAlert,
  command: newCommand,
}

const [what = '', name = ''] = process.argv.slice(2)

try {
  const make = Object.hasOwn(makers, what) ? makers[what] : undefined
  if (!make) throw new Refusal(`usage: npm run new -- ${Object.keys(makers).join('|')} NAME`)
  const plan = make(readName(name))
  const root = join(import.meta.dirname, '..')
  const files = await formatted(outcome(plan, root), root)
  await write(files, root)
  for (const path of files.keys()) console.log(`wrote ${path}`)
  console.log(
    `\nWhat to do next (grep -rn TODO in these files):\n${plan.next.map((line) => `  ${line}`).join('\n')}`,
  )
} catch (error) {
  if (!(error instanceof Refusal)) throw error
  console.error(error.message)
  process.exitCode = 1
}
