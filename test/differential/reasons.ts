/** Why something is different on purpose. Each stands in docs/migrate.md, as the beginning of a row. */
export const reasons = {
  certificates: 'Certificates that cannot be verified are shown',
  compression: 'Compressed responses are decompressed',
  dnsCertificates: 'DNS over TLS shows its certificate',
  grpcChain: 'gRPC has the expiry of its chain',
  grpcHealth: 'gRPC has its health metric without an address',
  grpcPhases: 'gRPC has phases for its connection',
  lastAnswer: 'The response before a failure is shown',
  literal: 'An address is used as it is',
  noCertificate: 'Without a certificate, there is no expiry',
  noChain: 'Without a verified chain, there is no expiry of the chain',
  redirectWithoutPlace: 'A redirect has to lead somewhere',
  redirectsCounted: 'Redirects are counted when they are followed',
  tooLarge: 'The length of a body that is too large is what arrived',
  truncated: 'After a truncated DNS answer, the query is repeated',
} as const
export type Reason = keyof typeof reasons
