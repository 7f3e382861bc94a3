import type { Attempt } from '../../net/attempt.ts'
import type { Failure } from '../../net/failure.ts'
import type { Socket } from 'node:net'
import type { Address } from '../../net/address.ts'
import type { WebsocketCheck } from './schema.ts'
import { attempt } from '../shared/attempt.ts'
import { configuredCredentials } from '../http/access/credentials.ts'
import type { Prober } from '../result.ts'
import { reach } from '../../net/reach.ts'
import { oddityWords, type NoteOddity, type Oddity } from '../../net/http1/oddity.ts'
import { systemLookup } from '../../net/resolve.ts'
import { prepare, secure } from '../../net/tls/secure.ts'
import { DialogueEvidence } from '../shared/dialogue/dialogue.ts'
import type { ConnectionProberOptions } from '../tcp/probe.ts'
import { createTrustStore, type TrustStore } from '../../net/tls/trust-store.ts'
import { measured } from '../../net/measured.ts'
import { converse } from './dialogue.ts'
import { upgrade, type Upgraded } from './upgrade.ts'

/** Makes a prober that upgrades a connection to WebSocket and goes through a dialogue. */
export function createWebsocketProber(options: ConnectionProberOptions = {}): Prober<WebsocketCheck> {
  const { authorities, lookup = systemLookup } = options
  const trust = createTrustStore(authorities)
  return async (check, context) => {
    if (isSecure(check)) prepare(trust, check.tls)
    const seen = { statusCode: 0, upgraded: false }
    const oddities = new Set<Oddity>()
    const said = new DialogueEvidence()
    const credentials = [...configuredCredentials(check).values()]
    return attempt(context, {
      details: () => {
        const dialogue = said.result()
        const { failedDueToRegex = false } = dialogue
        return {
          dialogue,
          websocket: { ...seen, failedDueToRegex },
          ...(credentials.length > 0 && { credentials }),
          ...(oddities.size > 0 && { oddities: [...oddities] }),
        }
      },
      work: async (run) => {
        const { socket, address } = await reach(addressOf(check.url), check, lookup, run)
        const connection = isSecure(check) ? await secured(socket, address, check, trust, run) : socket
        const opened = await ask(connection, check, run, {
          onStatus: (code) => {
            seen.statusCode = code
          },
          note: (oddity) => {
            if (!oddities.has(oddity))
              context.log.add('the answer is odd', { oddity, meaning: oddityWords[oddity] })
            oddities.add(oddity)
          },
        })
        seen.upgraded = true
        return talk(opened, check, said, run)
      },
    })
  }
}

/** The prober of `websocket:` targets. */
export const probeWebsocket = createWebsocketProber()

function isSecure({ url }: WebsocketCheck): boolean {
  return url.protocol === 'wss:'
}

function addressOf(url: URL): Address {
  const defaultPort = url.protocol === 'wss:' ? 443 : 80
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? defaultPort : Number(url.port),
  }
}

function secured(
  socket: Socket,
  address: string,
  { tls: settings, url }: WebsocketCheck,
  trust: TrustStore,
  run: Attempt,
): Promise<Socket> {
  const { host } = addressOf(url)
  return secure(socket, { settings, trust, host, address, protocols: ['http/1.1'] }, run)
}

async function ask(
  socket: Socket,
  check: WebsocketCheck,
  run: Attempt,
  { onStatus, note }: { readonly onStatus: (code: number) => void; readonly note: NoteOddity },
): Promise<Upgraded> {
  const { evidence, context, sockets } = run
  evidence.doing = 'waiting for the upgrade to WebSocket'
  context.log.add('asking for the upgrade', { subprotocols: check.subprotocols.join(' ') })
  const tell = (seconds: number): void => {
    evidence.phases.processing = seconds
  }
  const opened = await measured(run, tell, () => upgrade(socket, check, sockets.guard, onStatus, note))
  context.log.add('connection upgraded', { subprotocol: opened.socket.protocol })
  return opened
}

async function talk(
  { socket, messages }: Upgraded,
  { dialogue }: WebsocketCheck,
  said: DialogueEvidence,
  run: Attempt,
): Promise<Failure | undefined> {
  if (dialogue.length === 0) {
    socket.close(1000)
    return undefined
  }
  const tell = (seconds: number): void => {
    run.evidence.phases.transfer = seconds
  }
  try {
    return await measured(run, tell, () => converse(dialogue, messages, said, run))
  } finally {
    socket.close(1000)
  }
}
