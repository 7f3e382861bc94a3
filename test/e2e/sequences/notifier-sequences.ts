import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePorts, untilReady } from '../../../scripts/stack/process.ts'
import { seeded } from '../../../scripts/simulate/random.ts'
import type { Alert } from '../../../src/alerts/alert.ts'
import { fingerprintOf } from '../../../src/alerts/evaluator/fingerprint.ts'
import { webhookMessage } from '../../support/alerts/alerts.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'
import { readLog } from './alerts-log.ts'
import { judge, type Figures } from './figures.ts'
import { startKilling } from './killing.ts'
import { startReceivers, stateOf, type Told } from './receivers.ts'
import { untilDelivered } from './stored-deliveries.ts'

const token = 'secret-of-the-sequences'
const steps = 8
/** A sequence ends, whatever the machine is busy with. */
const maxSteps = 400
const targetsEach = 3
export const receiverNames = ['one', 'two'] as const

export const notifyYml = `
channels:
${receiverNames
  .map(
    (name) =>
      `  ${name}: { type: webhook, url: "\${RECEIVERS}/${name}", via: probity, group_by: off, delivery: { per_minute: 6000 } }`,
  )
  .join('\n')}
routes:
  - { channels: [${receiverNames.join(', ')}], repeat: once }
`

/**
 * Plays sequences of beginnings and ends at a notifier that is killed again and again, as an Alertmanager would send them: a
 * message has everything in its group that fires, and what has just ended; it is sent until it is answered.
 *
 * @param atLeast How often it is killed: sequences go on until then.
 */
export async function playNotifier(seed: number, sequences: number, atLeast = 1): Promise<Figures> {
  const random = seeded(seed)
  const folder = await tempFolder()
  const { port } = await freePorts(['port'])
  const url = `http://127.0.0.1:${port}`
  await writeFile(join(folder, 'token'), token)
  await writeFile(join(folder, 'notify.yml'), notifyYml)
  const receivers = await startReceivers(random, 'TargetDown')
  const killing = await startKilling({
    folder,
    args: [
      'notifier',
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.bearer-token-file=token',
      '--alerts.log-file=data/alerts.log',
      '--notify.file=notify.yml',
    ],
    ready: (program) => untilReady(program, `${url}/-/ready`, 120_000),
    receivers,
    random,
    lives: [50, 1200],
  })
  const due: Told[] = []

  async function post(alerts: readonly Alert[]): Promise<void> {
    await waitFor('an answer of the notifier', async () => {
      const response = await fetch(`${url}/api/v1/alerts`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
        body: JSON.stringify(webhookMessage(alerts)),
        signal: AbortSignal.timeout(30_000),
      })
      await response.text()
      return response.ok
    })
  }

  async function playOne(number: number): Promise<void> {
    const firing = new Map<string, Alert>()
    let clock = Date.parse('2026-11-20T12:00:00Z')
    for (let step = 0; step < steps || (killing.kills() < atLeast && step < maxSteps); step++) {
      clock += 60_000
      const message: Alert[] = []
      for (let index = 0; index < targetsEach; index++) {
        const target = `sequence-${number}-target-${index}`
        const before = firing.get(target)
        // The first target changes each time, so that no message is empty.
        const changes = index === 0 || random() < 0.5
        if (!changes) message.push(...(before ? [before] : []))
        else if (before) {
          firing.delete(target)
          message.push({ ...before, status: 'resolved', endsAt: new Date(clock) })
        } else {
          firing.set(target, beginning(target, clock))
          message.push(beginning(target, clock))
        }
        const last = message.at(-1)
        if (!changes || !last) continue
        const state = stateOf(last.status, last.startsAt)
        due.push(...[...receiverNames, 'log'].map((receiver) => ({ receiver, target, state })))
      }
      await post(message)
      await new Promise((resolve) => setTimeout(resolve, random() * 800))
    }
  }

  await Promise.all(Array.from({ length: sequences }, (_none, number) => playOne(number)))
  await killing.end()
  await untilDelivered(folder)
  await killing.stop()
  const log = await readLog(join(folder, 'data/alerts.log'))
  const judged = judge({ due, taken: [...receivers.taken, ...log], inFlight: killing.inFlight })
  return {
    sequences,
    kills: killing.kills(),
    cut: killing.inFlight.length,
    failed: receivers.failures(),
    ...judged,
  }
}

function beginning(target: string, at: number): Alert {
  const labels = { alertname: 'TargetDown', target, severity: 'critical', location: 'default' }
  return {
    status: 'firing',
    labels,
    annotations: { summary: `${target} has failed every check` },
    startsAt: new Date(at),
    fingerprint: fingerprintOf(labels),
  }
}
