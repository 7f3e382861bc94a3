import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { targetSchema } from '../../src/config/document/schema.ts'
import { Refusal, type Name, type Plan } from './plan.ts'

const templates = join(import.meta.dirname, 'check')

/** The files of a kind of check: in templates, `Sample`, `sample` and `sample_key` stand for its name. */
const files = {
  'schema.ts': 'src/checks/NAME/schema.ts',
  'probe.ts': 'src/checks/NAME/probe.ts',
  'metrics.ts': 'src/checks/NAME/metrics.ts',
  'result.ts': 'src/checks/NAME/result.ts',
  'index.ts': 'src/checks/NAME/index.ts',
  'docs.md': 'src/checks/NAME/docs.md',
  'example.ts': 'test/checks/NAME/example.ts',
  'probe.test.ts': 'test/checks/NAME/probe.test.ts',
} as const

/** A kind of check: its folder, its tests, and its row in the table. */
export function newCheck(name: Name): Plan {
  const { kebab, snake, camel } = name
  if (Object.hasOwn(targetSchema.shape, snake))
    throw new Refusal(`"${snake}" is a key of targets already: choose another name`)
  return {
    files: Object.fromEntries(
      Object.entries(files).map(([template, path]) => [path.replace('NAME', kebab), fill(template, name)]),
    ),
    rows: [
      {
        path: 'src/checks/index.ts',
        before: /^$/,
        text: `import { ${camel}Kind } from './${kebab}/index.ts'`,
      },
      { path: 'src/checks/index.ts', after: /^export const kinds/, before: /^\]/, text: `  ${camel}Kind,` },
    ],
    next: [
      `fill in src/checks/${kebab}: begin with schema.ts, end with docs.md`,
      `npm test -- test/checks/${kebab}     # fails until probe.ts is filled in`,
      'npm run generate                    # the schema for editors and the documentation',
      'npm test -- test/checks/every-kind test/docs/checks-page/every-example  # says what is still missing',
    ],
  }
}

function fill(template: string, { kebab, snake, camel, pascal }: Name): string {
  return readFileSync(join(templates, `${template}.txt`), 'utf8')
    .replaceAll('sample_key', snake)
    .replaceAll('sample-folder', kebab)
    .replaceAll('Sample', pascal)
    .replaceAll('sample', camel)
}
