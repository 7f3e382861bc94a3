import type { OpenChannel } from '../alerts/delivery/channel-paces.ts'
import type { ChannelDependencies } from '../channels/dependencies.ts'
import { channelTypes, type ChannelType } from '../channels/index.ts'
import type { ChannelDefinition, ChannelTypes } from '../config/notify/notify.ts'

const rows: Readonly<Record<string, ChannelType>> = channelTypes

/** What notify.yml may name as `type`, for its loader, which knows no channel. */
export const notifyTypes: ChannelTypes = Object.fromEntries(
  Object.entries(rows).map(([type, row]) => [
    type,
    {
      schema: row.schema,
      native: (settings: unknown) => row.receiver?.can(settings) ?? false,
      reports: row.reports === true,
      grouped: (settings: unknown) => row.grouped?.(settings) ?? false,
    },
  ]),
)

/** Makes a channel that was configured ready for use. */
export function openChannel(
  { name, type, settings, delivery, secrets }: ChannelDefinition,
  dependencies: Omit<ChannelDependencies, 'name' | 'secrets'>,
): OpenChannel {
  const row = rows[type]
  // The loader takes no type that is not in the table.
  if (row === undefined) throw new Error(`there is no channel type ${type}`)
  return { channel: row.create(settings, { ...dependencies, name, secrets }), delivery }
}
