import { json, type Documented } from '../documented.ts'

/** https://docs.stripe.com/api/balance/balance_object, https://docs.stripe.com/api/errors, https://docs.stripe.com/rate-limits */
const stripe: Documented = {
  addresses: { STRIPE_URL: '' },
  env: { STRIPE_KEY: 'rk_live_example' },
  credential: 'STRIPE_KEY',
  request: { path: '/v1/balance', headers: { authorization: 'Bearer rk_live_example' } },
  good: json(200, {
    object: 'balance',
    available: [{ amount: 666670, currency: 'usd', source_types: { card: 666670 } }],
    livemode: true,
    pending: [{ amount: 61414, currency: 'usd', source_types: { card: 61414 } }],
  }),
  refused: json(401, {
    error: { message: 'Invalid API Key provided: rk_live_*****', type: 'invalid_request_error' },
  }),
  limited: json(
    429,
    { error: { code: 'rate_limit', message: 'Request rate limit exceeded.', type: 'invalid_request_error' } },
    { 'stripe-rate-limited-reason': 'endpoint-rate' },
  ),
  lacking: json(200, { object: 'list', data: [] }),
}

/** https://developer.paypal.com/api/webhooks/v1/webhooks-event-types-list, https://developer.paypal.com/api/rest/responses/ */
const paypal: Documented = {
  addresses: { PAYPAL_URL: '' },
  env: { PAYPAL_CLIENT_ID: 'app', PAYPAL_CLIENT_SECRET: 'paypal-example-secret' },
  credential: 'PAYPAL_CLIENT_SECRET',
  token: { path: '/v1/oauth2/token', style: 'basic' },
  request: {
    path: '/v1/notifications/webhooks-event-types',
    headers: { authorization: 'Bearer A21AAF-example-token' },
  },
  good: json(200, {
    event_types: [
      {
        name: 'PAYMENT.AUTHORIZATION.CREATED',
        description: 'A payment authorization was created.',
        status: 'ENABLED',
      },
    ],
  }),
  refused: json(401, { error: 'invalid_client', error_description: 'Client Authentication failed' }),
  names: 'expected 200, got 401 (invalid_client)',
  limited: json(429, {
    name: 'RATE_LIMIT_REACHED',
    message: 'Too many requests. Blocked due to rate limiting.',
  }),
  lacking: json(200, { event_types: [] }),
}

/** https://docs.adyen.com/api-explorer/Management/3/get/me, https://docs.adyen.com/development-resources/error-codes */
const adyen: Documented = {
  addresses: { ADYEN_URL: '' },
  env: { ADYEN_API_KEY: 'AQE-example-key' },
  credential: 'ADYEN_API_KEY',
  request: { path: '/v3/me', headers: { 'x-api-key': 'AQE-example-key' } },
  good: json(200, {
    id: 'S2-6262224667',
    username: 'ws_123456@Company.Test',
    active: true,
    roles: ['Management API - Users read and write'],
  }),
  refused: json(401, {
    status: 401,
    errorCode: '000',
    message: 'HTTP Status Response - Unauthorized',
    errorType: 'security',
  }),
  limited: json(429, { status: 429, errorCode: '00_429', title: 'Too many requests' }),
  lacking: json(200, { id: 'S2-6262224667', active: false }),
}

export const payments = { stripe, paypal, adyen }
