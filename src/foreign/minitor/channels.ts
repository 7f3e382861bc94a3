import type { CommandLine } from '../../lib/io/run-command.ts'
import { builtInLog, type MinitorFile } from './minitor.ts'
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
  const taken = new Set<string>(reserved)
  return [...file.alerts].flatMap(([alert, written]) => {
    const uses = usesOf(alert, file)
    const differs = [written].flat().some(hasConditional)
    const make = (channel: string, when: Direction | undefined): AlertChannel => ({
      channel,
      alert,
      command: asFilledIn(written, file, when),
      ...(when && { when }),
    })
    if (uses.size === 1 && !uses.has('both')) return [make(nameOf(alert, taken), onlyOf(uses))]
    if (uses.size <= 1 && !differs) return [make(nameOf(alert, taken), undefined)]
    return [make(nameOf(alert, taken), 'firing'), make(nameOf(`${alert}${upSuffix}`, taken), 'resolved')]
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

/** Names that notify.yml or alertmanager.yml have already. */
const reserved = [builtInLog, 'notifier', 'watchdog', 'nobody']

/** A channel's name has letters, digits, - and _ only. */
function nameOf(alert: string, taken: Set<string>): string {
  const plain = alert
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 50)
  const base = plain === '' || reserved.includes(plain) ? `alert-${plain}`.replace(/-$/, '') : plain
  let name = base
  for (let number = 2; taken.has(name); number++) name = `${base}-${number}`
  taken.add(name)
  return name
}
