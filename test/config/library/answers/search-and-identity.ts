import { json, now, type Documented } from '../documented.ts'

/** https://www.algolia.com/doc/rest-api/search/list-indices */
const algolia: Documented = {
  addresses: { ALGOLIA_URL: '' },
  env: { ALGOLIA_APPLICATION_ID: 'EXAMPLEAPP', ALGOLIA_API_KEY: 'algolia-example-key' },
  credential: 'ALGOLIA_API_KEY',
  request: {
    path: '/1/indexes?page=0&hitsPerPage=1',
    headers: { 'x-algolia-application-id': 'EXAMPLEAPP', 'x-algolia-api-key': 'algolia-example-key' },
  },
  good: json(200, { items: [{ name: 'movies', entries: 10, dataSize: 2048 }], nbPages: 1 }),
  refused: json(403, { message: 'Invalid Application-ID or API key', status: 403 }),
  limited: json(429, { message: 'Too many requests', status: 429 }),
  lacking: json(200, { nbPages: 1 }),
}

/** https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-cluster-health */
const elasticsearch: Documented = {
  addresses: { ELASTICSEARCH_URL: '' },
  env: { ELASTICSEARCH_API_KEY: 'ZXhhbXBsZTprZXk=' },
  credential: 'ELASTICSEARCH_API_KEY',
  request: { path: '/_cluster/health', headers: { authorization: 'ApiKey ZXhhbXBsZTprZXk=' } },
  good: json(200, { cluster_name: 'testcluster', status: 'yellow', timed_out: false, number_of_nodes: 1 }),
  refused: json(401, {
    error: {
      root_cause: [
        { type: 'security_exception', reason: 'unable to authenticate with provided credentials' },
      ],
      type: 'security_exception',
    },
    status: 401,
  }),
  limited: json(429, { error: { type: 'circuit_breaking_exception' }, status: 429 }),
  lacking: json(200, { cluster_name: 'testcluster', status: 'red', timed_out: false }),
}

/** https://www.meilisearch.com/docs/reference/api/version/get-version, .../reference/errors */
const meilisearch: Documented = {
  addresses: { MEILISEARCH_URL: '' },
  env: { MEILISEARCH_API_KEY: 'meilisearch-example-key' },
  credential: 'MEILISEARCH_API_KEY',
  request: { path: '/version', headers: { authorization: 'Bearer meilisearch-example-key' } },
  good: json(200, {
    commitSha: 'b46889b5f0f2f8b91438a08a358ba8f05fc09fc1',
    commitDate: '2021-07-08',
    pkgVersion: '1.24.0',
  }),
  refused: json(403, {
    message: 'The provided API key is invalid.',
    code: 'invalid_api_key',
    type: 'auth',
    link: 'https://docs.meilisearch.com/errors#invalid_api_key',
  }),
  limited: json(429, { message: 'Too many requests', code: 'too_many_search_requests', type: 'system' }),
  lacking: json(200, { commitDate: '2021-07-08' }),
}

const auth0Headers = {
  'x-ratelimit-limit': '20',
  'x-ratelimit-remaining': '19',
  'x-ratelimit-reset': String(now + 1),
}

/** https://auth0.com/docs/secure/tokens/json-web-tokens/json-web-key-sets, .../rate-limit-policy */
const auth0: Documented = {
  addresses: { AUTH0_URL: '' },
  request: { path: '/.well-known/jwks.json' },
  before: {
    '/.well-known/openid-configuration': json(200, {
      issuer: 'https://example.eu.auth0.com/',
      token_endpoint: 'https://example.eu.auth0.com/oauth/token',
      jwks_uri: 'https://example.eu.auth0.com/.well-known/jwks.json',
    }),
  },
  good: json(
    200,
    { keys: [{ kty: 'RSA', use: 'sig', kid: 'NjVBRjY5MDlCMUIwNzU4', alg: 'RS256' }] },
    auth0Headers,
  ),
  rateLimit: { limit: 20, remaining: 19, resetAt: now + 1 },
  refused: json(404, { error: 'Not found.' }),
  names: 'step keys: expected 200, got 404',
  limited: json(429, { error: 'too_many_requests' }, { ...auth0Headers, 'x-ratelimit-remaining': '0' }),
  lacking: json(200, { keys: [] }, auth0Headers),
}

/** https://developer.okta.com/docs/reference/rl-best-practices/, https://developer.okta.com/docs/reference/error-codes/ */
const okta: Documented = {
  addresses: { OKTA_URL: '' },
  env: { OKTA_API_TOKEN: 'okta-example-token' },
  credential: 'OKTA_API_TOKEN',
  request: { path: '/api/v1/groups?limit=1', headers: { authorization: 'SSWS okta-example-token' } },
  good: json(200, [{ id: '00g1emaKYZTWRYYRRTSK', type: 'BUILT_IN', profile: { name: 'Everyone' } }], {
    'x-rate-limit-limit': '1200',
    'x-rate-limit-remaining': '1199',
    'x-rate-limit-reset': String(now + 40),
  }),
  rateLimit: { limit: 1200, remaining: 1199, resetAt: now + 40 },
  refused: json(401, {
    errorCode: 'E0000011',
    errorSummary: 'Invalid token provided',
    errorLink: 'E0000011',
    errorCauses: [],
  }),
  limited: json(
    429,
    { errorCode: 'E0000047', errorSummary: 'API call exceeded rate limit due to too many requests.' },
    { 'x-rate-limit-limit': '1200', 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': String(now + 40) },
  ),
  lacking: json(200, []),
}

/** https://learn.microsoft.com/graph/api/organization-list, https://learn.microsoft.com/graph/throttling */
const entraId: Documented = {
  addresses: { ENTRA_GRAPH_URL: '', ENTRA_LOGIN_URL: '' },
  env: { ENTRA_TENANT_ID: 'tenant', ENTRA_CLIENT_ID: 'app', ENTRA_CLIENT_SECRET: 'entra-example-secret' },
  credential: 'ENTRA_CLIENT_SECRET',
  token: { path: '/tenant/oauth2/v2.0/token', style: 'body' },
  request: {
    path: '/v1.0/organization?$select=id',
    headers: { authorization: 'Bearer A21AAF-example-token' },
  },
  good: json(200, { value: [{ id: '84841066-274d-4ec0-a5c1-276be684bdd3' }] }),
  refused: json(401, {
    error: 'invalid_client',
    error_description: 'AADSTS7000215: Invalid client secret provided.',
  }),
  names: 'expected 200, got 401 (invalid_client)',
  limited: json(
    429,
    { error: { code: 'TooManyRequests', message: 'Too many requests' } },
    { 'retry-after': '10' },
  ),
  lacking: json(200, { value: [] }),
}

export const searchAndIdentity = { algolia, elasticsearch, meilisearch, auth0, okta, 'entra-id': entraId }
