import { maybe, type ProbeMetric } from '../../metric.ts'

/** When what a check presents to its target ends: so that it is renewed before. */
export const credentialMetrics: readonly ProbeMetric[] = [
  maybe(
    'probe_credential_expiry_timestamp_seconds',
    'When a credential of the check expires, in unixtime: a JSON Web Token, an OAuth2 token, the client certificate, or as set in auth.expires',
    ({ result: { credentials = [] } }) =>
      credentials.map(({ name, expiresAt }) => ({ labels: { credential: name }, value: expiresAt })),
    { labels: ['credential'], unit: 'seconds' },
  ),
  maybe(
    'probe_credential_lifetime_seconds',
    'Lifetime of a credential of the check, from issue to expiry; absent when the credential does not say',
    ({ result: { credentials = [] } }) =>
      credentials.flatMap(({ name, lifetimeSeconds }) =>
        lifetimeSeconds === undefined ? [] : [{ labels: { credential: name }, value: lifetimeSeconds }],
      ),
    { labels: ['credential'], unit: 'seconds' },
  ),
]
