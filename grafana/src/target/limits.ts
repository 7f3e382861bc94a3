import type { Row } from '../frame.ts'
import { timeseries } from '../panels/timeseries.ts'
import { theTarget } from '../selectors.ts'

/** What a check may use up: the credentials that it presents, and the requests that it is allowed. */
export const limits: Row = {
  id: 160,
  title: 'Credentials and rate limit',
  height: 7,
  panels: [
    timeseries({
      id: 31,
      title: 'Credentials: time left',
      shows:
        'How long each credential of the check is still valid, and how much of that is expected to be left when it is renewed.',
      whenBad:
        'Below its line, CredentialExpiring fires. A jump upwards is a renewal; a token that Probity renews itself never comes near the line.',
      unit: 's',
      width: 12,
      noValue: 'No credential that says when it expires.',
      queries: [
        {
          expr: `min by (credential, location) (probe_credential_expiry_timestamp_seconds{${theTarget}}) - time()`,
          legend: 'left {{credential}} {{location}}',
        },
        {
          expr: `max by (credential) (clamp_max(0.1 * probe_credential_lifetime_seconds{${theTarget}}, 7 * 86400))`,
          legend: 'expected at least {{credential}}',
          limit: true,
        },
      ],
    }),
    timeseries({
      id: 32,
      title: 'Rate limit: requests left',
      shows:
        'How many requests the last answer said are left in the window of the rate limit, and a tenth of what is allowed.',
      whenBad:
        'Below the line, RateLimitNearlyExhausted fires where the pace of 15 minutes uses up the rest before the reset. Your own programs may share this limit.',
      unit: 'short',
      width: 12,
      min: 0,
      noValue: 'The target does not report a rate limit.',
      queries: [
        {
          expr: `min by (location) (probe_ratelimit_remaining{${theTarget}})`,
          legend: 'left {{location}}',
        },
        {
          expr: `0.1 * max(probe_ratelimit_limit{${theTarget}})`,
          legend: 'a tenth',
          limit: true,
        },
      ],
    }),
  ],
}
