import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { probity } from '../support/programs/probity.ts'
import { tempFolder } from '../support/temp-folder.ts'

const run = promisify(execFile)

it('the program as it was built reads schemas of GraphQL and specifications', async () => {
  const folder = await tempFolder()
  const file = join(folder, 'targets.yml')
  const write = (query: string): Promise<void> =>
    writeFile(
      file,
      `targets:
  - { name: a, url: "http://127.0.0.1:1/?query=${query}", expect: { graphql: { schema: a.graphql } } }
targets_from: [{ openapi: b.yaml, base_url: "http://127.0.0.1:1" }]
`,
    )
  await writeFile(join(folder, 'a.graphql'), 'type Query { shop: String }')
  await writeFile(
    join(folder, 'b.yaml'),
    'openapi: 3.1.0\nx-probity: { max_latency: 20ms }\npaths: { /pets: { get: { operationId: listPets } } }',
  )
  const check = () => run(process.execPath, [...probity, 'check', file], { cwd: folder })
  await write('{shop}')
  const { stdout } = await check()
  expect(stdout).toContain('valid, 2 targets')
  expect(stdout).toContain(
    `note: listPets: expect.max_latency is 20ms (specification, ${join(folder, 'b.yaml')}:2)`,
  )
  await write('{shp}')
  await expect(check()).rejects.toMatchObject({
    stderr: expect.stringContaining('the query does not fit a.graphql: Cannot query field "shp"') as string,
  })
})
