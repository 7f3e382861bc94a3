import { certificateKind } from './certificate/index.ts'
import { commandKind } from './machine/command/index.ts'
import { dnsKind } from './dns/index.ts'
import { domainKind } from './domain/index.ts'
import { grpcKind } from './grpc/index.ts'
import { heartbeatKind } from './heartbeat/index.ts'
import { httpKind } from './http/index.ts'
import { icmpKind } from './icmp/index.ts'
import { mqttKind } from './mqtt/index.ts'
import { redisKind } from './redis/index.ts'
import { sqlKind } from './sql/index.ts'
import { sshKind } from './ssh/index.ts'
import { browserKind } from './machine/browser/index.ts'
import { dockerKind } from './machine/docker/index.ts'
import { systemdKind } from './machine/systemd/index.ts'
import { tcpKind } from './tcp/index.ts'
import { transactionKind } from './transaction/index.ts'
import { udpKind } from './udp/index.ts'
import { unixKind } from './unix/index.ts'
import { websocketKind } from './websocket/index.ts'

/**
 * Every kind of check. A new kind is a folder next to this file and a row here: everything else that knows kinds reads this
 * table. Its order is that of the documentation.
 */
export const kinds = [
  httpKind,
  transactionKind,
  browserKind,
  commandKind,
  tcpKind,
  udpKind,
  unixKind,
  certificateKind,
  dnsKind,
  domainKind,
  sqlKind,
  redisKind,
  mqttKind,
  sshKind,
  grpcKind,
  websocketKind,
  icmpKind,
  systemdKind,
  dockerKind,
  heartbeatKind,
] as const

type Kind = (typeof kinds)[number]

/** What is done to find out whether a target works. `kind` says which row it belongs to. */
export type Check = ReturnType<Kind['toCheck']>

/** The row of a check. */
export function kindOfCheck({ kind }: Pick<Check, 'kind'>): Kind {
  const row = kinds.find((each) => each.kind === kind)
  if (!row) throw new Error(`there is no kind of check ${kind}`)
  return row
}
