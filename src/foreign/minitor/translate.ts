import type { CommandLine } from '../../lib/io/run-command.ts'
import { formatDuration } from '../../settings/values/duration.ts'
import { channelsOf, type AlertChannel } from './channels.ts'
import { builtInLog, type MinitorFile, type Monitor } from './minitor.ts'
import { openVariables } from './shell-variables.ts'
import { otherActions } from './templates.ts'

/** What a file of Minitor says, in the words of targets.yml and notify.yml. */
export interface Translation {
  /** The content of targets.yml; its targets are in the order of the monitors. */
  readonly targets: { readonly defaults: object; readonly targets: readonly object[] }
  /** The content of notify.yml. */
  readonly notify: { readonly channels: Readonly<Record<string, object>> }
  /** The channels of notify.yml, and which alert each was. */
  readonly channels: readonly AlertChannel[]
  /** What is not the same as before, for a person. */
  readonly notes: readonly string[]
}

/** Minitor waits for a command as long as it takes; here it has most of the interval. */
const timeoutShare = 0.9

/** Says the same as a file of Minitor. */
export function translate(file: MinitorFile): Translation {
  const channels = channelsOf(file)
  return {
    targets: {
      // Minitor knows up and down, and nothing between.
      defaults: { expect: { max_latency: 'off', max_error_rate: 'off' } },
      targets: file.monitors.map((monitor) => toTarget(monitor, file, channels)),
    },
    notify: {
      channels: Object.fromEntries(
        channels.map(({ channel, command, when }) => [
          channel,
          { type: 'command', command, ...(when && { when }) },
        ]),
      ),
    },
    channels,
    notes: notesOn(file),
  }
}

function toTarget(monitor: Monitor, file: MinitorFile, channels: readonly AlertChannel[]): object {
  const { name, interval, alertAfter, alertEvery, down, up } = monitor
  const told = channels.filter(
    ({ alert, when }) =>
      (when !== 'resolved' && down.includes(alert)) || (when !== 'firing' && up.includes(alert)),
  )
  return {
    name,
    command: asLoaded(monitor.command, file),
    interval: formatDuration(interval),
    timeout: formatDuration(Math.floor(interval * timeoutShare * 1000) / 1000),
    alert_after: alertAfter,
    repeat: alertEvery < 0 ? 'exponential' : alertEvery === 0 ? 'once' : alertEvery,
    notify: [builtInLog, ...told.map(({ channel }) => channel)],
  }
}

function asLoaded(command: CommandLine, { dialect }: MinitorFile): CommandLine {
  return typeof command === 'string' && dialect === 'python' ? openVariables(command) : command
}

function notesOn({ alerts, monitors, notes }: MinitorFile): string[] {
  const left = [...alerts].flatMap(([alert, command]) =>
    [command]
      .flat()
      .flatMap(otherActions)
      .map((action) => `alert ${alert}: ${action} is not supported here and stays as it is`),
  )
  const usesLog = monitors.some(({ down, up }) => [...down, ...up].includes(builtInLog))
  const log = 'alert log: is the alerts log, which has a line when an alert begins and when it ends'
  return [...notes, ...left, ...(usesLog && !alerts.has(builtInLog) ? [log] : [])]
}
