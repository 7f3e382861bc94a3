import { channelTypes, type ChannelType } from '../../channels/index.ts'
import type { NotifyConfig } from '../../config/notify/notify.ts'
import { ProbityError } from '../../lib/errors.ts'

const types: Readonly<Record<string, ChannelType>> = channelTypes

/** The Alertmanager of the stack: docker-compose.yml. */
export const shippedVersion = '0.33'

/** Every version takes what was there before this one; Debian has it. */
const oldest = '0.25'

/**
 * Looks whether an Alertmanager knows the receivers of all channels that it is to deliver: it would refuse the whole file.
 *
 * @param version Such as `0.25` or `0.33.1`.
 * @throws ProbityError `ALERTMANAGER_TOO_OLD`
 */
export function checkVersion({ channels }: NotifyConfig, version: string): void {
  const tooNew = channels.flatMap(({ name, type, native }) => {
    const since = types[type]?.receiver?.since ?? oldest
    if (!native || order(since) <= order(version)) return []
    return `channels.${name}: Alertmanager ${version} cannot deliver to ${type}, which came with ${since}: write via: probity, so that the notifier delivers it, or use a newer Alertmanager`
  })
  if (tooNew.length > 0) throw new ProbityError('ALERTMANAGER_TOO_OLD', tooNew.join('\n'))
}

function order(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major * 1000 + minor
}
