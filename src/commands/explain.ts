import { join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { channelsOf, explainTarget, type PastChecks } from '../app/explain/explain.ts'
import { asText } from '../app/explain/formats.ts'
import { prometheusChecks } from '../app/explain/prometheus.ts'
import { withPlace } from '../app/explain/stored.ts'
import { readSilences } from '../app/silences/read.ts'
import { alertmanagerSilences } from '../alerts/silences/alertmanager.ts'
import { askApi } from '../alerts/silences/ask.ts'
import type { Silence } from '../alerts/silences/silence.ts'
import { parseExternalUrl } from '../lib/http/url.ts'
import { withSilences } from '../alerts/explain/silenced.ts'
import { onlyAbout, subjectOf } from '../app/explain/subject.ts'
import { notifyTypes } from '../app/channels.ts'
import { historyPlace } from '../app/recording/recording.ts'
import type { Explanation } from '../alerts/explain/explanation.ts'
import { loadConfig } from '../config/load/load.ts'
import { loadNotify } from '../config/notify/load.ts'
import { foreignFormats } from '../foreign/index.ts'
import { ProbityError } from '../lib/errors.ts'
import { createLogger } from '../lib/logger.ts'
import { systemClock } from '../lib/time/clock.ts'
import { configAllowEnvFlag, configFileFlag, configTokenFileFlag, remoteAccess } from './flags/config-file.ts'
import { argument, flag } from './flags/flags.ts'
import { mayBeMissing, notifyFileFlag } from './flags/notify-file.ts'

/** `probity explain`. */
export const explainCommand = () =>
  new Command('explain')
    .description(
      'Says why alerts about a target fire or do not: what each rule looks at, what holds it back, when it would begin, and who is notified.',
    )
    .argument('<target|alert>', 'name of a target, or of an alert such as TargetSlow')
    .option(
      '--at <time>',
      'the moment to explain, such as 2026-11-21T03:00:00Z (default: now)',
      argument(moment),
    )
    .option('--json', 'print JSON')
    .option('--prometheus <url>', 'ask the Prometheus of the stack, and not the stored results')
    .option(
      '--alertmanager <url>',
      'ask the Alertmanager of the stack what is silenced',
      argument(parseExternalUrl),
    )
    .addOption(
      flag('--storage.path <folder>', 'folder of the built-in database, without DATABASE_URL').default(
        './data',
      ),
    )
    .addOption(configFileFlag())
    .addOption(configTokenFileFlag())
    .addOption(configAllowEnvFlag())
    .addOption(notifyFileFlag())
    .action(async (name, { at = systemClock.now() / 1000, json, ...flags }, command) => {
      const { env } = process
      const foreign = foreignFormats
      const remote = remoteAccess(flags, env)
      const config = await loadConfig(flags['config.file'], { env, foreign, remote, origins: true })
      const types = notifyTypes
      const notify = await loadNotify(flags['notify.file'], { env, foreign, types }, mayBeMissing(command))
      const subject = subjectOf(name, config)
      const channels = channelsOf(notify, at)
      const log = createLogger({ level: 'warn' })
      const { prometheus } = flags
      const silences = await silencesFor(flags)
      const explain = async (past: PastChecks): Promise<Explanation[]> => {
        const all: Explanation[] = []
        for (const target of subject.targets)
          all.push(
            ...(await explainTarget({ config, target, at, channels }, past)).map((one) =>
              withSilences(one, target, silences),
            ),
          )
        return all.map((one) => onlyAbout(one, subject))
      }
      const found =
        prometheus === undefined
          ? await withPlace(historyPlace(env, flags['storage.path']), log, explain)
          : await explain(prometheusChecks(prometheus))
      if (found.length === 0 && !json)
        throw new ProbityError(
          'NOTHING_TO_EXPLAIN',
          `no check of ${JSON.stringify(name)} is known of the three days before ${new Date(at * 1000).toISOString()}`,
        )
      process.stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : asText(found, subject.alertname))
    })

/** Those of the Alertmanager that is named, or of the solo of the folder. */
async function silencesFor(flags: {
  readonly alertmanager?: URL | undefined
  readonly prometheus?: string | undefined
  readonly 'storage.path': string
}): Promise<readonly Silence[]> {
  const { alertmanager, prometheus } = flags
  if (alertmanager) return alertmanagerSilences(askApi({ url: alertmanager })).list()
  return prometheus === undefined ? readSilences(join(flags['storage.path'], 'silences.json')) : []
}

/** Unix seconds. */
function moment(text: string): number {
  const time = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text)
    ? Date.parse(text)
    : NaN
  if (!Number.isNaN(time)) return time / 1000
  throw new ProbityError(
    'TIME_INVALID',
    `"${text}" is not a valid time: expected one such as 2026-11-21T03:00:00Z`,
  )
}
