import type { Dispatcher } from 'undici'
import { codeOf, messageOf } from '../../lib/errors.ts'
import { maxFileBytes } from '../../settings/sources.ts'

/**
 * Reads the body of an answer.
 *
 * @param maxMebibytes How large it may be. Default: as large as a file of the configuration, 10.
 * @throws Error when it is too large, or not text.
 */
export async function readText(
  response: Dispatcher.ResponseData,
  signal: AbortSignal,
  maxMebibytes = maxFileBytes / 2 ** 20,
): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    signal.throwIfAborted()
    bytes += chunk.length
    if (bytes > maxMebibytes * 2 ** 20) throw new Error(`it is larger than ${maxMebibytes} MiB`)
    chunks.push(chunk)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch (cause) {
    throw new Error('it is not UTF-8 text', { cause })
  }
}

/** Ends an answer whose body is of no interest. */
export function discard({ body }: Dispatcher.ResponseData): void {
  body.on('error', () => undefined).destroy()
}

/** Why there was no answer, with the code of the system. */
export function networkError(error: unknown): string {
  const code = codeOf(error)
  const message = messageOf(error)
  return code === undefined || message.includes(code) ? message : `${message} (${code})`
}
