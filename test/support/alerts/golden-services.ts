import { stringify } from 'yaml'
import type { Notification } from '../../../src/channels/channel.ts'
import { channelTypes, type ChannelType } from '../../../src/channels/index.ts'
import { syslogMessage } from '../../../src/channels/syslog/message.ts'
import { startHttpPeer } from '../servers/http-peer.ts'
import { chats } from '../services/chats.ts'
import { incidents } from '../services/incidents.ts'
import { pushes } from '../services/pushes.ts'
import { channelDependencies } from './channels.ts'
import { firing, recovered, testMessage } from './notifications.ts'

/** One of each kind of message: the words of every alert are in the pages of the other channels. */
const messages: Readonly<Record<string, Notification>> = {
  'a beginning': firing,
  'a warning': { ...firing, severity: 'warning', alertname: 'TargetSlow', alertCount: 1 },
  'an end': recovered,
  'an end that nobody saw': { ...recovered, ended: 'unwatched' },
  'three alerts': {
    ...firing,
    others: ['api', 'blog'].map((target) => ({ ...firing, target, severity: 'warning' })),
  },
  'a test': testMessage,
}

const services = [...chats, ...pushes, ...incidents]

/** What each service gets, as its receiver reads it: an address in it is that of the server in the test. */
export const serviceNames: readonly string[] = [...services.map(({ type }) => type), 'syslog']

/** Every message of one service, as one text. */
export async function servicePage(type: string): Promise<string> {
  const pages: string[] = []
  for (const [name, notification] of Object.entries(messages))
    pages.push(`-------- ${name} --------\n${(await read(type, notification)).trimEnd()}\n`)
  return pages.join('\n')
}

async function read(type: string, notification: Notification): Promise<string> {
  const service = services.find((one) => one.type === type)
  if (service === undefined) {
    const now = Date.parse('2026-11-20T12:00:00Z')
    return syslogMessage(notification, {
      facility: 'daemon',
      hostname: 'probity',
      now,
      maxBytes: 8192,
    }).toString()
  }
  const peer = await startHttpPeer(service.judge())
  const kind: ChannelType = channelTypes[service.type]
  const settings = kind.schema.parse({ type, ...service.settings(peer.url) })
  await kind.create(settings, channelDependencies()).deliver(notification, new AbortController().signal)
  return peer.received.map(({ body }) => asText(body)).join('')
}

function asText(body: string): string {
  const value: unknown = body.startsWith('{')
    ? JSON.parse(body)
    : Object.fromEntries(new URLSearchParams(body))
  return stringify(value, { lineWidth: 0 })
}
