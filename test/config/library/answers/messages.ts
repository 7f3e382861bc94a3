import { basic, json, now, type Documented } from '../documented.ts'

/** https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/rate-limits */
const sendgrid: Documented = {
  addresses: { SENDGRID_URL: '' },
  env: { SENDGRID_API_KEY: 'SG.example-key' },
  credential: 'SENDGRID_API_KEY',
  request: { path: '/v3/scopes', headers: { authorization: 'Bearer SG.example-key' } },
  good: json(
    200,
    { scopes: ['stats.read'] },
    {
      'x-ratelimit-limit': '500',
      'x-ratelimit-remaining': '499',
      'x-ratelimit-reset': String(now + 60),
    },
  ),
  rateLimit: { limit: 500, remaining: 499, resetAt: now + 60 },
  refused: json(401, { errors: [{ field: null, message: 'authorization required' }] }),
  limited: json(
    429,
    { errors: [{ field: null, message: 'too many requests' }] },
    {
      'x-ratelimit-limit': '150',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(now + 30),
    },
  ),
  lacking: json(200, { scopes: [] }),
}

/** https://documentation.mailgun.com/docs/mailgun/api-reference/openapi-final/domains */
const mailgun: Documented = {
  addresses: { MAILGUN_URL: '' },
  env: { MAILGUN_API_KEY: 'mailgun-example-key' },
  credential: 'MAILGUN_API_KEY',
  request: {
    path: '/v4/domains?limit=1',
    headers: { authorization: basic('api', 'mailgun-example-key') },
  },
  good: json(200, { total_count: 1, items: [{ name: 'mg.example.com', state: 'active', type: 'custom' }] }),
  refused: { status: 401, headers: { 'content-type': 'text/plain' }, body: 'Forbidden' },
  limited: json(429, { message: 'Too many requests' }),
  lacking: json(200, { message: 'OK' }),
}

/** https://postmarkapp.com/developer/api/bounce-api, https://postmarkapp.com/developer/api/overview */
const postmark: Documented = {
  addresses: { POSTMARK_URL: '' },
  env: { POSTMARK_SERVER_TOKEN: 'postmark-example-token' },
  credential: 'POSTMARK_SERVER_TOKEN',
  request: {
    path: '/deliverystats',
    headers: { 'x-postmark-server-token': 'postmark-example-token', accept: 'application/json' },
  },
  good: json(200, { InactiveMails: 192, Bounces: [{ Name: 'All', Count: 253 }] }),
  refused: json(401, { ErrorCode: 10, Message: 'The Server Token you provided is not valid.' }),
  limited: json(429, { ErrorCode: 429, Message: 'Rate Limit Exceeded' }),
  lacking: json(200, { Bounces: [] }),
}

/** https://www.twilio.com/docs/usage/api/usage-record, https://www.twilio.com/docs/api/errors/20003, https://www.twilio.com/docs/api/errors/20429 */
const twilio: Documented = {
  addresses: { TWILIO_URL: '' },
  env: {
    TWILIO_ACCOUNT_SID: 'ACexample',
    TWILIO_API_KEY: 'SKexample',
    TWILIO_API_SECRET: 'twilio-example-secret',
  },
  credential: 'TWILIO_API_SECRET',
  request: {
    path: '/2010-04-01/Accounts/ACexample/Usage/Records/Today.json?Category=sms',
    headers: { authorization: basic('SKexample', 'twilio-example-secret') },
  },
  good: json(200, {
    page: 0,
    page_size: 50,
    usage_records: [{ account_sid: 'ACexample', category: 'sms', count: '4', price: '0.03' }],
  }),
  refused: json(401, {
    code: 20003,
    message: 'Authenticate',
    more_info: 'https://www.twilio.com/docs/errors/20003',
    status: 401,
  }),
  limited: json(429, {
    code: 20429,
    message: 'Too Many Requests',
    more_info: 'https://www.twilio.com/docs/errors/20429',
    status: 429,
  }),
  lacking: json(200, { page: 0, page_size: 50 }),
}

/** https://developer.vonage.com/en/account/code-snippets/account-balance, https://developer.vonage.com/en/api-errors */
const vonage: Documented = {
  addresses: { VONAGE_URL: '' },
  env: { VONAGE_API_KEY: 'abcd1234', VONAGE_API_SECRET: 'vonage-example-secret' },
  credential: 'VONAGE_API_SECRET',
  request: {
    path: '/account/get-balance',
    headers: { authorization: basic('abcd1234', 'vonage-example-secret') },
  },
  good: json(200, { value: 10.28, autoReload: false }),
  refused: json(401, { 'error-code': '401', 'error-code-label': 'authentication failed' }),
  limited: json(429, { 'error-code': '429', 'error-code-label': 'rate limit exceeded' }),
  lacking: json(200, { autoReload: false }),
}

/** https://docs.slack.dev/reference/methods/auth.test, https://docs.slack.dev/apis/web-api/rate-limits */
const slack: Documented = {
  addresses: { SLACK_URL: '' },
  env: { SLACK_BOT_TOKEN: 'xoxb-example-token' },
  credential: 'SLACK_BOT_TOKEN',
  request: {
    method: 'POST',
    path: '/api/auth.test',
    headers: {
      authorization: 'Bearer xoxb-example-token',
      'content-type': 'application/x-www-form-urlencoded',
    },
  },
  good: json(200, {
    ok: true,
    url: 'https://subarachnoid.slack.com/',
    team: 'Subarachnoid Workspace',
    user: 'bot',
    team_id: 'T0G9PQBBK',
    user_id: 'W23456789',
  }),
  refused: json(200, { ok: false, error: 'invalid_auth' }),
  names: 'invalid_auth',
  limited: json(429, { ok: false, error: 'ratelimited' }, { 'retry-after': '30' }),
  lacking: json(200, { url: 'https://subarachnoid.slack.com/' }),
}

/** https://developer.pagerduty.com/api-reference, https://support.pagerduty.com/docs/rest-api-rate-limits */
const pagerduty: Documented = {
  addresses: { PAGERDUTY_URL: '' },
  env: { PAGERDUTY_API_TOKEN: 'pagerduty-example-token' },
  credential: 'PAGERDUTY_API_TOKEN',
  request: {
    path: '/abilities',
    headers: {
      authorization: 'Token token=pagerduty-example-token',
      accept: 'application/vnd.pagerduty+json;version=2',
    },
  },
  good: json(
    200,
    { abilities: ['sso', 'advanced_reports', 'teams'] },
    { 'ratelimit-limit': '960', 'ratelimit-remaining': '958', 'ratelimit-reset': '49' },
  ),
  rateLimit: { limit: 960, remaining: 958, resetAt: now + 49 },
  refused: json(401, { error: { message: 'Invalid credentials provided', code: 2006 } }),
  limited: json(
    429,
    { error: { message: 'Rate Limit Exceeded', code: 2020 } },
    { 'ratelimit-limit': '960', 'ratelimit-remaining': '0', 'ratelimit-reset': '12' },
  ),
  lacking: json(200, {}),
}

export const messages = { sendgrid, mailgun, postmark, twilio, vonage, slack, pagerduty }
