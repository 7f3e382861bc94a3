import { userInfo } from 'node:os'
import { Command } from '@commander-js/extra-typings'
import { askSilences, describeSilences } from '../../app/running/silences.ts'
import { runningPlace, runningUrlFlag, silenceTokenFlag } from '../flags/running.ts'

/** `probity silence`. */
export const silenceCommand = () =>
  new Command('silence')
    .description(
      'Silences alerts: for some time, nobody is notified that they fire. Without "add", the first word is what is silenced.',
    )
    .addCommand(addCommand(), { isDefault: true })
    .addCommand(listCommand())
    .addCommand(endCommand())

const addCommand = () =>
  new Command('add')
    .description('Silences the alerts of a target, or those that matchers choose.')
    .argument('<what>', 'name of a target, or matchers such as severity="warning",team=~"shop|pay"')
    .argument('[duration]', 'how long, such as 2h; left out with --until')
    .argument('[why]', 'why, in a few words')
    .option('--until <time>', 'the end, such as 2026-11-21T03:00:00Z, in place of a duration')
    .addOption(runningUrlFlag())
    .addOption(silenceTokenFlag())
    .action(async (match, duration, why, { until, ...flags }) => {
      const length =
        until === undefined ? { for: duration, comment: why } : { until, comment: why ?? duration }
      const body = { match, ...length, by: userInfo().username }
      const made = await askSilences(await runningPlace(flags), { method: 'POST', body })
      process.stdout.write(describeSilences(made))
    })

const listCommand = () =>
  new Command('list')
    .description('Lists what is silenced, the one that ends first before the others.')
    .addOption(runningUrlFlag())
    .addOption(silenceTokenFlag())
    .option('--json', 'print JSON, as /api/v1/silences has it')
    .action(async ({ json, ...flags }) => {
      const silences = await askSilences(await runningPlace(flags), { method: 'GET' })
      process.stdout.write(json ? `${JSON.stringify(silences, null, 2)}\n` : describeSilences(silences))
    })

const endCommand = () =>
  new Command('end')
    .description('Ends silences. The channels of the routes are notified at once of what still fires.')
    .argument('<id...>', 'as "probity silence list" shows it')
    .addOption(runningUrlFlag())
    .addOption(silenceTokenFlag())
    .action(async (ids, flags) => {
      const place = await runningPlace(flags)
      for (const id of ids) {
        await askSilences(place, { method: 'DELETE', path: `/${encodeURIComponent(id)}` })
        process.stdout.write(`${id} has ended\n`)
      }
    })
