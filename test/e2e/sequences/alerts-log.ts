import { readFile } from 'node:fs/promises'
import { stateOf, type Told } from './receivers.ts'

interface Line {
  readonly alertname: string
  readonly target: string
  readonly status: string
  readonly starts_at: string
  readonly reason?: string
}

/** A line of it, and why the target was down. */
export interface Logged extends Told {
  readonly reason: string | undefined
}

/** The alerts log, as one more receiver: what it says of TargetDown. A line that a kill has torn is passed over. */
export async function readLog(path: string): Promise<Logged[]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Line)
    .filter(({ alertname }) => alertname === 'TargetDown')
    .map(({ target, status, starts_at: since, reason }) => ({
      receiver: 'log',
      target,
      state: stateOf(status, since),
      reason,
    }))
}
