import { maybe, type ProbeMetric } from '../../metric.ts'

/** When what a check presents to its target ends: so that it is renewed before. */
export const credentialMetrics: readonly ProbeMetric[] = [
  maybe(
    'probe_credential_expiry_timestamp_seconds',
    'When a credential of the check expires, in unixtime: the end of a JSON Web Token, of an OAuth2 token, of the certificate of the client, or what auth.expires says',
    ({ result: { credentials = [] } }) =>
      credentials.map(({ name, expiresAt }) => ({ labels: { credential: name }, value: expiresAt })),
    { labels: ['credential'], unit: 'seconds' },
  ),
  maybe(
    'probe_credential_lifetime_seconds',
    'Time from the making of a credential of the check to its end; absent where the credential does not say',
    ({ result: { credentials = [] } }) =>
      credentials.flatMap(({ name, lifetimeSeconds }) =>
        lifetimeSeconds === undefined ? [] : [{ labels: { credential: name }, value: lifetimeSeconds }],
      ),
    { labels: ['credential'], unit: 'seconds' },
  ),
]
