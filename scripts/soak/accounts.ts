import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readMapFile } from '../../src/lib/io/map-lines.ts'

/** How often solo has recorded TargetDown of the regular targets. */
export interface Accounts {
  /** Lines of the alerts log: every beginning and every end, whether or not it has been sent. */
  readonly logged: number
  /** Messages that were on their way when solo was stopped: the next start would send them. */
  readonly waiting: number
}

interface Named {
  readonly alertname: string
  readonly target: string
}

const isCounted = ({ alertname, target }: Named): boolean =>
  alertname === 'TargetDown' && target.startsWith('target-')

/** @param folder Solo's `--storage.path`, after its end. */
export function readAccounts(folder: string): Accounts {
  const lines = readFileSync(join(folder, 'alerts.log'), 'utf8').split('\n')
  const state = new Map<string, string>()
  readMapFile(readFileSync(join(folder, 'notifier-state.jsonl'), 'utf8'), state)
  const deliveries = [...state].filter(([key]) => key.startsWith('delivery/'))
  return {
    logged: lines.filter((line) => line !== '' && isCounted(JSON.parse(line) as Named)).length,
    waiting: deliveries.filter(([, value]) =>
      isCounted((JSON.parse(value) as { readonly notification: Named }).notification),
    ).length,
  }
}
