import { Command } from '@commander-js/extra-typings'
import { openInBrowser } from '../app/running/open.ts'
import { runningUrlFlag } from './flags/running.ts'

/** `probity open [TARGET]`. */
export const openCommand = () =>
  new Command('open')
    .description('Prints the address of the status page, and opens it in a browser if this is a terminal.')
    .argument('[target]', 'the page of this target')
    .addOption(runningUrlFlag())
    .option('--print', 'only print it')
    .action((target, { url, print }) => {
      const path = target === undefined ? '/' : `/targets/${encodeURIComponent(target)}`
      const address = `${url.replace(/\/$/, '')}${path}`
      process.stdout.write(`${address}\n`)
      if (!print && process.stdout.isTTY) openInBrowser(address, process.env)
    })
