import { commandKind } from './command/schema.ts'
import { dnsKind } from './dns/schema.ts'
import { grpcKind } from './grpc/schema.ts'
import { heartbeatKind } from './heartbeat/schema.ts'
import { httpKind } from './http/schema.ts'
import { icmpKind } from './icmp/schema.ts'
import { tcpKind } from './tcp/schema.ts'
import { tlsKind } from './certificate/schema.ts'
import { transactionKind } from './transaction/schema.ts'
import { unixKind } from './unix/schema.ts'
import { websocketKind } from './websocket/schema.ts'

/** Every kind of check. A new kind is a new file and a row here. */
export const kinds = [
  httpKind,
  transactionKind,
  commandKind,
  tcpKind,
  unixKind,
  tlsKind,
  dnsKind,
  grpcKind,
  websocketKind,
  icmpKind,
  heartbeatKind,
] as const
