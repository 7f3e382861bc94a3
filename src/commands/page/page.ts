import { join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { exportPage } from '../../app/running/export-page.ts'
import { loadConfig } from '../../config/load/load.ts'
import { foreignFormats } from '../../foreign/index.ts'
import { ProbityError } from '../../lib/errors.ts'
import { didYouMean } from '../../settings/values/closest.ts'
import { plural } from '../../lib/text/text.ts'
import {
  configAllowEnvFlag,
  configFileFlag,
  configTokenFileFlag,
  remoteAccess,
} from '../flags/config-file.ts'
import { runningUrlFlag } from '../flags/running.ts'
import { subscribersCommand } from './subscribers.ts'

/** `probity page`. */
export const pageCommand = () =>
  new Command('page')
    .description('Works with the public pages of web.public.')
    .addCommand(exportCommand())
    .addCommand(subscribersCommand())

const exportCommand = () =>
  new Command('export')
    .description(
      'Writes public pages of a running Probity as files, to be served where Probity is not: the page, its JSON, badges and feeds.',
    )
    .argument('<folder>', 'where the files are written; with several pages, each below its path')
    .option('--page <path>', 'only this page, such as /status/shop (default: all)')
    .addOption(runningUrlFlag())
    .addOption(configFileFlag())
    .addOption(configTokenFileFlag())
    .addOption(configAllowEnvFlag())
    .action(async (folder, { page: asked, url, ...flags }) => {
      const { env } = process
      const remote = remoteAccess(flags, env)
      const config = await loadConfig(flags['config.file'], { env, foreign: foreignFormats, remote })
      const known = (config.publicPages ?? []).map(({ path }) => path)
      const paths = asked === undefined ? known : known.filter((path) => path === asked.replace(/\/$/, ''))
      if (paths.length === 0)
        throw new ProbityError(
          'PAGE_UNKNOWN',
          asked === undefined
            ? 'the configuration has no public page: add web.public (docs/status-page.md)'
            : `there is no public page ${JSON.stringify(asked)} in web.public${didYouMean(asked, known)}`,
        )
      for (const path of paths) {
        const place = paths.length === 1 ? folder : join(folder, path)
        const files = await exportPage({ url, path, folder: place })
        process.stdout.write(`${path}: ${plural(files.length, 'file')} in ${place}\n`)
      }
    })
