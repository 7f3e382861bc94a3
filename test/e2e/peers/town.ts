import { createServer } from 'node:http'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { freePorts, startProgram, untilReady, type Program } from '../../../scripts/stack/process.ts'
import type { Namespaces } from '../../../scripts/stack/namespaces.ts'
import { addToken } from '../../../src/tokens/edit.ts'
import { atEnd } from '../../support/at-end.ts'
import { withDatabase } from '../../support/embedded.ts'
import { probity } from '../../support/programs/probity.ts'
import { startHttpPeer } from '../../support/servers/http-peer.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'
import { startWire, type Wire } from './wire.ts'

/** A message that a receiver got. */
export interface Got {
  /** `pair` of the two, `control` of the one that watches the same and is left in peace. */
  readonly receiver: string
  readonly alertname: string
  readonly target: string
  readonly status: string
  /** Why the check failed: `status`, or `timeout`, ... */
  readonly reason: string | undefined
  readonly remark: string | undefined
}

/** One of the two, as a program. */
export interface Solo {
  readonly start: () => Promise<void>
  readonly kill: () => Promise<void>
  /** SIGSTOP and SIGCONT. */
  readonly signal: (signal: NodeJS.Signals) => void
  /** `leading`, `standby`, ...; undefined while it does not answer. */
  readonly role: () => Promise<string | undefined>
  readonly output: () => string
}

/** Targets, two solos that watch them and each other, and who is notified. */
export interface Town {
  readonly got: Got[]
  /** The targets that are down. */
  readonly down: Set<string>
  readonly first: Solo
  readonly second: Solo
  /** What each finds the other one by. */
  readonly wires: readonly Wire[]
  /** The one that leads, and the other one. */
  readonly roles: () => Promise<{ readonly leader: Solo; readonly other: Solo }>
  /** How often a receiver got a status of a target. */
  readonly times: (receiver: string, target: string, status: string) => number
}

export interface TownOptions {
  /** Whether one more solo watches the same, and notifies `control`. Default: none does. */
  readonly control?: boolean
  /** Where the two run, and what both reach from there. Default: on loopback, where they find each other through the wires. */
  readonly space?: Pick<Namespaces, 'places' | 'here'>
}

/** Starts everything, and waits until it answers. */
export async function startTown(
  targets: readonly string[],
  { control = false, space }: TownOptions = {},
): Promise<Town> {
  const here = space?.here ?? '127.0.0.1'
  const got: Got[] = []
  const down = new Set<string>()
  const shops = createServer((request, response) => {
    response.writeHead(down.has(request.url?.slice(1) ?? '') ? 503 : 200).end()
  }).listen(0, here)
  await once(shops, 'listening')
  atEnd(() => {
    shops.close()
    shops.closeAllConnections()
  })
  const { port } = shops.address() as AddressInfo
  const receivers = await startHttpPeer(({ path, body }) => {
    interface Message {
      alerts: { status: string; labels: Record<string, string>; annotations: Record<string, string> }[]
    }
    for (const { status, labels, annotations } of (JSON.parse(body) as Message).alerts)
      got.push({
        receiver: path.slice(1),
        alertname: labels['alertname'] ?? '',
        target: labels['target'] ?? '',
        status,
        reason: annotations['reason'],
        remark: annotations['remark'],
      })
    return { status: 200 }
  }, here)
  const ports = await freePorts(['a', 'b', 'control'])
  const wires = { a: await startWire(ports.a), b: await startWire(ports.b) }
  const folders = { a: await tempFolder(), b: await tempFolder(), control: await tempFolder() }
  // One after the other: the first may have to make what the others copy.
  for (const folder of Object.values(folders)) await withDatabase(join(folder, 'data'))
  // Each knows the token of the other one.
  const secrets = { a: '', b: '', control: '' }
  for (const name of ['a', 'b'] as const)
    secrets[name] = await addToken(join(folders[name], 'tokens.jsonl'), {
      name: 'peer',
      scopes: ['peer'],
      now: Date.now(),
    })

  async function open(name: 'a' | 'b' | 'control', other?: 'a' | 'b'): Promise<Solo> {
    const folder = folders[name]
    const placeOf = (solo: typeof name) => space?.places[solo === 'a' ? 0 : 1]
    const place = placeOf(name)
    const address = `${place?.host ?? '127.0.0.1'}:${ports[name]}`
    await writeFile(join(folder, 'targets.yml'), targetsYml(targets, `${here}:${port}`))
    await writeFile(join(folder, 'notify.yml'), notifyYml(other !== undefined))
    const peerOf = (solo: 'a' | 'b'): string =>
      `http://${placeOf(solo) ? `${placeOf(solo)?.hostInWorld}:${ports[solo]}` : `127.0.0.1:${wires[solo].port}`}`
    let program: Program
    const start = async (): Promise<void> => {
      const [command, ...args] = [...(place?.within ?? []), process.execPath]
      program = startProgram(
        name,
        command,
        [
          ...args,
          ...[
            ...probity,
            'solo',
            '--config.file=targets.yml',
            '--notify.file=notify.yml',
            '--storage.path=data',
          ],
          `--web.listen-address=${place ? `0.0.0.0:${ports[name]}` : address}`,
          '--calls.listen-address=127.0.0.1:0',
          '--web.tokens.file=tokens.jsonl',
        ],
        {
          cwd: folder,
          env: {
            PATH: process.env.PATH,
            RECEIVER: `${receivers.url}/${other === undefined ? 'control' : 'pair'}`,
            ...(other && { PEER: peerOf(other), PEER_TOKEN: secrets[other] }),
          },
        },
      )
      await untilReady(program, `http://${address}/-/healthy`, 180_000)
    }
    await start()
    atEnd(() => program.stop('SIGKILL'))
    return {
      start,
      kill: () => program.stop('SIGKILL'),
      signal: (signal) => void process.kill(program.pid, signal),
      output: () => program.output(),
      async role() {
        const metrics = await fetch(`http://${address}/metrics`, {
          signal: AbortSignal.timeout(10_000),
        })
          .then((answer) => answer.text())
          .catch(() => '')
        return /probity_peer_role\{role="(\w+)"\} 1/.exec(metrics)?.[1]
      },
    }
  }

  const [first, second] = await Promise.all([
    open('a', 'b'),
    open('b', 'a'),
    ...(control ? [open('control')] : []),
  ])
  return {
    got,
    down,
    first,
    second,
    wires: [wires.a, wires.b],
    roles: () =>
      waitFor(
        'one that leads and one that stands by',
        async () => {
          const [one, two] = await Promise.all([first.role(), second.role()])
          if (one === 'leading' && two === 'standby') return { leader: first, other: second }
          return one === 'standby' && two === 'leading' ? { leader: second, other: first } : undefined
        },
        600_000,
      ),
    times: (receiver, target, status) =>
      got.filter((one) => one.receiver === receiver && one.target === target && one.status === status).length,
  }
}

function targetsYml(names: readonly string[], server: string): string {
  const target = (name: string): string =>
    `  - { name: ${name}, url: "http://${server}/${name}", interval: 2s, alert_after: 3, expect: { max_error_rate: off } }`
  return `targets:\n${names.map(target).join('\n')}\n`
}

/** One message at a time, so that a kill doubles one at most. */
function notifyYml(paired: boolean): string {
  return `channels:
  hook: { type: webhook, url: '\${RECEIVER}', group_by: off, delivery: { concurrency: 1, per_minute: 6000 } }
routes:
  - { channels: hook, repeat: once }
${paired ? "peers:\n  - { url: '${PEER}', token: '${PEER_TOKEN}' }\n" : ''}`
}
