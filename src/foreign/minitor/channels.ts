import type { CommandLine } from '../../lib/io/run-command.ts'
import { ChannelNames } from '../shared/channel-names.ts'
import type { MinitorFile } from './minitor.ts'
import { openVariables } from './shell-variables.ts'
import { decideConditionals, hasConditional, unescapeBraces } from './templates.ts'

/** A channel that does what an alert of Minitor did. */
export interface AlertChannel {
  /** Its name in notify.yml. */
  readonly channel: string
  /** The alert's name in Minitor's file. */
  readonly alert: string
  readonly command: CommandLine
  /** Absent: for both. */
  readonly when?: 'firing' | 'resolved'
}

type Direction = 'firing' | 'resolved'

/**
 * Makes the channels of the alerts. The beginning and the end of a target's alert go through the same channels; where monitors
 * want an alert for one of the two only, or where its words differ, it becomes two.
 */
export function channelsOf(file: MinitorFile): AlertChannel[] {
  const names = new ChannelNames()
  return [...file.alerts].flatMap(([alert, written]) => {
    const uses = usesOf(alert, file)
    const differs = [written].flat().some(hasConditional)
    const make = (channel: string, when: Direction | undefined): AlertChannel => ({
      channel,
      alert,
      command: asFilledIn(written, file, when),
      ...(when && { when }),
    })
    if (uses.size === 1 && !uses.has('both')) return [make(names.unique(alert), onlyOf(uses))]
    if (uses.size <= 1 && !differs) return [make(names.unique(alert), undefined)]
    return [make(names.unique(alert), 'firing'), make(names.unique(`${alert}${upSuffix}`), 'resolved')]
  })
}

const upSuffix = '-up'

type Use = Direction | 'both'

function usesOf(alert: string, { monitors }: MinitorFile): Set<Use> {
  return new Set(
    monitors.flatMap(({ down, up }): Use[] => {
      const [isDown, isUp] = [down.includes(alert), up.includes(alert)]
      if (isDown && isUp) return ['both']
      return isDown ? ['firing'] : isUp ? ['resolved'] : []
    }),
  )
}

function onlyOf(uses: ReadonlySet<Use>): Direction {
  return uses.has('resolved') ? 'resolved' : 'firing'
}

/** The command with the templates and variables that are left to the program that runs it. */
function asFilledIn(
  command: CommandLine,
  { dialect }: MinitorFile,
  when: Direction | undefined,
): CommandLine {
  if (dialect === 'python')
    return typeof command === 'string' ? openVariables(unescapeBraces(command)) : command.map(unescapeBraces)
  if (when === undefined) return command
  const decide = (text: string): string => decideConditionals(text, when === 'resolved')
  return typeof command === 'string' ? decide(command) : command.map(decide)
}
