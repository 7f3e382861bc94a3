import { oldest } from './oldest.ts'

/** Why something is different on purpose. Each stands in docs/migrate.md, as the beginning of a row. */
export const reasons = {
  certificates: 'Certificates that cannot be verified are shown',
  cipher: 'The cipher of every TLS connection is shown',
  compression: 'Compressed responses are decompressed',
  dnsCertificates: 'DNS over TLS shows its certificate',
  grpcChain: 'gRPC has the expiry of its chain',
  grpcHealth: 'gRPC has its health metric without an address',
  grpcPhases: 'gRPC has phases for its connection',
  lastAnswer: 'The response before a failure is shown',
  literal: 'An address is used as it is',
  noCertificate: 'Without a certificate, there is no expiry',
  noConnection: 'Without a connection, no regex has failed',
  noChain: 'Without a verified chain, there is no expiry of the chain',
  truncated: 'After a truncated DNS answer, the query is repeated',
} as const
export type Reason = keyof typeof reasons

/** The minor versions that show a difference, the first and the last, where not all do. */
const seenIn: Partial<Record<Reason, readonly [first: number, last: number]>> = {
  cipher: [26, Infinity],
  noCertificate: [oldest, 25],
  noConnection: [oldest, 27],
}

/** Whether a version of blackbox_exporter, by its minor number, shows a difference. */
export function isSeen(reason: Reason, minor: number): boolean {
  const [first, last] = seenIn[reason] ?? [oldest, Infinity]
  return first <= minor && minor <= last
}
