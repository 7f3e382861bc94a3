import { createServer } from 'node:http'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { freePorts, untilReady } from '../../../scripts/stack/process.ts'
import { seeded } from '../../../scripts/simulate/random.ts'
import { atEnd } from '../../support/at-end.ts'
import { withDatabase } from '../../support/embedded.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'
import { judge, type Figures } from './figures.ts'
import { readLog } from './alerts-log.ts'
import { startKilling } from './killing.ts'
import { notifyYml, receiverNames } from './notifier-sequences.ts'
import { startReceivers, wordOf, type Told } from './receivers.ts'
import { untilDelivered } from './stored-deliveries.ts'

const targetsEach = 3
/** A third outage within half an hour would be flapping, which is one alert of its own. */
const maxOutages = 2

/**
 * Plays sequences of outages at solo, which is killed again and again. An outage lasts until the alerts log has its beginning, and
 * for a random time beyond; the next one begins after its end in the same way.
 */
export async function playSolo(seed: number, sequences: number): Promise<Figures> {
  const random = seeded(seed)
  const folder = await tempFolder()
  await withDatabase(join(folder, 'data'))
  const down = new Set<string>()
  const watched = createServer((request, response) => {
    response.writeHead(down.has(request.url?.slice(1) ?? '') ? 503 : 200).end()
  }).listen(0, '127.0.0.1')
  await once(watched, 'listening')
  atEnd(() => {
    watched.close()
    watched.closeAllConnections()
  })
  const names = Array.from({ length: sequences }, (_none, number) =>
    Array.from({ length: targetsEach }, (_, index) => `sequence-${number}-target-${index}`),
  )
  await writeFile(
    join(folder, 'targets.yml'),
    targetsYml(names.flat(), (watched.address() as AddressInfo).port),
  )
  await writeFile(join(folder, 'notify.yml'), notifyYml)
  const { web, calls } = await freePorts(['web', 'calls'])
  const receivers = await startReceivers(random, 'TargetDown')
  const killing = await startKilling({
    folder,
    args: [
      'solo',
      '--config.file=targets.yml',
      '--notify.file=notify.yml',
      '--storage.path=data',
      `--web.listen-address=127.0.0.1:${web}`,
      `--calls.listen-address=127.0.0.1:${calls}`,
    ],
    ready: (program) => untilReady(program, `http://127.0.0.1:${web}/-/healthy`, 120_000),
    receivers,
    random,
    lives: [300, 8000],
  })

  const outages = new Map<string, number>()
  const logged = () => readLog(join(folder, 'data/alerts.log'))

  /** How many states of a target are in the log; one that is written twice counts once. */
  const states = async (target: string): Promise<number> =>
    new Set((await logged()).flatMap((line) => (line.target === target ? [line.state] : []))).size

  async function playTarget(target: string): Promise<void> {
    const changes = 1 + Math.floor(random() * (2 * maxOutages))
    for (let change = 1; change <= changes; change++) {
      await new Promise((resolve) => setTimeout(resolve, random() * 1500))
      if (change % 2 === 1) {
        down.add(target)
        outages.set(target, (outages.get(target) ?? 0) + 1)
      } else down.delete(target)
      await waitFor(
        `change ${change} of ${target} in the alerts log`,
        async () => (await states(target)) >= change,
        240_000,
      )
    }
  }

  await Promise.all(names.flat().map(playTarget))
  await killing.end()
  // On a busy machine a check may time out: that is an outage too, which ends.
  const wrong = async (): Promise<string[]> => {
    const last = new Map((await logged()).map(({ target, state }) => [target, state]))
    return names.flat().filter((target) => last.get(target)?.startsWith('firing') !== down.has(target))
  }
  await waitFor('the last states', async () => (await wrong()).length === 0).catch(() => undefined)
  await untilDelivered(folder)
  const log = await logged()
  const decided = [...new Map(log.map((line) => [wordOf(line), line])).values()]
  const due = [...receiverNames, 'log'].flatMap((receiver) =>
    decided.map((line): Told => ({ ...line, receiver })),
  )
  const miscounted = names.flat().filter((target) => {
    const begun = decided.filter((line) => line.target === target && line.state.startsWith('firing'))
    const answered = begun.filter(({ reason }) => reason === 'status').length
    const played = outages.get(target) ?? 0
    // Those that the load made are of another reason; each that was played has begun, and once.
    return begun.length < played || answered > played
  })
  const judged = judge({ due, taken: [...receivers.taken, ...log], inFlight: killing.inFlight })
  await killing.stop()
  const contradicted = await wrong()
  return {
    sequences,
    kills: killing.kills(),
    cut: killing.inFlight.length,
    failed: receivers.failures(),
    ...judged,
    wrongAtTheEnd: judged.wrongAtTheEnd + contradicted.length + miscounted.length,
    faults: [
      ...judged.faults,
      ...contradicted.map((target) => `not the last state of ${target}`),
      ...miscounted.map(
        (target) =>
          `not the outages of ${target}: ${JSON.stringify(log.filter((line) => line.target === target))}`,
      ),
    ],
  }
}

function targetsYml(names: readonly string[], port: number): string {
  const target = (name: string): string =>
    `  - { name: ${name}, url: "http://127.0.0.1:${port}/${name}", interval: 1s, alert_after: 3, expect: { max_error_rate: off } }`
  return `targets:\n${names.map(target).join('\n')}\n`
}
