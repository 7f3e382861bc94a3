import { didYouMean } from '../../settings/values/closest.ts'
import { seen } from '../../settings/values/value.ts'
import type { Place } from '../../settings/issues.ts'
import { isMapping, type Mapping, type Reading } from '../../config/document/parts.ts'
import type { Path } from '../../settings/path.ts'
import { ExpansionError, hasExpansion } from '../../settings/secrets.ts'
import { builtInLog, type Dialect, type MinitorFile, type Monitor } from './minitor.ts'
import { minitorSchema, numberKeys, type WrittenMinitor, type WrittenMonitor } from './schema.ts'

/** Whether a document is one of Minitor: nothing else has a list of monitors. */
export function isMinitor(document: unknown): document is Mapping {
  return isMapping(document) && Array.isArray(document['monitors']) && !('targets' in document)
}

/** Seconds between two checks where nothing is said. */
const defaultInterval = 30

/** What each dialect has where nothing is said. */
const defaultsOf: Readonly<Record<Dialect, { readonly alertAfter: number; readonly interval: number }>> = {
  python: { alertAfter: 4, interval: defaultInterval },
  go: { alertAfter: 1, interval: 0 },
}

/** Each wait twice as long. */
const exponential = -1

/**
 * Reads a Minitor file. What is wrong is reported.
 *
 * Source: https://git.iamthefij.com/iamthefij/minitor (README.md, main.py) and minitor-go at its last version with YAML
 * (config.go, monitor.go)
 *
 * @returns Nothing where something is wrong.
 */
export function readMinitor(document: Mapping, place: Place, reading: Reading): MinitorFile | undefined {
  const { issues } = reading
  const wrong: Path[] = []
  const report = (path: Path, message: string): void => {
    wrong.push(path)
    issues.add(place, path, 'value', message)
  }
  const expanded = Object.fromEntries(
    Object.entries(document)
      // As in targets.yml: a place for anchors.
      .filter(([key]) => !key.startsWith('x-'))
      .map(([key, item]) => [
        key,
        key === 'monitors'
          ? (item as unknown[]).map((monitor, index) =>
              isMapping(monitor) ? expandNumbers(monitor, ['monitors', index], reading, report) : monitor,
            )
          : item,
      ]),
  )
  const { success, data, error } = minitorSchema.safeParse(expandNumbers(expanded, [], reading, report))
  for (const issue of error?.issues ?? []) issues.addZod(place, issue)
  if (!success || wrong.length > 0) return undefined
  checkNames(data, report)
  return wrong.length > 0 ? undefined : complete(data, dialectOf(data, expanded))
}

function expandNumbers(
  written: Mapping,
  at: Path,
  { expander }: Reading,
  report: (path: Path, message: string) => void,
): Mapping {
  // A key without a value is the same as none.
  const given = Object.entries(written).filter(([key, item]) => !numberKeys.has(key) || item !== null)
  const entries = given.map(([key, item]): [string, unknown] => {
    if (!numberKeys.has(key) || typeof item !== 'string' || !hasExpansion(item)) return [key, item]
    try {
      return [key, expander.expand(item).value]
    } catch (error) {
      if (!(error instanceof ExpansionError)) throw error
      report([...at, key], error.message)
      return [key, undefined]
    }
  })
  return Object.fromEntries(entries)
}

function checkNames(file: WrittenMinitor, report: (path: Path, message: string) => void): void {
  const known = [builtInLog, ...Object.keys(file.alerts ?? {})]
  const check = (names: readonly string[] | undefined, at: Path): void => {
    for (const [index, name] of (names ?? []).entries()) {
      if (known.includes(name)) continue
      report([...at, index], `there is no alert ${seen}${didYouMean(name, known)}`)
    }
  }
  for (const key of ['default_alert_down', 'default_alert_up', 'startup_alerts'] as const)
    check(file[key], [key])
  for (const [index, monitor] of file.monitors.entries()) {
    for (const key of ['alerts', 'alert_down', 'alert_up'] as const)
      check(monitor[key], ['monitors', index, key])
  }
}

function complete(file: WrittenMinitor, dialect: Dialect): MinitorFile {
  const notes: string[] = []
  const taken = new Set<string>()
  const monitors = file.monitors.map((written) => {
    const name = unique(written.name, taken)
    if (name !== written.name)
      notes.push(`monitor ${name}: has a number, because another one has the same name`)
    const monitor = completeMonitor({ ...written, name }, file, dialect)
    if (written.check_interval !== undefined && written.check_interval < monitor.interval)
      notes.push(`monitor ${name}: is checked every ${monitor.interval} s, the check_interval at the top`)
    return monitor
  })
  return {
    dialect,
    monitors,
    alerts: new Map(Object.entries(file.alerts ?? {}).map(([name, { command }]) => [name, command])),
    startupAlerts: file.startup_alerts ?? [],
    notes,
  }
}

function completeMonitor(written: WrittenMonitor, file: WrittenMinitor, dialect: Dialect): Monitor {
  const { alertAfter, interval } = defaultsOf[dialect]
  return {
    name: written.name,
    command: written.command,
    // Minitor looks at its monitors once in every top-level interval, and never more often.
    interval: Math.max(written.check_interval ?? interval, file.check_interval ?? defaultInterval),
    alertAfter: written.alert_after ?? file.default_alert_after ?? alertAfter,
    alertEvery: written.alert_every ?? file.default_alert_every ?? exponential,
    down: firstWithAny(written.alert_down, written.alerts, file.default_alert_down) ?? [builtInLog],
    up: firstWithAny(written.alert_up, file.default_alert_up) ?? [],
  }
}

function firstWithAny(...lists: (readonly string[] | undefined)[]): string[] | undefined {
  const found = lists.find((list) => list !== undefined && list.length > 0)
  return found && [...new Set(found)]
}

/** Minitor takes two monitors of one name. */
function unique(name: string, taken: Set<string>): string {
  let own = name
  for (let number = 2; taken.has(own); number++) own = `${name} (${number})`
  taken.add(own)
  return own
}

/** Only Go's Minitor knows these; without any of them, a file means what it meant to the first Minitor. */
function dialectOf(file: WrittenMinitor, written: Mapping): Dialect {
  const commands = Object.values(file.alerts ?? {}).flatMap(({ command }) => command)
  const intervals = [written, ...(written['monitors'] as Mapping[])].map((part) => part['check_interval'])
  const isGo =
    Object.keys(written).some((key) => key.startsWith('default_')) ||
    commands.some((text) => /\{\{[^{}]*\.[A-Z]/.test(text)) ||
    intervals.some((interval) => typeof interval === 'string' && /[a-z]/.test(interval))
  return isGo ? 'go' : 'python'
}
