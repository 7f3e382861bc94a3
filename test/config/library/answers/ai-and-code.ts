import { json, now, type Documented } from '../documented.ts'

/** https://platform.openai.com/docs/api-reference/models/list, https://platform.openai.com/docs/guides/error-codes */
const openai: Documented = {
  addresses: { OPENAI_URL: '' },
  env: { OPENAI_API_KEY: 'sk-example-key' },
  credential: 'OPENAI_API_KEY',
  request: { path: '/v1/models', headers: { authorization: 'Bearer sk-example-key' } },
  good: json(200, {
    object: 'list',
    data: [{ id: 'model-id-0', object: 'model', created: 1686935002, owned_by: 'organization-owner' }],
  }),
  refused: json(401, {
    error: {
      message: 'Incorrect API key provided: sk-exa**e-key.',
      type: 'invalid_request_error',
      param: null,
      code: 'invalid_api_key',
    },
  }),
  limited: json(429, {
    error: { message: 'Rate limit reached', type: 'requests', code: 'rate_limit_exceeded' },
  }),
  lacking: json(200, { object: 'list', data: [] }),
}

/** https://platform.claude.com/docs/en/api/models-list, https://platform.claude.com/docs/en/api/errors */
const anthropic: Documented = {
  addresses: { ANTHROPIC_URL: '' },
  env: { ANTHROPIC_API_KEY: 'sk-ant-example-key' },
  credential: 'ANTHROPIC_API_KEY',
  request: {
    path: '/v1/models?limit=1',
    headers: { 'x-api-key': 'sk-ant-example-key', 'anthropic-version': '2023-06-01' },
  },
  good: json(200, {
    data: [{ id: 'claude-opus-4-6', type: 'model', created_at: '2026-02-04T00:00:00Z' }],
    first_id: 'claude-opus-4-6',
    has_more: true,
  }),
  refused: json(401, {
    type: 'error',
    error: { type: 'authentication_error', message: 'invalid x-api-key' },
  }),
  limited: json(
    429,
    {
      type: 'error',
      error: { type: 'rate_limit_error', message: 'This request would exceed your rate limit' },
    },
    { 'retry-after': '20' },
  ),
  lacking: json(200, { data: [], has_more: false }),
}

/** https://docs.mistral.ai/api/endpoint/models */
const mistral: Documented = {
  addresses: { MISTRAL_URL: '' },
  env: { MISTRAL_API_KEY: 'mistral-example-key' },
  credential: 'MISTRAL_API_KEY',
  request: { path: '/v1/models', headers: { authorization: 'Bearer mistral-example-key' } },
  good: json(200, {
    object: 'list',
    data: [{ id: 'mistral-small-2603', object: 'model', owned_by: 'mistralai' }],
  }),
  refused: json(401, { detail: 'Unauthorized' }),
  limited: json(429, { object: 'error', message: 'Rate limit exceeded', code: '1300' }),
  lacking: json(200, { object: 'list', data: [] }),
}

/** https://ai.google.dev/api/models, https://ai.google.dev/gemini-api/docs/troubleshooting */
const gemini: Documented = {
  addresses: { GEMINI_URL: '' },
  env: { GEMINI_API_KEY: 'gemini-example-key' },
  credential: 'GEMINI_API_KEY',
  request: { path: '/v1beta/models?pageSize=1', headers: { 'x-goog-api-key': 'gemini-example-key' } },
  good: json(200, { models: [{ name: 'models/gemini-2.5-flash', version: '001' }], nextPageToken: 'a' }),
  refused: json(400, {
    error: {
      code: 400,
      message: 'API key not valid. Please pass a valid API key.',
      status: 'INVALID_ARGUMENT',
    },
  }),
  limited: json(429, { error: { code: 429, message: 'Quota exceeded', status: 'RESOURCE_EXHAUSTED' } }),
  lacking: json(200, {}),
}

/** https://docs.github.com/rest/rate-limit/rate-limit, https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const github: Documented = {
  addresses: { GITHUB_API_URL: '' },
  env: { GITHUB_TOKEN: 'github_pat_example' },
  credential: 'GITHUB_TOKEN',
  request: {
    path: '/rate_limit',
    headers: {
      authorization: 'Bearer github_pat_example',
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
    },
  },
  good: json(
    200,
    { resources: { core: { limit: 5000, used: 1, remaining: 4999, reset: now + 3000 } } },
    {
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '4999',
      'x-ratelimit-used': '1',
      'x-ratelimit-reset': String(now + 3000),
      'github-authentication-token-expiration': '2027-01-31 00:00:00 UTC',
    },
  ),
  rateLimit: { limit: 5000, remaining: 4999, resetAt: now + 3000 },
  refused: json(401, {
    message: 'Bad credentials',
    documentation_url: 'https://docs.github.com/rest',
    status: '401',
  }),
  limited: json(
    429,
    { message: 'API rate limit exceeded' },
    {
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(now + 3000),
    },
  ),
  lacking: json(200, { resources: { core: { limit: 60, remaining: 60 } } }),
}

export const aiAndCode = { openai, anthropic, mistral, gemini, github }
