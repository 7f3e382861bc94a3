import { describe, expect, it } from 'vitest'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CommandCheck } from '../../../../src/checks/machine/command/schema.ts'
import {
  createCommandProber,
  type CommandProberOptions,
} from '../../../../src/checks/machine/command/probe.ts'
import type { ProbeResult } from '../../../../src/checks/result.ts'
import { runProbe } from '../../../../src/checks/run.ts'
import { tempFolder } from '../../../support/temp-folder.ts'
import { waitFor } from '../../../support/time/wait-for.ts'

const env = { PATH: process.env.PATH }

function run(
  check: Partial<CommandCheck> & Pick<CommandCheck, 'command'>,
  timeoutSeconds = 5,
  options: CommandProberOptions = { env },
): Promise<ProbeResult> {
  const prober = createCommandProber(options)
  return runProbe(
    { kind: 'command', env: {}, ...check },
    { timeoutSeconds, probers: { command: () => Promise.resolve(prober) } },
  )
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('a command as a check', () => {
  it('works when it ends with code 0, in exec form', async () => {
    const result = await run({ command: [process.execPath, '-e', 'console.log("a b")'] })
    expect(result).toMatchObject({ success: true, command: { exitCode: 0, output: 'a b\n', outputBytes: 4 } })
    expect(result).not.toHaveProperty('failure')
  })

  it('takes no part of a list for shell code', async () => {
    const result = await run({ command: ['printf', '%s', '$(id); `id` ${HOME} "x"'] })
    expect(result.command?.output).toBe('$(id); `id` ${HOME} "x"')
  })

  it('gives a text to a shell, which has its environment, its folder and nothing on stdin', async () => {
    const folder = await tempFolder()
    const result = await run({
      command: 'cat; echo "${LIMIT:-90} $OTHER $(pwd -P)"',
      env: { LIMIT: '85', OTHER: 'x y' },
      cwd: folder,
    })
    expect(result.command?.output).toMatch(/^85 x y \/.*probity-test-/)
  })

  it('fails with its exit code and what it printed', async () => {
    const result = await run({ command: 'echo one; echo "disk is full" >&2; exit 22' })
    expect(result).toMatchObject({
      success: false,
      failure: {
        reason: 'command',
        message: 'expected exit code 0, the command exited with 22: one disk is full',
      },
      command: { exitCode: 22, outputBytes: 17 },
    })
  })

  it('fails when a signal ends it, and then has no exit code', async () => {
    const result = await run({ command: 'kill -SEGV $$' })
    expect(result.failure).toEqual({ reason: 'command', message: 'the command was killed by SIGSEGV' })
    expect(result.command).not.toHaveProperty('exitCode')
  })

  it.each([
    [
      'a missing program',
      { command: ['no-such-program'] },
      'cannot be started: there is no program no-such-program',
    ],
    [
      'a missing folder',
      { command: 'true', cwd: '/no/such' },
      'cannot be started: there is no folder /no/such',
    ],
    [
      'a missing user',
      { command: 'true', user: 'nobody-at-all' },
      'there is no user nobody-at-all on this machine',
    ],
  ])('fails, and does not end the process, given %s', async (_name, check, words) => {
    const result = await run(check)
    expect(result.failure?.reason).toBe('command')
    expect(result.failure?.message).toContain(words)
  })

  it('ends it and everything it has started at the deadline', async () => {
    const folder = await tempFolder()
    const pids = join(folder, 'pids')
    const began = performance.now()
    // Both ignore the request to end, and hold the output open.
    const result = await run(
      {
        command: `trap '' TERM; sh -c 'trap "" TERM; echo $$ >> ${pids}; sleep 60; sleep 60' & echo $$ >> ${pids}; wait; sleep 60`,
      },
      0.5,
    )
    expect(performance.now() - began).toBeLessThan(5000)
    expect(result.failure?.reason).toBe('timeout')
    expect(result.failure?.message).toContain('no answer within 0.5s')
    const started = (await readFile(pids, 'utf8')).trim().split('\n').map(Number)
    expect(started).toHaveLength(2)
    await waitFor('the end of both', () => !started.some(isAlive))
  })

  it('ends what it leaves behind', async () => {
    const result = await run({ command: 'sleep 60 & echo $!' })
    expect(result.success).toBe(true)
    const pid = Number(result.command?.output)
    await waitFor('the end of the process in the background', () => !isAlive(pid))
  })

  it('keeps a bounded part of endless output', async () => {
    const result = await run({ command: 'yes "a line" | head -c 3000000' })
    expect(result.command?.outputBytes).toBe(3_000_000)
    expect(result.command?.output.length).toBeLessThan(20_000)
  })

  it('runs so many at the same time, and lets the others wait', async () => {
    const folder = await tempFolder()
    const log = join(folder, 'log')
    await writeFile(log, '')
    const prober = createCommandProber({ env, maxRunning: 2 })
    const check: CommandCheck = {
      kind: 'command',
      env: {},
      command: `echo + >> ${log}; sleep 1; echo - >> ${log}`,
    }
    const results = await Promise.all(
      Array.from({ length: 6 }, () =>
        runProbe(check, { timeoutSeconds: 120, probers: { command: () => Promise.resolve(prober) } }),
      ),
    )
    expect(results.every(({ success }) => success)).toBe(true)
    let running = 0
    const counts = (await readFile(log, 'utf8'))
      .trim()
      .split('\n')
      .map((sign) => (running += sign === '+' ? 1 : -1))
    expect(Math.max(...counts)).toBe(2)
  })

  it('says so when its time is over before its turn', async () => {
    const prober = createCommandProber({ env, maxRunning: 1 })
    const probe = (command: string, timeoutSeconds: number): Promise<ProbeResult> =>
      runProbe(
        { kind: 'command', env: {}, command },
        { timeoutSeconds, probers: { command: () => Promise.resolve(prober) } },
      )
    const [, late] = await Promise.all([probe('sleep 0.6', 5), probe('true', 0.2)])
    expect(late.failure).toEqual({
      reason: 'timeout',
      message: 'no answer within 0.2s while waiting for other commands: at most 1 run at a time',
    })
    // The turn that was given up is nobody's.
    expect(await probe('true', 5)).toMatchObject({ success: true })
  })

  const asRoot = process.getuid?.() === 0 ? it : it.skip
  asRoot('runs as another user, without the groups of this one', async () => {
    const result = await run({ command: 'id -u; id -G; echo "$HOME $USER"', user: 'nobody' })
    expect(result.command?.output).toMatch(/^65534\n65534\n\S+ nobody\n$/)
  })
})
