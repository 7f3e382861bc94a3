import { readToken } from '../../lib/io/token-file.ts'
import { flag } from './flags.ts'

/** `--url`: of the process that watches. */
export const runningUrlFlag = () =>
  flag('--url <url>', 'address of the running exporter or solo').default('http://127.0.0.1:9740')

/** `--token-file`. */
export const runningTokenFlag = () =>
  flag('--token-file <path>', 'file with a token of scope read, if it wants one')

/** `--token-file` of what silences. */
export const silenceTokenFlag = () =>
  flag(
    '--token-file <path>',
    'file with a token of scope silence, and of scope read for a list, if it wants one',
  )

/** What is asked, and how. */
export async function runningPlace(flags: {
  readonly url: string
  readonly tokenFile?: string | undefined
}): Promise<{ readonly url: string; readonly token?: string }> {
  const { url, tokenFile } = flags
  return { url, ...(tokenFile !== undefined && { token: await readToken(tokenFile) }) }
}
