import { Command } from '@commander-js/extra-typings'
import { askTargets, describeTargets, isDown } from '../app/running/status.ts'
import { runningPlace, runningTokenFlag, runningUrlFlag } from './flags/running.ts'

/** `probity status`: exit code 1 when something is down. */
export const statusCommand = () =>
  new Command('status')
    .description('Shows the targets of a running Probity. The exit code is 1 if one of them is down.')
    .addOption(runningUrlFlag())
    .addOption(runningTokenFlag())
    .option('--json', 'print JSON, as /api/v1/targets has it')
    .action(async ({ json, ...flags }) => {
      const targets = await askTargets(await runningPlace(flags))
      process.stdout.write(
        json ? `${JSON.stringify(targets, null, 2)}\n` : describeTargets(targets, Date.now()),
      )
      if (targets.some(isDown)) process.exitCode = 1
    })
