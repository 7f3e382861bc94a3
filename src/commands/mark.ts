import { Command } from '@commander-js/extra-typings'
import { sendMark } from '../app/running/mark.ts'
import { ProbityError } from '../lib/errors.ts'
import { flag } from './flags/flags.ts'
import { runningPlace, runningUrlFlag } from './flags/running.ts'

/** `probity mark`. */
export const markCommand = () =>
  new Command('mark')
    .description(
      'Says that something has changed, such as a deployment: charts, incidents and messages show it.',
    )
    .argument('<title>', 'what has changed, such as "checkout 1.4.2"')
    .option('--target <name>', 'the target that it is about; without target and label, all of them')
    .option('--label <name=value...>', 'labels of the targets that it is about, such as team=shop')
    .option('--at <time>', 'when, such as 2026-11-21T03:00:00Z; without it, now')
    .option('--link <url>', 'a page about it')
    .addOption(runningUrlFlag())
    .addOption(flag('--token-file <path>', 'file with a token of scope marks, if it wants one'))
    .action(async (title, { target, label, at, link, ...place }) => {
      const mark = {
        title,
        ...(target !== undefined && { target }),
        ...(label && { labels: Object.assign({}, ...label.map(labelOf)) as Record<string, string> }),
        ...(at !== undefined && { at }),
        ...(link !== undefined && { url: link }),
      }
      process.stdout.write(await sendMark(await runningPlace(place), mark))
    })

function labelOf(text: string): Record<string, string> {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined)
    throw new ProbityError(
      'MARK_INVALID',
      `"${text}" is not a valid label: expected name=value, such as team=shop`,
    )
  return { [name]: value }
}
