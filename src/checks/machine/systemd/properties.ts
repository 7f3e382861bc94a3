import { cut, oneLine, plainText } from '../../../lib/text/text.ts'
import type { SystemdResult } from './result.ts'

/** What is asked for: systemctl(1), `show`. */
export const properties = [
  'LoadState',
  'ActiveState',
  'SubState',
  'Result',
  'NRestarts',
  'ExecMainStatus',
] as const

/** What is known of a unit, and whether there is one. */
export interface UnitState extends SystemdResult {
  /** Such as `loaded`, `not-found`, `masked` and `bad-setting`. */
  readonly loadState: string
}

/**
 * Reads lines such as `ActiveState=active`. A property that a type of units does not have is left out by systemctl.
 *
 * @returns Nothing for something else.
 */
export function readProperties(output: string): UnitState | undefined {
  const found = new Map(
    plainText(output)
      .split('\n')
      .map((line) => /^(\w+)=(.*)$/.exec(line.trim()))
      .flatMap((match) => (match ? [[match[1] ?? '', cut(oneLine(match[2] ?? ''), 100)] as const] : [])),
  )
  const loadState = found.get('LoadState')
  const activeState = found.get('ActiveState')
  if (loadState === undefined || activeState === undefined) return undefined
  const restarts = whole(found.get('NRestarts'))
  const exitStatus = whole(found.get('ExecMainStatus'))
  return {
    loadState,
    activeState,
    subState: found.get('SubState') ?? '',
    ...(found.has('Result') && { result: found.get('Result') }),
    ...(restarts !== undefined && { restarts }),
    ...(exitStatus !== undefined && { exitStatus }),
  }
}

function whole(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined
}
