import { channelTypes, type ChannelType } from '../../channels/index.ts'
import type { AlertmanagerYaml, SecretFile } from '../../channels/receiver.ts'

const types: Readonly<Record<string, ChannelType>> = channelTypes

/** Whether every alert of this type of channel is a separate incident. */
export function isPager(type: string): boolean {
  return types[type]?.receiver?.pager ?? false
}

/** The receiver of a channel, without its name. */
export function renderReceiver(type: string, settings: unknown, secretFile: SecretFile): AlertmanagerYaml {
  return types[type]?.receiver?.render(settings, secretFile) ?? {}
}
