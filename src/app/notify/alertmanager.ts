import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { renderAlertmanager, type Rendering } from '../../alerts/alertmanager/render.ts'
import { templates } from '../../alerts/alertmanager/templates.ts'
import type { Places } from '../../alerts/evidence/links.ts'
import { noNotify } from '../../config/notify/load.ts'
import { replaceFile } from '../../lib/io/replace-file.ts'

/** Where the shipped stack has the notifier, and its token. */
export const shippedPlaces = {
  notifierUrls: ['http://notifier:9741'],
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
 *
 * @param places What the messages link to. Default: nothing of Probity's own.
 */
export async function writeRendering(
  folder: string,
  { text, secrets }: Rendering,
  places: Places = {},
): Promise<void> {
  const secretsFolder = join(folder, 'secrets')
  await mkdir(secretsFolder, { recursive: true, mode: 0o700 })
  // Without a line feed at the end: Alertmanager 0.25 takes it for a part of the mail server's password.
  for (const [name, secret] of secrets) await replaceFile(join(secretsFolder, name), secret, secretMode)
  await mkdir(join(folder, 'templates'), { recursive: true })
  await replaceFile(join(folder, 'templates/probity.tmpl'), templates(places), 0o644)
  await replaceFile(join(folder, 'alertmanager.yml'), text, 0o644)
  const stale = (await readdir(secretsFolder)).filter((name) => !secrets.has(name))
  for (const name of stale) await rm(join(secretsFolder, name))
}
