import type { Name, Plan } from './plan.ts'

/** A channel: its folder, its tests, its section in docs/notify.md, and its row in the table. */
export function newChannel({ kebab, snake, camel, pascal }: Name): Plan {
  return {
    files: {
      [`src/channels/${kebab}/${kebab}.ts`]: `import { z } from 'zod'
import { link } from '../../settings/values/scalars.ts'
import { keys } from '../../settings/values/value.ts'
import { atMost, textOf } from '../shared/fitting.ts'
import { secretsOfUrl, type HttpKind } from '../shared/http-kind.ts'
import { plainMarkup } from '../shared/markup.ts'

export const ${camel}Settings = keys({
  type: z.literal('${snake}').describe('The kind of channel.'),
  url: link.describe('TODO: where notifications are sent.'),
})

export type ${pascal}Settings = z.infer<typeof ${camel}Settings>

/** TODO: whom it tells, and through what, with the address of the documentation of its limits. */
export const ${camel}: HttpKind<${pascal}Settings> = {
  peer: '${kebab}',
  secrets: ({ url }) => secretsOfUrl(url),
  message: (notification, { url }) => ({ url, body: { text: textOf(notification, plainMarkup, atMost(4000)) } }),
}
`,
      [`test/channels/${kebab}/${kebab}.test.ts`]: `import { describe, expect, it } from 'vitest'
import { ${camel}, ${camel}Settings } from '../../../src/channels/${kebab}/${kebab}.ts'
import { firing } from '../../support/alerts/notifications.ts'

describe('the channel ${kebab}', () => {
  it('says what happened', () => {
    const settings = ${camel}Settings.parse({ type: '${snake}', url: 'http://127.0.0.1:1/' })
    const message = ${camel}.message(firing, settings, { name: 'ops', now: 0, env: {} })
    expect(message.url).toBe('http://127.0.0.1:1/')
    // TODO: its service in test/support/services, which test/channels/services.test.ts delivers to.
    throw new Error('not filled in yet')
  })
})
`,
    },
    rows: [
      {
        path: 'src/channels/index.ts',
        before: /^$/,
        text: `import { ${camel}, ${camel}Settings } from './${kebab}/${kebab}.ts'`,
      },
      {
        path: 'src/channels/index.ts',
        after: /^export const channelTypes/,
        before: /^\}/,
        text: `  ${snake}: http(${camel}Settings, ${camel}),`,
      },
      {
        path: 'docs/channels.md',
        text: `
## ${snake}

TODO: how to set the service up.

\`\`\`yaml
# notify.yml
channels:
  ops: { type: ${snake}, url: 'https://${kebab}.example.com/hook' }
\`\`\`

<!-- generated: keys of ${snake} -->

<!-- end of what is generated -->

TODO: what a message says.
`,
      },
    ],
    next: [
      `fill in src/channels/${kebab}, test/channels/${kebab} the section ${snake} of docs/channels.md and a row of its table`,
      `the rules of the service: a row in test/support/services`,
      'if Alertmanager has a receiver of that kind: a receiver.ts next to it, and `receiver` in its row',
      `npm run generate && npm test -- test/channels/${kebab} test/docs`,
    ],
  }
}
