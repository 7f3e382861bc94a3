import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freePorts, startProgram, untilReady, type Program } from '../../../scripts/stack/process.ts'
import type { Alert } from '../../../src/alerts/alert.ts'
import { addToken } from '../../../src/tokens/edit.ts'
import { anAlert, resolved, webhookMessage } from '../../support/alerts/alerts.ts'
import { atEnd } from '../../support/at-end.ts'
import { probity } from '../../support/programs/probity.ts'
import { startHttpPeer } from '../../support/servers/http-peer.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const token = 'secret-of-alertmanager'

interface Notifier {
  readonly start: () => Promise<void>
  readonly kill: () => Promise<void>
  readonly role: () => Promise<string | undefined>
  /** What it has not sent, and does not know to be sent by the other one. */
  readonly pending: () => Promise<number>
  /** As Alertmanager does, which repeats it until it is answered. */
  readonly post: (...alerts: readonly Alert[]) => Promise<void>
}

const alertOf = (target: string): Alert =>
  anAlert({
    labels: { alertname: 'TargetDown', target, severity: 'critical' },
    startsAt: new Date(Math.floor(Date.now() / 1000) * 1000),
    fingerprint: Buffer.from(target.padEnd(8)).toString('hex'),
  })

/** The real program, twice; the test is the Alertmanager that sends to both. */
describe('two notifiers that watch each other', () => {
  it('notify once, also where one of them is killed or hears of an alert alone', async () => {
    const told: string[] = []
    const people = await startHttpPeer(({ body }) => {
      interface Message {
        alerts: { status: string; labels: Record<string, string> }[]
      }
      for (const { status, labels } of (JSON.parse(body) as Message).alerts)
        told.push(`${labels['target'] ?? ''} ${status}`)
      return { status: 200 }
    })
    const ports = await freePorts(['a', 'b'])
    const folders = { a: await tempFolder(), b: await tempFolder() }
    const secretOf = (name: 'a' | 'b') =>
      addToken(join(folders[name], 'tokens.jsonl'), { name: 'peer', scopes: ['peer'], now: Date.now() })
    const secrets = { a: await secretOf('a'), b: await secretOf('b') }

    async function open(name: 'a' | 'b', other: 'a' | 'b'): Promise<Notifier> {
      const folder = folders[name]
      const url = `http://127.0.0.1:${ports[name]}`
      await writeFile(join(folder, 'token'), token)
      await writeFile(
        join(folder, 'notify.yml'),
        `channels: { hook: { type: webhook, url: '\${PEOPLE}', via: probity, group_by: off } }
routes: [{ channels: hook, repeat: once }]
peers: [{ url: 'http://127.0.0.1:${ports[other]}', token: '\${PEER_TOKEN}' }]
`,
      )
      let program: Program
      const start = async (): Promise<void> => {
        const flags = ['--notify.file=notify.yml', '--alerts.log-file=data/alerts.log']
        const access = ['--web.bearer-token-file=token', '--web.tokens.file=tokens.jsonl']
        const where = `--web.listen-address=127.0.0.1:${ports[name]}`
        const args = [...probity, 'notifier', ...flags, ...access, where]
        const env = { PATH: process.env.PATH, PEOPLE: people.url, PEER_TOKEN: secrets[other] }
        program = startProgram(name, process.execPath, args, { cwd: folder, env })
        await untilReady(program, `${url}/-/healthy`, 120_000)
      }
      await start()
      atEnd(() => program.stop('SIGKILL'))
      return {
        start,
        kill: () => program.stop('SIGKILL'),
        async role() {
          const answer = await fetch(`${url}/metrics`).catch(() => undefined)
          return /probity_peer_role\{role="(\w+)"\} 1/.exec((await answer?.text()) ?? '')?.[1]
        },
        async pending() {
          const answer = await fetch(`${url}/api/v1/undelivered`, {
            headers: { Authorization: `Bearer ${token}` },
          })
          return ((await answer.json()) as { pending: unknown[] }).pending.length
        },
        async post(...alerts) {
          await waitFor('an answer', async () => {
            const answer = await fetch(`${url}/api/v1/alerts`, {
              method: 'POST',
              headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
              body: JSON.stringify(webhookMessage(alerts)),
            })
            await answer.text()
            return answer.ok
          })
        },
      }
    }

    const both = [await open('a', 'b'), await open('b', 'a')] as const
    const roles = async (): Promise<{ leader: Notifier; other: Notifier }> =>
      waitFor('one that leads', async () => {
        const [one, two] = await Promise.all(both.map((each) => each.role()))
        if (one === 'leading' && two === 'standby') return { leader: both[0], other: both[1] }
        return one === 'standby' && two === 'leading' ? { leader: both[1], other: both[0] } : undefined
      })
    const { leader, other } = await roles()
    const [shop, pay, blog] = ['shop', 'pay', 'blog'].map(alertOf) as [Alert, Alert, Alert]

    await other.post(shop)
    await leader.post(shop)
    await waitFor('the beginning', () => told.length > 0)
    await waitFor('the other one to know', async () => (await other.pending()) === 0)

    await leader.kill()
    const end = resolved(shop, new Date())
    await other.post(end, pay)
    await waitFor('what the other one sends', () => told.length >= 3)
    await leader.start()
    await leader.post(end, pay)
    await roles()

    // Alertmanager does not reach the one that leads.
    await other.post(blog)
    await waitFor('what only one of them has heard of', () => told.includes('blog firing'))
    const ends = [resolved(pay, new Date()), resolved(blog, new Date())]
    await Promise.all(both.map((each) => each.post(...ends)))
    await waitFor('the last ends', () => told.includes('pay resolved') && told.includes('blog resolved'))
    expect(told.slice(0, 1)).toEqual(['shop firing'])
    expect(told.sort()).toEqual([
      'blog firing',
      'blog resolved',
      'pay firing',
      'pay resolved',
      'shop firing',
      'shop resolved',
    ])
  }, 600_000)
})
