import { Command, InvalidArgumentError } from '@commander-js/extra-typings'
import { shippedPlaces, writeRendering } from '../app/notify/alertmanager.ts'
import { join, resolve } from 'node:path'
import { foreignFormats } from '../foreign/index.ts'
import { renderAlertmanager } from '../alerts/alertmanager/render.ts'
import { shippedVersion } from '../alerts/alertmanager/versions.ts'
import { loadNotify } from '../config/notify/load.ts'
import { flag } from './flags/flags.ts'
import { externalUrlFlag, placesOf } from './flags/places.ts'
import { readOrCreateToken } from '../lib/io/token-file.ts'
import { notifyTypes } from '../app/channels.ts'
import { mayBeMissing, notifyFileFlag } from './flags/notify-file.ts'

/** `probity render`. */
export const renderCommand = () =>
  new Command('render')
    .description('Generates the configuration of other programs.')
    .addCommand(alertmanagerCommand())

const alertmanagerCommand = () =>
  new Command('alertmanager')
    .description(
      'Generates alertmanager.yml from notify.yml, with a file for each secret; prints it without --out.',
    )
    .addOption(notifyFileFlag())
    .addOption(flag('--out <folder>', 'where alertmanager.yml, templates/ and secrets/ are written'))
    .addOption(
      flag(
        '--notifier.url <url...>',
        'URL under which Alertmanager reaches the notifier; two for a pair of notifiers',
      ).default(shippedPlaces.notifierUrls),
    )
    .addOption(
      flag(
        '--web.bearer-token-file <path>',
        "file with the notifier's bearer token; created by --out if it is missing",
      ).default(shippedPlaces.tokenFile),
    )
    .addOption(
      flag(
        '--alertmanager.version <version>',
        'version of Alertmanager: channels that it does not know are refused',
      )
        .argParser(readVersion)
        .default(shippedVersion),
    )
    .addOption(externalUrlFlag('URL under which people reach the status page: messages link to it'))
    .action(async (flags, command) => {
      const optional = mayBeMissing(command)
      const config = await loadNotify(
        flags['notify.file'],
        { env: process.env, foreign: foreignFormats, types: notifyTypes },
        optional,
      )
      for (const { name, reason } of config.leftOut)
        process.stderr.write(`channel ${name} is left out: ${reason}\n`)
      const out = flags.out === undefined ? undefined : resolve(flags.out)
      const heartbeatUrl = process.env['HEARTBEAT_URL'] ?? ''
      const rendering = renderAlertmanager(config, {
        secretsFolder: join(out ?? '/etc/alertmanager', 'secrets'),
        notifierUrls: flags['notifier.url'].map((url) => url.replace(/\/+$/, '')),
        tokenFile: flags['web.bearerTokenFile'],
        version: flags['alertmanager.version'],
        ...(heartbeatUrl !== '' && { heartbeatUrl }),
      })
      if (out === undefined) {
        process.stdout.write(rendering.text)
        return
      }
      await readOrCreateToken(flags['web.bearerTokenFile'])
      await writeRendering(out, rendering, placesOf(flags, process.env))
      const names = config.channels.filter(({ native }) => native).map(({ name }) => name)
      process.stderr.write(
        `wrote ${join(out, 'alertmanager.yml')} (${names.join(', ') || 'no native channels'})\n`,
      )
    })

function readVersion(text: string): string {
  if (/^\d{1,3}\.\d{1,3}(?:\.\d{1,3})?$/.test(text)) return text
  throw new InvalidArgumentError('expected a version such as 0.33')
}
