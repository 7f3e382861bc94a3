import type { Alert } from '../../alerts/alert.ts'
import type { FiringAlert, SilenceKeeper } from '../../alerts/silences/keeper.ts'
import {
  readAcknowledgement,
  readSilence,
  type NewSilence,
  type Reading,
} from '../../alerts/silences/request.ts'
import { isInForce, reachOf, type Silence } from '../../alerts/silences/silence.ts'
import { findTarget, listedTargets, watchedNames, type Config } from '../../config/config.ts'
import { formatMatcher } from '../../config/notify/matchers.ts'
import { silencedTargets, type LabelsOfTargets } from './silenced-targets.ts'
import { ProbityError } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { ShownAlert, ShownSilence, SilencedMark, Silencing } from '../../web/status/silences.ts'

export interface SilencingOptions {
  readonly keeper: SilenceKeeper
  /** The configuration in force. */
  readonly config: () => Config
  /** Those of the configuration in force. */
  readonly labels: () => LabelsOfTargets
  readonly clock: Pick<Clock, 'now'>
  readonly log: Logger
}

/** What people do to silences, and see of them. */
export function createSilencing({ keeper, config, labels, clock, log }: SilencingOptions): Silencing {
  const reading = (by: string): Reading => ({ targets: namesOf(config()), by, now: clock.now() })

  async function add(silences: readonly NewSilence[]): Promise<readonly ShownSilence[]> {
    const added = (await keeper.add(silences)).map(shown)
    for (const silence of added) log.info({ audit: true, ...silence }, 'silence begun')
    return added
  }

  const namesSilenced = silencedTargets()
  return {
    list: async () => sorted(await keeper.list()).map(shown),
    async ofTarget(given) {
      const name = findTarget(config(), given)?.name ?? given
      const ofTarget = labels().get(name) ?? { target: name }
      const [silences, firing] = await Promise.all([keeper.list(), keeper.firing()])
      const own = firing.filter((alert) => alert.labels['target'] === name)
      const used = new Set(own.flatMap(({ silencedBy }) => silencedBy))
      return {
        silences: sorted(silences.filter((one) => used.has(one.id) || reachOf(one, ofTarget) !== 'none')).map(
          shown,
        ),
        alerts: own.map(shownAlert),
      }
    },
    async marks() {
      try {
        const [silences, firing] = await Promise.all([keeper.list(), keeper.firing()])
        const inForce = silences.filter((one) => isInForce(one, clock.now()))
        return marksOf(inForce, firing, await namesSilenced(inForce, labels()))
      } catch {
        // The page of the silences says why.
        return new Map()
      }
    },
    silence: async (request, by) => add([readSilence(request, reading(by))]),
    acknowledge: async (request, by) => {
      const target = findTarget(config(), request.target)?.name ?? request.target
      return add(readAcknowledgement({ ...request, target }, await keeper.firing(), reading(by)))
    },
    async end(id, by) {
      const ended = await keeper.end(id)
      if (!ended)
        throw new ProbityError(
          'SILENCE_UNKNOWN',
          `there is no silence ${JSON.stringify(id.slice(0, 100))}, or it has ended: probity silence list shows those that are there`,
        )
      const silence = shown(ended)
      log.info({ audit: true, ...silence, endedBy: by }, 'silence ended')
      return silence
    },
  }
}

/** A silence of all alerts says more than one of those that fire. */
function marksOf(
  silences: readonly Silence[],
  firing: readonly FiringAlert[],
  targets: ReadonlyMap<Silence, readonly string[]>,
): Map<string, SilencedMark> {
  const byId = new Map(silences.map((silence) => [silence.id, silence]))
  const marks = new Map<string, SilencedMark>()
  const mark = (name: string, silence: Silence): void => {
    const { endsAt: until, createdBy: by, acknowledges } = silence
    const before = marks.get(name)
    if (!before || before.until < until)
      marks.set(name, { until, by, acknowledged: acknowledges !== undefined })
  }
  for (const { labels, silencedBy } of firing)
    for (const id of silencedBy) {
      const silence = byId.get(id)
      if (silence && labels['target'] !== undefined) mark(labels['target'], silence)
    }
  for (const [silence, names] of targets) for (const name of names) mark(name, silence)
  return marks
}

function namesOf(config: Config): string[] {
  return [...new Set([...watchedNames(config), ...listedTargets(config).map(({ name }) => name)])]
}

function sorted(silences: readonly Silence[]): Silence[] {
  return silences.toSorted((a, b) => a.endsAt.getTime() - b.endsAt.getTime())
}

function shown({ matchers, acknowledges, ...silence }: Silence): ShownSilence {
  const { id, startsAt, endsAt, createdBy, comment } = silence
  return {
    id,
    match: matchers.map(formatMatcher).join(', '),
    startsAt,
    endsAt,
    createdBy,
    comment,
    ...(acknowledges && {
      acknowledges: { alertname: acknowledges.alertname, target: acknowledges.target },
    }),
  }
}

/** What may be shown of an alert that fires. */
export function shownAlert({
  labels,
  annotations,
  startsAt,
  silencedBy,
}: Alert & Pick<FiringAlert, 'silencedBy'>): ShownAlert {
  return {
    alertname: labels['alertname'] ?? '',
    target: labels['target'] ?? '',
    severity: labels['severity'] ?? '',
    summary: annotations['summary'] ?? '',
    startsAt,
    silencedBy,
  }
}
