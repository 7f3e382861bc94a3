import type { Name, Plan } from './plan.ts'

/** A command of the program: its file, its tests, and its row in src/cli.ts. */
export function newCommand({ kebab, camel }: Name): Plan {
  return {
    files: {
      [`src/commands/${kebab}.ts`]: `import { Command } from '@commander-js/extra-typings'

/** \`probity ${kebab}\`. */
export const ${camel}Command = () =>
  new Command('${kebab}').description('TODO: what it does.').action(() => {
    // TODO: read the flags here, and do the work in one call of src/app.
    throw new Error('probity ${kebab} is not filled in yet')
  })
`,
      [`test/commands/${kebab}.test.ts`]: `import { expect, it } from 'vitest'
import { ${camel}Command } from '../../src/commands/${kebab}.ts'

it('does what it says', async () => {
  // TODO
  await ${camel}Command().parseAsync([], { from: 'user' })
  expect('not filled in yet').toBe('')
})
`,
    },
    rows: [
      {
        path: 'src/cli.ts',
        after: /^const commands/,
        before: /^\]/,
        text: `  {
    name: '${kebab}',
    summary: 'TODO: what it does',
    load: async () => (await import('./commands/${kebab}.ts')).${camel}Command(),
  },`,
      },
    ],
    next: [
      `fill in src/commands/${kebab}.ts and its summary in src/cli.ts`,
      `npm test -- test/commands/${kebab}.test.ts`,
      'say in the documentation when it is of use',
    ],
  }
}
