import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { sha256 } from '../../src/lib/http/bearer.ts'
import { readTokens } from '../../src/tokens/file.ts'
import { tempFolder } from '../support/temp-folder.ts'

const program = `
  import { main } from ${JSON.stringify(join(import.meta.dirname, '../../src/cli.ts'))}
  await main(['node', 'probity', ...process.argv.slice(1)])
`

it('probity token creates a token, shows it once, lists it and revokes it', async () => {
  const file = join(await tempFolder(), 'tokens.jsonl')
  const run = async (...args: string[]): Promise<string> => {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', program, '--', 'token', ...args],
      { env: { ...process.env, PROBITY_WEB_TOKENS_FILE: file } },
    ).catch((error: unknown) => error as { stdout: string; stderr: string })
    return stdout + stderr
  }
  const secret = await run('create', '--scope', 'calls', '--name', 'shop')
  const [token] = (await readTokens(file)) ?? []
  expect(sha256(secret.trim()).toString('hex')).toBe(token!.sha256)
  expect(await run('list')).toBe(`shop  calls  ${token!.created}\n`)
  expect(await run('create', '--scope', 'report', '--name', 'other')).toContain('Allowed choices are calls.')
  expect(await run('create', '--scope', 'calls', '--name', 'shop')).toContain('there is already a token shop')
  expect(await run('revoke', 'shop')).toBe('shop is revoked\n')
  expect(await run('revoke', 'shop')).toBe(`${file} has no token "shop"\n`)
  expect(await run('list')).toBe('there are no tokens: no token is required\n')
})
