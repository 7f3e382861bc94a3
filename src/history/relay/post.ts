import { messageOf } from '../../lib/errors.ts'
import { parseRetryAfter } from '../../lib/http/retry-after.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import { version } from '../../lib/version.ts'
import { receivedAnswer, type Received, type ReportedCheck } from './wire.ts'

/** What came of a request: an answer, or why the checks have to be sent again. */
export type Posted =
  | { readonly answer: Received }
  | { readonly problem: string; readonly retryAfter?: number }

export interface PostOptions {
  /** Of `/api/v1/results`. */
  readonly url: URL
  readonly token: string
  readonly checks: readonly ReportedCheck[]
  readonly signal: AbortSignal
  /** Unix time in milliseconds. */
  readonly now: () => number
}

/** Milliseconds for a request and its answer: longer than the receiver gives its database. */
const patienceMs = 30_000

/** Bytes of an answer that are read. */
const mostBytes = 64 * 1024

/** Sends checks. Never throws: whatever goes wrong is a problem in one line. */
export async function postChecks({ url, token, checks, signal, now }: PostOptions): Promise<Posted> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      // A token is sent to nobody else.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'user-agent': `Probity/${version}`,
      },
      body: JSON.stringify({ checks }),
    })
    const text = await beginningOf(response)
    const { status } = response
    if (status === 200) {
      const { data } = receivedAnswer.safeParse(asJson(text))
      return data ? { answer: data } : { problem: 'what answers is not a Probity that receives checks' }
    }
    if (status >= 300 && status < 400)
      return { problem: `it answers ${status} and leads elsewhere: use the URL of the server itself` }
    const seconds = parseRetryAfter(response.headers.get('retry-after') ?? undefined, now())
    return {
      problem: `it answers ${status}: ${wordsOf(text)}`,
      ...(seconds !== undefined && { retryAfter: seconds }),
    }
  } catch (error) {
    const { cause } = error instanceof Error ? error : { cause: undefined }
    return { problem: messageOf(cause ?? error) }
  }
}

async function beginningOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    const piece = chunk as Uint8Array
    chunks.push(piece)
    bytes += piece.length
    if (bytes > mostBytes) break
  }
  return Buffer.concat(chunks).toString('utf8')
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Terminals obey control characters, and this is what another program says. */
function wordsOf(text: string): string {
  const said = asJson(text)
  const words =
    typeof said === 'object' && said !== null && 'error' in said && typeof said.error === 'string'
      ? said.error
      : text
  return cut(oneLine(words), 300)
}
