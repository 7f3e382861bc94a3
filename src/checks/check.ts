import type { CommandCheck } from './command/schema.ts'
import type { DnsCheck } from './dns/schema.ts'
import type { GrpcCheck } from './grpc/schema.ts'
import type { HeartbeatCheck } from './heartbeat/schema.ts'
import type { HttpCheck } from './http/schema.ts'
import type { IcmpCheck } from './icmp/schema.ts'
import type { TcpCheck } from './tcp/schema.ts'
import type { TlsCheck } from './certificate/schema.ts'
import type { TransactionCheck } from './transaction/schema.ts'
import type { UnixCheck } from './unix/schema.ts'
import type { WebsocketCheck } from './websocket/schema.ts'

/** What is done to find out whether a target works. `kind` selects the prober. */
export type Check =
  | HttpCheck
  | TransactionCheck
  | CommandCheck
  | TcpCheck
  | UnixCheck
  | TlsCheck
  | DnsCheck
  | GrpcCheck
  | WebsocketCheck
  | IcmpCheck
  | HeartbeatCheck
