import { commandKind } from './command.ts'
import { dnsKind } from './dns.ts'
import { grpcKind } from './grpc.ts'
import { heartbeatKind } from './heartbeat.ts'
import { httpKind } from './http.ts'
import { icmpKind } from './icmp.ts'
import { tcpKind } from './tcp.ts'
import { tlsKind } from './tls.ts'
import { transactionKind } from './transaction.ts'
import { unixKind } from './unix.ts'
import { websocketKind } from './websocket.ts'

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
