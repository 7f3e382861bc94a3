import { channelTypes } from '../../../src/channels/index.ts'

/** The types of channels, and which of them Alertmanager delivers in the stack. */
export function channels(): string[] {
  return Object.entries(channelTypes).map(([type, { receiver }]) =>
    receiver ? `${type}  by Alertmanager` : `${type}  by Probity`,
  )
}
