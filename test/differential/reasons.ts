/** Why something is different on purpose. Each stands in docs/migrate.md, as the beginning of a row. */
export const reasons = {
  certificates: 'Certificates that do not verify are shown',
  compression: 'Compressed answers are read',
  dnsCertificates: 'DNS over TLS shows its certificate',
  grpcChain: 'gRPC has the expiry of its chain',
  grpcHealth: 'gRPC without an address has its health',
  grpcPhases: 'gRPC has phases for its connection',
  lastAnswer: 'The answer before a failure is shown',
  literal: 'An address is used as it is',
  noCertificate: 'Without a certificate there is no expiry',
  noChain: 'Without a chain there is no expiry of one',
  redirectWithoutPlace: 'A redirect has to lead somewhere',
  redirectsCounted: 'Redirects are counted when they are followed',
  tooLarge: 'A body that is too large is counted up to where it came',
  truncated: 'A truncated answer is asked for again',
} as const
export type Reason = keyof typeof reasons
