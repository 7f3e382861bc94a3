/** Why something is different on purpose. Each stands in docs/migrate.md, as the name of a row. */
export const reasons = {
  certificates: 'Certificates that do not verify are shown',
  compression: 'Compressed answers are read',
  lastAnswer: 'The answer before a failure is shown',
  literal: 'An address is used as it is',
  noChain: 'Without a chain there is no expiry of one',
  redirectWithoutPlace: 'A redirect has to lead somewhere',
  redirectsCounted: 'Redirects are counted when they are followed',
  tooLarge: 'A body that is too large is counted as far as it came',
} as const
export type Reason = keyof typeof reasons
