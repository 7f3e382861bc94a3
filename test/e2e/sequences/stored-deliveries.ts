import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { waitFor } from '../../support/time/wait-for.ts'
import { stateOf, type Told } from './receivers.ts'

/** A delivery as the state file has it. */
export interface StoredDelivery extends Told {
  readonly underway: boolean
}

interface Stored {
  readonly channel: string
  readonly underway: boolean
  readonly notification: { readonly status: string; readonly target: string; readonly startsAt: string }
}

/** What has not been delivered yet, by the state file; each of its lines holds some changes. */
export async function storedDeliveries(folder: string): Promise<StoredDelivery[]> {
  const deliveries = new Map<string, Stored>()
  const text = await readFile(join(folder, 'data/notifier-state.jsonl'), 'utf8')
  // A kill may have torn the last line.
  for (const line of text.split('\n').filter((each) => each.endsWith(']]')))
    for (const [key, value] of JSON.parse(line) as [string, Stored?][]) {
      if (value === undefined) deliveries.delete(key)
      else if (key.startsWith('delivery/')) deliveries.set(key, value)
    }
  return [...deliveries.values()].map(
    ({ channel: receiver, underway, notification: { status, target, startsAt } }) => ({
      receiver,
      target,
      state: stateOf(status, startsAt),
      underway,
    }),
  )
}

export async function untilDelivered(folder: string): Promise<void> {
  await waitFor('the end of all deliveries', async () => (await storedDeliveries(folder)).length === 0)
}
