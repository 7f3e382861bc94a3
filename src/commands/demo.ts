import { Command, InvalidArgumentError } from '@commander-js/extra-typings'
import { startDemo } from '../app/demo/demo.ts'
import { printedAlerts, printedChanges } from '../app/solo/terminal.ts'
import { openCrashes } from '../lib/io/crash-file.ts'
import { runUntilSignal } from '../lib/io/signals.ts'
import { createLogger } from '../lib/logger.ts'
import { systemClock } from '../lib/time/clock.ts'
import { argument, listenAddressFlag, logLevelFlag } from './flags/flags.ts'

/** `probity demo`. */
export const demoCommand = () =>
  new Command('demo')
    .description(
      'Watches ten services of this machine that misbehave, in a folder that is removed at the end.',
    )
    .addOption(listenAddressFlag('127.0.0.1:9740'))
    .addOption(logLevelFlag('error'))
    .option('--minutes <minutes>', 'end after so many minutes (default: at Ctrl+C)', argument(readMinutes))
    .action(async (flags) => {
      const log = createLogger({ level: flags['log.level'], format: 'text' })
      const screen = { write: (text: string) => process.stdout.write(text), now: systemClock.now }
      const demo = await startDemo(
        { listenAddress: flags['web.listenAddress'] },
        { log, clock: systemClock, stdout: printedAlerts(screen), reporter: printedChanges(screen) },
      )
      screen.write(`Ten services, most of which misbehave. Open ${demo.url}/, press Ctrl+C to stop.\n`)
      const { minutes } = flags
      if (minutes !== undefined)
        setTimeout(() => process.kill(process.pid, 'SIGINT'), minutes * 60_000).unref()
      const { crashes } = await openCrashes({
        folder: demo.folder,
        program: 'solo',
        log,
        now: systemClock.now,
      })
      await runUntilSignal(demo, log, crashes, {}, { prompt: true })
    })

function readMinutes(text: string): number {
  const minutes = Number(text)
  if (minutes > 0 && minutes <= 1440) return minutes
  throw new InvalidArgumentError('expected a number of minutes, more than 0 and at most 1440')
}
