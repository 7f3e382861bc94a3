import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { manPage } from '../../scripts/docs/man.ts'
import { root } from '../../scripts/stack/shipped-files.ts'
import { describeWithTool } from '../support/programs/tools.ts'

const path = join(root, 'man/probity.1')
const page = readFileSync(path, 'utf8')

it('is what the help of the commands says', async () => {
  expect(page).toBe(await manPage())
})

it('documents the exit codes, as docs/operations.md does', () => {
  const codes = [...page.slice(page.indexOf('.SH EXIT STATUS')).matchAll(/^\\fB(\d+)\\fR$/gm)].map(([, code]) => code)
  expect(codes).toEqual(['0', '1', '70'])
  const operations = readFileSync(join(root, 'docs/operations.md'), 'utf8')
  for (const code of codes) expect(operations).toContain(`\n| ${code} | `)
})

const suite = (): void => {
  it('is read without warnings', async () => {
    const { stdout, stderr } = await promisify(execFile)('groff', ['-man', '-Tutf8', '-ww', '-z', path])
    expect(`${stdout}${stderr}`).toBe('')
  })
}
describeWithTool(['groff'], 'groff', suite, { optional: true })
