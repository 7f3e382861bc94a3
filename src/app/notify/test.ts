import { pingDeadMansSwitch } from '../../alerts/delivery/dead-mans-switch.ts'
import type { Notification } from '../../channels/channel.ts'
import type { CommandAuditEntry } from '../../channels/command/audit.ts'
import type { NotifyConfig } from '../../config/notify/notify.ts'
import { type Clock } from '../../lib/time/clock.ts'
import { didYouMean } from '../../settings/values/closest.ts'
import { messageOf, ProbityError } from '../../lib/errors.ts'
import { openChannel } from '../channels.ts'

/** How the test of one channel went. */
export interface ChannelTest {
  readonly channel: string
  readonly type: string
  readonly result: 'delivered' | 'failed' | 'not run' | 'left out'
  /** Why not. */
  readonly reason?: string
}

/** The marked message that `probity notify test` sends. */
function testNotification(now: number): Notification {
  return {
    status: 'firing',
    alertname: 'Test',
    target: 'probity',
    severity: 'info',
    summary: "a test of Probity's notifications",
    description: 'If you can read this, notifications arrive here.',
    runbookUrl: '',
    dashboardUrl: '',
    startsAt: new Date(now),
    labels: { alertname: 'Test', target: 'probity', severity: 'info' },
    fingerprint: '0000000000000000',
    test: true,
  }
}

/**
 * Sends one marked test through every channel, or through one: an attempt each, without retries. Channels that Alertmanager
 * delivers in the stack are tried from here, with the same settings.
 *
 * @throws ProbityError `CHANNEL_UNKNOWN` where there is no channel of that name.
 */
export async function testChannels(
  config: NotifyConfig,
  only: string | undefined,
  { clock, env }: { clock: Clock; env: NodeJS.ProcessEnv },
): Promise<ChannelTest[]> {
  const names = [...config.channels, ...config.leftOut].map(({ name }) => name)
  if (only !== undefined && !names.includes(only)) {
    const known = names.length === 0 ? 'notify.yml has none' : `there are ${names.join(', ')}`
    throw new ProbityError(
      'CHANNEL_UNKNOWN',
      `there is no channel ${JSON.stringify(only)}${didYouMean(only, names)}: ${known}`,
    )
  }
  const wanted = ({ name }: { name: string }): boolean => only === undefined || name === only
  const notification = testNotification(clock.now())
  const tried = config.channels.filter(wanted).map(async (definition): Promise<ChannelTest> => {
    const { name: channel, type } = definition
    const audited: CommandAuditEntry[] = []
    const audit = (entry: CommandAuditEntry): Promise<void> => {
      audited.push(entry)
      return Promise.resolve()
    }
    try {
      const open = openChannel(definition, { clock, env, store: noStore, audit })
      await open.channel.deliver(notification, new AbortController().signal)
      const reason = notRun(audited)
      return {
        channel,
        type,
        ...(reason === undefined ? { result: 'delivered' } : { result: 'not run', reason }),
      }
    } catch (error) {
      return { channel, type, result: 'failed', reason: messageOf(error) }
    }
  })
  const heartbeatUrl = env['HEARTBEAT_URL'] ?? ''
  const heartbeat = only === undefined && heartbeatUrl !== '' ? [testHeartbeat(heartbeatUrl)] : []
  const leftOut = config.leftOut
    .filter(wanted)
    .map(({ name: channel, type, reason }): ChannelTest => ({ channel, type, result: 'left out', reason }))
  return [...(await Promise.all([...tried, ...heartbeat])), ...leftOut]
}

/** Why the command of a channel was not run, as its audit log would have it; nothing where it was, or where there is none. */
function notRun(audited: readonly CommandAuditEntry[]): string | undefined {
  const entry = audited.find(({ action }) => action !== 'run')
  if (entry === undefined) return undefined
  if (entry.why === 'when') return 'it is not configured to run when an alert begins (when)'
  if (entry.why === 'only_if') return 'only_if failed'
  return 'a repair command is not run for a test'
}

async function testHeartbeat(url: string): Promise<ChannelTest> {
  const named = { channel: 'HEARTBEAT_URL', type: "dead-man's switch" }
  try {
    await pingDeadMansSwitch(url)
    return { ...named, result: 'delivered' }
  } catch (error) {
    return { ...named, result: 'failed', reason: messageOf(error) }
  }
}

/** A test counts for no cooldown. */
export const noStore = { get: () => Promise.resolve(undefined), set: () => Promise.resolve() }
