import { stringify } from 'yaml'

/** Asks a person; resolves with what was typed, or with the default if that was nothing. */
export type Ask = (question: string, byDefault: string) => Promise<string>

export interface FirstTarget {
  /** A targets.yml. */
  readonly targets: string
  /** Lines of `.env`; absent if nobody is to be notified. */
  readonly env?: string
}

/** Asks five questions: what is watched, what is expected, and who is notified. */
export async function askForTarget(ask: Ask): Promise<FirstTarget> {
  const url = await ask('URL to watch', 'https://example.com/')
  const name = await ask('Its name', URL.canParse(url) ? new URL(url).hostname : 'shop')
  const status = await ask('Expected status', '2xx')
  const latency = await ask('Longest acceptable response time, such as 300ms', 'off')
  const webhook = await ask('Slack webhook URL for alerts, if any', '')
  const expect = { status: /^\d+$/.test(status) ? Number(status) : status, max_latency: latency }
  const schema =
    '# yaml-language-server: $schema=./schema/targets.schema.json\n# Every key: docs/targets.md\n\n'
  const targets = schema + stringify({ targets: [{ name, url, expect }] })
  return webhook === '' ? { targets } : { targets, env: `SLACK_WEBHOOK_URL=${webhook}\n` }
}
