import { stringify } from 'yaml'
import { parseConfig } from '../../config/load/load.ts'
import { foreignFormats } from '../../foreign/index.ts'
import { ConfigError } from '../../settings/errors.ts'

/** Talks with a person. */
export interface Conversation {
  /** Resolves with what was typed, or with the default if that was nothing. */
  readonly ask: (question: string, byDefault: string) => Promise<string>
  readonly say: (line: string) => void
}

export interface FirstTarget {
  /** A targets.yml. */
  readonly targets: string
  /** Lines of `.env`; absent if nobody is to be notified. */
  readonly env?: string
}

interface Keys {
  readonly name: string
  readonly url: string
  readonly expect: Readonly<Record<string, string | number>>
}

/** After that the default is kept; the file can be edited. */
const tries = 3

/** Asks five questions: what is watched, what is expected, and who is notified. An answer that is not valid is asked for again. */
export async function askForTarget({ ask, say }: Conversation): Promise<FirstTarget> {
  const valid = async (
    question: string,
    byDefault: string,
    keysWith: (answer: string) => Keys,
  ): Promise<string> => {
    for (let left = tries; left > 0; left--) {
      const answer = await ask(question, byDefault)
      const wrong = mistakeIn(keysWith(answer))
      if (wrong === undefined) return answer
      say(wrong)
    }
    say(`Keeping ${byDefault}: edit targets.yml to change it.`)
    return byDefault
  }
  const anything: Keys = { name: 'it', url: 'https://example.com/', expect: {} }
  const url = await valid('URL to watch', anything.url, (answer) => ({ ...anything, url: answer }))
  const name = await valid('Its name', new URL(url).hostname, (answer) => ({ ...anything, name: answer }))
  const status = await valid('Expected status', '2xx', (answer) => ({
    ...anything,
    expect: { status: asWritten(answer) },
  }))
  const latency = await valid('Longest acceptable response time, such as 300ms', 'off', (answer) => ({
    ...anything,
    expect: { max_latency: asWritten(answer) },
  }))
  const webhook = await ask('Slack webhook URL for alerts, if any', '')
  const keys: Keys = { name, url, expect: { status: asWritten(status), max_latency: asWritten(latency) } }
  const schema =
    '# yaml-language-server: $schema=./schema/targets.schema.json\n# Every key: docs/targets.md\n\n'
  const targets = schema + stringify({ targets: [keys] })
  return webhook === '' ? { targets } : { targets, env: `SLACK_WEBHOOK_URL=${webhook}\n` }
}

/** As YAML reads it in a file. */
function asWritten(answer: string): string | number {
  return /^\d+$/.test(answer) ? Number(answer) : answer
}

/** What is wrong with a target, without a place: there is no file yet. */
function mistakeIn(keys: Keys): string | undefined {
  const sources = [{ file: 'targets.yml', text: stringify({ targets: [keys] }) }]
  try {
    parseConfig({ sources, directory: '.', files: [] }, { env: {}, foreign: foreignFormats })
    return undefined
  } catch (error) {
    if (error instanceof ConfigError) return error.issues[0]?.message
    throw error
  }
}
