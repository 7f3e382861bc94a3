import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { root } from '../../scripts/stack/shipped-files.ts'
import { tempFolder } from '../support/temp-folder.ts'

const program = join(root, 'bin/probity.cjs')

/** Runs `probity check` in a folder, with these variables and no others. */
async function check(cwd: string, env: Readonly<Record<string, string>>): Promise<string> {
  const options = { cwd, env: { PATH: process.env.PATH, ...env } }
  const { stdout } = await promisify(execFile)(process.execPath, [program, 'check', 'targets.yml'], options)
  return stdout
}

it('probity check names the variables that a module of the library needs, and lists its target once they are set', async () => {
  const folder = await tempFolder()
  await writeFile(join(folder, 'targets.yml'), 'targets_from:\n  - library: [stripe, twilio]\n')
  const env = { STRIPE_KEY: 'rk_live_example', TWILIO_ACCOUNT_SID: 'ACexample', TWILIO_API_KEY: 'SKexample' }
  await expect(check(folder, env)).rejects.toThrow(
    /config\/library\/twilio\.yml:\d+:\d+ targets\[0\]\.auth\.basic\.password: the environment variable TWILIO_API_SECRET is not set: set it/,
  )
  const out = await check(folder, { ...env, TWILIO_API_SECRET: 'twilio-example-secret' })
  expect(out).toContain('targets.yml: valid, 2 targets, 0 modules, 2 vendors\n')
  expect(out).toContain('  stripe  http  https://api.stripe.com/v1/balance  every 1m  ')
  expect(out).not.toMatch(/rk_live_example|twilio-example-secret/)
})
