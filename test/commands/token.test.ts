import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { sha256 } from '../../src/lib/http/bearer.ts'
import { readTokens } from '../../src/tokens/file.ts'
import { tempFolder } from '../support/temp-folder.ts'

const program = join(import.meta.dirname, '../../bin/probity.cjs')

it('probity token creates a token, shows it once, lists it and revokes it', async () => {
  const file = join(await tempFolder(), 'tokens.jsonl')
  const run = async (...args: string[]): Promise<string> => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, 'token', ...args], {
      env: { ...process.env, PROBITY_WEB_TOKENS_FILE: file },
    }).catch((error: unknown) => error as { stdout: string; stderr: string })
    return stdout + stderr
  }
  const secret = await run('create', '--scope', 'calls', '--name', 'shop')
  const [token] = (await readTokens(file)) ?? []
  expect(sha256(secret.trim()).toString('hex')).toBe(token!.sha256)
  expect(await run('list')).toBe(`shop  calls  ${token!.created}\n`)
  expect(await run('create', '--scope', 'reports', '--name', 'other')).toContain(
    'Allowed choices are read, probe, calls,',
  )
  const forever = await run('create', '--scope', 'read', '--name', 'x', '--expires', '4000d')
  expect(forever).toContain('"4000d" is not a valid lifetime: expected one such as 90d, at most 3650d')
  await run('create', '--scope', 'read', 'probe', '--name', 'prometheus', '--expires', '90d')
  const other = (await readTokens(file))?.[1]
  expect(Date.parse(other!.expires!) - Date.parse(other!.created)).toBe(90 * 86_400_000)
  expect(await run('list')).toContain(
    `prometheus  read,probe  ${other!.created}  expires ${other!.expires!}\n`,
  )
  await run('revoke', 'prometheus')
  expect(await run('create', '--scope', 'calls', '--name', 'shop')).toContain('there is already a token shop')
  expect(await run('revoke', 'shop')).toBe('shop is revoked\n')
  expect(await run('revoke', 'shop')).toBe(`${file} has no token "shop"\n`)
  expect(await run('list')).toBe('there are no tokens: no token is required\n')
})
