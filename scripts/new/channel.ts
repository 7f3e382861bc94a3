import type { Name, Plan } from './plan.ts'

/** A channel: its folder, its tests, its section in docs/notify.md, and its row in the table. */
export function newChannel({ kebab, camel, pascal }: Name): Plan {
  return {
    files: {
      [`src/channels/${kebab}/${kebab}.ts`]: `import { z } from 'zod'
import { link } from '../../settings/values/scalars.ts'
import { keys } from '../../settings/values/value.ts'
import type { Channel } from '../channel.ts'
import { defaultTimeoutMs, type ChannelDependencies } from '../dependencies.ts'
import { deliverHttp } from '../shared/http-delivery.ts'
import { wordsOf } from '../shared/words.ts'

export const ${camel}Settings = keys({
  type: z.literal('${kebab}').describe('The kind of channel.'),
  url: link.describe('TODO: where notifications are sent.'),
})

export type ${pascal}Settings = z.infer<typeof ${camel}Settings>

/** TODO: whom it tells, and through what. It says whether a failed delivery is worth a retry; it does not retry itself. */
export function create${pascal}Channel(
  { url }: ${pascal}Settings,
  { name, clock, timeoutMs = defaultTimeoutMs, secrets = [] }: ChannelDependencies,
): Channel {
  return {
    name,
    async deliver(notification, signal) {
      const body = JSON.stringify({ text: wordsOf(notification).title })
      const headers = { 'content-type': 'application/json; charset=utf-8' }
      await deliverHttp({ peer: '${kebab}', url, headers, body, secrets }, { clock, timeoutMs, signal })
    },
  }
}
`,
      [`test/channels/${kebab}/${kebab}.test.ts`]: `import { describe, expect, it } from 'vitest'
import { create${pascal}Channel } from '../../../src/channels/${kebab}/${kebab}.ts'
import { channelDependencies } from '../../support/alerts/channels.ts'

describe('the channel ${kebab}', () => {
  it('delivers what happened', () => {
    const channel = create${pascal}Channel({ type: '${kebab}', url: 'http://127.0.0.1:1/' }, channelDependencies())
    expect(channel.name).toBe('ops')
    // TODO: deliver to a server of test/support/servers, and look at what came.
    throw new Error('not filled in yet')
  })
})
`,
    },
    rows: [
      {
        path: 'src/channels/index.ts',
        before: /^$/,
        text: `import { create${pascal}Channel, ${camel}Settings } from './${kebab}/${kebab}.ts'`,
      },
      {
        path: 'src/channels/index.ts',
        after: /^export const channelTypes/,
        before: /^\}/,
        text: `  '${kebab}': row({ schema: ${camel}Settings, create: create${pascal}Channel }),`,
      },
      {
        path: 'docs/notify.md',
        before: /^## Commands$/,
        text: `### ${kebab}

\`\`\`yaml
# notify.yml
channels:
  ${kebab}: { type: ${kebab}, url: 'https://${kebab}.example.com/hook' }
\`\`\`

| key | default | what it says |
|---|---|---|
| \`url\` | required | TODO: where notifications are sent. |

TODO: what a message says.

`,
      },
    ],
    next: [
      `fill in src/channels/${kebab}, test/channels/${kebab} and the section ${kebab} of docs/notify.md`,
      'if Alertmanager has a receiver of that kind: a receiver.ts next to it, and `receiver` in its row',
      `npm run generate && npm test -- test/channels/${kebab} test/docs`,
    ],
  }
}
