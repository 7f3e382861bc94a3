import { mkdir, readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { foreignFormats } from '../foreign/index.ts'
import { renderAlertmanager, type Rendering } from '../alerts/alertmanager/render.ts'
import { templates } from '../alerts/alertmanager/templates.ts'
import { loadNotify, noNotify } from '../config/notify/load.ts'
import { replaceFile } from '../lib/io/replace-file.ts'
import { flag } from './flags/flags.ts'
import { readOrCreateToken } from '../lib/io/token-file.ts'
import { notifyTypes } from '../app/channels.ts'
import { notifyFileFlag } from './flags/notify-file.ts'

/** Where the shipped stack has the notifier, and its token. */
const shippedPlaces = {
  notifierUrl: 'http://notifier:9741',
  tokenFile: '/etc/probity/secrets/notifier-token',
} as const

/** What stands in alertmanager/alertmanager.yml as it is committed: nothing is set. */
export function defaultRendering(): Rendering {
  return renderAlertmanager(noNotify, { ...shippedPlaces, secretsFolder: '/etc/alertmanager/secrets' })
}

/** Only its owner may read a secret: Alertmanager runs as the same user. */
const secretMode = 0o600

/**
 * Writes a rendering into a folder: alertmanager.yml, templates/ and secrets/. The secrets are there before what names them,
 * and those of channels that are gone are removed.
 */
export async function writeRendering(folder: string, { text, secrets }: Rendering): Promise<void> {
  const secretsFolder = join(folder, 'secrets')
  await mkdir(secretsFolder, { recursive: true, mode: 0o700 })
  // Without a line feed at the end: Alertmanager 0.25 takes it for a part of the mail server's password.
  for (const [name, secret] of secrets) await replaceFile(join(secretsFolder, name), secret, secretMode)
  await mkdir(join(folder, 'templates'), { recursive: true })
  await replaceFile(join(folder, 'templates/probity.tmpl'), templates, 0o644)
  await replaceFile(join(folder, 'alertmanager.yml'), text, 0o644)
  const stale = (await readdir(secretsFolder)).filter((name) => !secrets.has(name))
  for (const name of stale) await rm(join(secretsFolder, name))
}

interface RenderFlags {
  'notify.file': string
  out?: string
  'notifier.url': string
  'web.bearerTokenFile': string
}

/** `probity render`. */
export function renderCommand(): Command {
  return new Command('render')
    .description('Makes the configuration of other programs.')
    .addCommand(alertmanagerCommand())
}

function alertmanagerCommand(): Command {
  return new Command('alertmanager')
    .description(
      'Makes alertmanager.yml of notify.yml, with a file for each secret; prints it where there is no --out.',
    )
    .addOption(notifyFileFlag())
    .addOption(flag('--out <folder>', 'where alertmanager.yml, templates/ and secrets/ are written'))
    .addOption(
      flag('--notifier.url <url>', 'where Alertmanager reaches the notifier').default(
        shippedPlaces.notifierUrl,
      ),
    )
    .addOption(
      flag(
        '--web.bearer-token-file <path>',
        "file with the notifier's bearer token; made by --out if it is missing",
      ).default(shippedPlaces.tokenFile),
    )
    .action(async (flags: RenderFlags, command: Command) => {
      const optional = command.getOptionValueSource('notify.file') === 'default'
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
        notifierUrl: flags['notifier.url'].replace(/\/+$/, ''),
        tokenFile: flags['web.bearerTokenFile'],
        ...(heartbeatUrl !== '' && { heartbeatUrl }),
      })
      if (out === undefined) {
        process.stdout.write(rendering.text)
        return
      }
      await readOrCreateToken(flags['web.bearerTokenFile'])
      await writeRendering(out, rendering)
      const names = config.channels.filter(({ native }) => native).map(({ name }) => name)
      process.stderr.write(
        `wrote ${join(out, 'alertmanager.yml')} (${names.join(', ') || 'no channels of its own'})\n`,
      )
    })
}
