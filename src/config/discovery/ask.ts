import { withDeadline } from '../../lib/time/deadline.ts'
import { version } from '../../lib/version.ts'
import { discard, networkError, readText } from '../remote/answer.ts'

export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** The Unix socket of the server. Default: it is reached over TCP. */
  readonly socketPath?: string
  readonly signal: AbortSignal
}

/** Milliseconds for all of it. */
const timeoutMs = 10_000

/**
 * Asks for JSON, over its own connection. Redirects are not followed: what is sent is for the server that is named.
 *
 * @throws Error in words for a person.
 */
export async function askJson(url: URL, { headers = {}, socketPath, signal }: AskOptions): Promise<unknown> {
  // Hardly any configuration discovers targets, and the library takes long to load.
  const { Agent, request } = await import('undici')
  const agent = new Agent({ connect: socketPath === undefined ? {} : { socketPath } })
  try {
    return await withDeadline(signal, timeoutMs, async (deadline) => {
      try {
        const response = await request(url, {
          dispatcher: agent,
          headers: {
            accept: 'application/json',
            'accept-encoding': 'identity',
            'user-agent': `Probity/${version}`,
            ...headers,
          },
          signal: deadline.signal,
        })
        if (response.statusCode !== 200) {
          discard(response)
          throw new Error(`the server answered ${response.statusCode}`)
        }
        return parseJson(await readText(response, deadline.signal))
      } catch (cause) {
        throw new Error(deadline.passed() ? `no answer within ${timeoutMs / 1000}s` : networkError(cause), {
          cause,
        })
      }
    })
  } finally {
    await agent.destroy()
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new Error('the answer is not JSON', { cause })
  }
}
