import { readFile } from 'node:fs/promises'
import { stateOf, type Told } from './receivers.ts'

interface Line {
  readonly alertname: string
  readonly target: string
  readonly status: string
  readonly starts_at: string
}

/** The alerts log, as one more receiver: what it says of TargetDown. A line that a kill has torn is passed over. */
export async function readLog(path: string): Promise<Told[]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Line)
    .filter(({ alertname }) => alertname === 'TargetDown')
    .map(({ target, status, starts_at: since }) => ({
      receiver: 'log',
      target,
      state: stateOf(status, since),
    }))
}
