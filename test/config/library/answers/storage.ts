import { json, now, type Documented } from '../documented.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html, .../API/ErrorResponses.html */
const amazonS3: Documented = {
  addresses: { S3_OBJECT_URL: '/bucket/probe.txt' },
  request: { method: 'HEAD', path: '/bucket/probe.txt' },
  good: {
    status: 200,
    headers: { 'x-amz-request-id': '318BC8BC143432E5', etag: '"fba9dede5f27731c9771645a39863328"' },
  },
  refused: { status: 403, headers: { 'x-amz-request-id': '318BC8BC143432E5' } },
  limited: { status: 503, headers: { 'x-amz-request-id': '318BC8BC143432E5' } },
  lacking: { status: 200, headers: { etag: '"fba9dede5f27731c9771645a39863328"' } },
}

/** https://cloud.google.com/storage/docs/json_api/v1/objects/get, .../json_api/v1/status-codes */
const googleCloudStorage: Documented = {
  addresses: { GCS_URL: '' },
  env: { GCS_BUCKET: 'example-bucket', GCS_OBJECT: 'probe.txt' },
  request: { path: '/storage/v1/b/example-bucket/o/probe.txt?fields=kind,name' },
  good: json(200, { kind: 'storage#object', name: 'probe.txt' }),
  refused: json(401, {
    error: {
      code: 401,
      message:
        'Anonymous caller does not have storage.objects.get access to the Google Cloud Storage object.',
      errors: [{ domain: 'global', reason: 'required', locationType: 'header', location: 'Authorization' }],
    },
  }),
  limited: json(429, {
    error: {
      code: 429,
      message: 'The rate of requests is too high.',
      errors: [{ reason: 'rateLimitExceeded' }],
    },
  }),
  lacking: json(200, { name: 'probe.txt' }),
}

/** https://learn.microsoft.com/rest/api/storageservices/get-blob-properties, .../status-and-error-codes2 */
const azureBlob: Documented = {
  addresses: { AZURE_BLOB_URL: '/container/probe.txt' },
  env: { AZURE_BLOB_SAS: 'sv=2024-11-04&sr=b&sp=r&sig=example' },
  credential: 'AZURE_BLOB_SAS',
  request: { method: 'HEAD', path: '/container/probe.txt?sv=2024-11-04&sr=b&sp=r&sig=example' },
  good: {
    status: 200,
    headers: {
      'x-ms-request-id': 'd6c2b0f0-0001',
      'x-ms-blob-type': 'BlockBlob',
      'x-ms-version': '2024-11-04',
    },
  },
  refused: { status: 403, headers: { 'x-ms-request-id': 'd6c2', 'x-ms-error-code': 'AuthenticationFailed' } },
  limited: { status: 503, headers: { 'x-ms-request-id': 'd6c2', 'x-ms-error-code': 'ServerBusy' } },
  lacking: { status: 200, headers: { 'x-ms-request-id': 'd6c2b0f0-0001' } },
}

/** https://developers.cloudflare.com/fundamentals/api/reference/limits/ */
const cloudflareHeaders = {
  ratelimit: '"default";r=50;t=30',
  'ratelimit-policy': '"default";q=1200;w=300',
}

const cloudflareLimits: Pick<Documented, 'rateLimit' | 'refused' | 'limited'> = {
  rateLimit: { limit: 1200, remaining: 50, resetAt: now + 30 },
  refused: json(401, {
    success: false,
    errors: [{ code: 1000, message: 'Invalid API Token' }],
    messages: [],
    result: null,
  }),
  limited: json(
    429,
    {
      success: false,
      errors: [{ code: 971, message: 'Please wait and consider throttling your request speed' }],
    },
    { 'retry-after': '120' },
  ),
}

/** https://developers.cloudflare.com/api/resources/r2/subresources/buckets/methods/list/ */
const cloudflareR2: Documented = {
  ...cloudflareLimits,
  addresses: { CLOUDFLARE_URL: '' },
  env: { CLOUDFLARE_ACCOUNT_ID: '023e105f4ecef8ad', CLOUDFLARE_R2_TOKEN: 'r2-example-token' },
  credential: 'CLOUDFLARE_R2_TOKEN',
  request: {
    path: '/client/v4/accounts/023e105f4ecef8ad/r2/buckets?per_page=1',
    headers: { authorization: 'Bearer r2-example-token' },
  },
  good: json(
    200,
    { success: true, errors: [], messages: [], result: { buckets: [{ name: 'example-bucket' }] } },
    cloudflareHeaders,
  ),
  lacking: json(200, { success: true, errors: [], messages: [], result: {} }),
}

/** https://developers.cloudflare.com/api/resources/user/subresources/tokens/methods/verify/ */
const cloudflare: Documented = {
  ...cloudflareLimits,
  addresses: { CLOUDFLARE_URL: '' },
  env: { CLOUDFLARE_API_TOKEN: 'cloudflare-example-token' },
  credential: 'CLOUDFLARE_API_TOKEN',
  request: {
    path: '/client/v4/user/tokens/verify',
    headers: { authorization: 'Bearer cloudflare-example-token' },
  },
  good: json(
    200,
    {
      success: true,
      errors: [],
      messages: [],
      result: {
        id: 'ed17574386854bf78a67040be0a770b0',
        status: 'active',
        expires_on: '2027-01-01T00:00:00Z',
      },
    },
    cloudflareHeaders,
  ),
  lacking: json(200, {
    success: true,
    result: { id: 'ed17574386854bf78a67040be0a770b0', status: 'disabled' },
  }),
}

export const storage = {
  'amazon-s3': amazonS3,
  'google-cloud-storage': googleCloudStorage,
  'azure-blob': azureBlob,
  'cloudflare-r2': cloudflareR2,
  cloudflare,
}
