import { createHash, createHmac } from 'node:crypto'

export interface AwsKeys {
  readonly accessKey: string
  readonly secretKey: string
  /** Of keys that are only for a while. */
  readonly sessionToken?: string | undefined
}

/** A POST of a form without a query. */
export interface AwsRequest {
  readonly url: URL
  readonly body: string
  readonly service: string
  readonly region: string
  /** Milliseconds since 1970. */
  readonly now: number
}

const contentType = 'application/x-www-form-urlencoded'

/**
 * The headers that sign a request to AWS, Signature Version 4.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signed(
  { url, body, service, region, now }: AwsRequest,
  { accessKey, secretKey, sessionToken }: AwsKeys,
): Record<string, string> {
  const time = `${new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
  const date = time.slice(0, 8)
  const headers: Record<string, string> = {
    'content-type': contentType,
    host: url.host,
    'x-amz-date': time,
    ...(sessionToken !== undefined && sessionToken !== '' && { 'x-amz-security-token': sessionToken }),
  }
  const names = Object.keys(headers).sort()
  const canonical = [
    'POST',
    url.pathname,
    '',
    ...names.map((name) => `${name}:${headers[name] ?? ''}`),
    '',
    names.join(';'),
    sha256(body),
  ].join('\n')
  const scope = `${date}/${region}/${service}/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')
  const key = [date, region, service, 'aws4_request'].reduce<Buffer | string>(hmac, `AWS4${secretKey}`)
  const signature = hmac(key, toSign).toString('hex')
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
