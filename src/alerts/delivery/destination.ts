/** Where notifications go: a channel, or one recipient of a channel that notifies several. Each is notified by itself. */
export interface Destination {
  readonly channel: string
  /** An address or a number; absent where the channel has one receiver. */
  readonly recipient?: string
}

/** One word for a destination; names of channels have no spaces. */
export function keyOf({ channel, recipient }: Destination): string {
  return recipient === undefined ? channel : `${channel} ${recipient}`
}

/** The destination that `keyOf` gave this key. */
export function destinationOf(key: string): Destination {
  const space = key.indexOf(' ')
  return space < 0 ? { channel: key } : { channel: key.slice(0, space), recipient: key.slice(space + 1) }
}

/**
 * The same for each recipient of a channel. An alert that is sent to two recipients is two deliveries, so that one who refuses it
 * holds back nothing from the other.
 *
 * @param recipients Absent where the channel has one receiver.
 */
export function forEachRecipient<P extends { readonly channel: string }>(
  plan: P,
  recipients: readonly string[] | undefined,
): (P & Destination)[] {
  return recipients?.map((recipient) => ({ ...plan, recipient })) ?? [plan]
}
