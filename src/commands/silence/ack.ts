import { userInfo } from 'node:os'
import { Command } from '@commander-js/extra-typings'
import { askSilences, describeSilences } from '../../app/running/silences.ts'
import { runningPlace, runningUrlFlag, silenceTokenFlag } from '../flags/running.ts'

/** `probity ack`. */
export const ackCommand = () =>
  new Command('ack')
    .description(
      'Acknowledges the alerts of a target that fire: you take care of them, and nobody is notified of them again until they end.',
    )
    .argument('<target>', 'its name')
    .argument('[why]', 'what you are doing about it')
    .option('--alert <name>', 'only this alert, such as TargetDown')
    .option('--for <duration>', 'how long at most', '24h')
    .addOption(runningUrlFlag())
    .addOption(silenceTokenFlag())
    .action(async (target, comment, { alert: alertname, for: length, ...flags }) => {
      const body = { target, alertname, for: length, comment, by: userInfo().username }
      const made = await askSilences(await runningPlace(flags), {
        method: 'POST',
        path: '/acknowledge',
        body,
      })
      process.stdout.write(describeSilences(made))
    })
