import { describe, expect, it } from 'vitest'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand, type CommandLine, type RunCommandOptions } from '../../../src/lib/io/run-command.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const env = { PATH: process.env.PATH ?? '/usr/bin:/bin' }

function run(command: CommandLine, options: Partial<RunCommandOptions> = {}): ReturnType<typeof runCommand> {
  return runCommand(command, { env, timeoutMs: 10_000, ...options })
}

/** Whether a process still runs; one that died and was not fetched yet does not count. */
async function isRunning(pid: number): Promise<boolean> {
  try {
    return !/^State:\s+Z/m.test(await readFile(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

async function pidIn(path: string): Promise<number> {
  return waitFor(`a pid in ${path}`, async () => Number(await readFile(path, 'utf8')) || undefined)
}

describe('running a command', () => {
  it('tells its code, its output and how long it took', async () => {
    const outcome = await run('echo out; echo err >&2')
    expect(outcome).toEqual({
      exitCode: 0,
      output: 'out\nerr\n',
      outputBytes: 8,
      durationSeconds: expect.any(Number),
    })
    expect(outcome.durationSeconds).toBeGreaterThan(0)
  })

  it('gives a list to the program as it is, without a shell', async () => {
    const { output } = await run(['printf', '%s|', '$HOME', '*', 'a b', '"', ''])
    expect(output).toBe('$HOME|*|a b|"||')
  })

  it.each<[string, CommandLine, object]>([
    ['a code other than 0', 'exit 3', { kind: 'exit', message: 'exited with code 3' }],
    ['a signal', 'kill -9 $$', { kind: 'signal', message: 'was killed by SIGKILL' }],
    [
      'no such program',
      ['no-such-program-here'],
      { kind: 'not_started', message: 'cannot be started: there is no program no-such-program-here' },
    ],
    [
      'a NUL among the arguments',
      ['echo', 'a\0b'],
      { kind: 'not_started', message: expect.stringMatching(/^cannot be started: .*null bytes/) },
    ],
    [
      'arguments that are too long',
      ['echo', 'x'.repeat(200_000)],
      { kind: 'not_started', message: 'cannot be started: its arguments and its environment are too long' },
    ],
  ])('says why it failed: %s', async (_name, command, failure) => {
    const outcome = await run(command)
    expect(outcome.failure).toEqual(failure)
  })

  it('says of a program that it may not be executed', async () => {
    const path = join(await tempFolder(), 'script')
    await writeFile(path, '#!/bin/sh\n')
    await chmod(path, 0o600)
    expect((await run([path])).failure?.message).toBe(`cannot be started: ${path} is not executable`)
  })

  it('runs in its folder, or says that there is none', async () => {
    const folder = await tempFolder()
    expect((await run('pwd', { cwd: folder })).output).toBe(`${folder}\n`)
    const missing = join(folder, 'missing')
    expect((await run('pwd', { cwd: missing })).failure).toEqual({
      kind: 'not_started',
      message: `cannot be started: there is no folder ${missing}`,
    })
  })

  it('has the environment that it is given, and no other', async () => {
    const { output } = await run(['env'], { env: { PATH: env.PATH, GREETING: 'a\nb' } })
    expect(output).toBe(`PATH=${env.PATH}\nGREETING=a\nb\n`)
  })

  it('has nothing to read', async () => {
    expect(await run('cat; readlink /proc/$$/fd/0')).toMatchObject({ output: '/dev/null\n', exitCode: 0 })
  })

  it('keeps the beginning and the end of a long output', async () => {
    const { output, outputBytes } = await run('echo first; head -c 3000000 /dev/zero | tr "\\0" x; echo last')
    expect(outputBytes).toBe(3_000_011)
    expect(output).toHaveLength(64 * 1024 + '\n[… 2934475 bytes left out …]\n'.length)
    expect(output).toMatch(/^first\nx+\n\[… 2934475 bytes left out …\]\nx+last\n$/)
  })
})

describe('a command that does not end', () => {
  it('is told to end after its time, with everything that it started', async () => {
    const folder = await tempFolder()
    const outcome = await run('sleep 60 & echo $! > child; echo begun; wait', { cwd: folder, timeoutMs: 800 })
    expect(outcome.failure).toEqual({ kind: 'timeout', message: 'did not finish within 0.8 s' })
    expect(outcome.output).toBe('begun\n')
    expect(outcome).not.toHaveProperty('exitCode')
    expect(await isRunning(await pidIn(join(folder, 'child')))).toBe(false)
  })

  it('may tidy up before it is killed', async () => {
    const outcome = await run('trap "echo tidy; exit 0" TERM; echo begun; while :; do sleep 0.05; done', {
      timeoutMs: 800,
    })
    expect(outcome.failure?.kind).toBe('timeout')
    // The shell reports that its sleep was ended.
    expect(outcome.output).toMatch(/^begun\n(Terminated\n)?tidy\n$/)
  })

  it('is killed where it does not listen, also the parts of it that outlive the first', async () => {
    const folder = await tempFolder()
    const deaf = 'sh -c \'trap "" TERM; echo $$ > child; while :; do sleep 0.05; done\' & wait'
    const outcome = await run(deaf, { cwd: folder, timeoutMs: 800, killAfterMs: 200 })
    expect(outcome.failure?.kind).toBe('timeout')
    const child = await pidIn(join(folder, 'child'))
    await waitFor('the child to be gone', async () => !(await isRunning(child)))
  })

  it('is ended when its caller gives up', async () => {
    const controller = new AbortController()
    const folder = await tempFolder()
    const running = run('echo $$ > child; exec sleep 60', { cwd: folder, signal: controller.signal })
    const child = await pidIn(join(folder, 'child'))
    controller.abort()
    expect((await running).failure).toEqual({ kind: 'aborted', message: 'was killed: cancelled' })
    expect(await isRunning(child)).toBe(false)
  })

  it('is not even started when its caller gave up before', async () => {
    const folder = await tempFolder()
    const outcome = await run('touch begun', { cwd: folder, signal: AbortSignal.abort() })
    expect(outcome.failure?.message).toBe('was not started: cancelled')
    await expect(readFile(join(folder, 'begun'))).rejects.toThrow('ENOENT')
  })
})

describe('what a command leaves behind', () => {
  const leaving = 'sleep 60 & echo $! > child'

  it('does not hold it up and is ended with it', async () => {
    const folder = await tempFolder()
    const outcome = await run(leaving, { cwd: folder })
    expect(outcome.exitCode).toBe(0)
    const child = await pidIn(join(folder, 'child'))
    await waitFor('the child to be gone', async () => !(await isRunning(child)))
  })

  it('goes on where that is wanted', async () => {
    const folder = await tempFolder()
    const outcome = await run(leaving, { cwd: folder, background: 'leave' })
    expect(outcome).toMatchObject({ exitCode: 0 })
    expect(outcome.durationSeconds).toBeLessThan(5)
    const child = await pidIn(join(folder, 'child'))
    expect(await isRunning(child)).toBe(true)
    process.kill(child, 'SIGKILL')
  })
})

describe('the user that a command runs as', () => {
  const nobody = 65_534

  it('is another one where this process may change it, and a failure where not', async () => {
    const outcome = await run('id -u; id -g; id -G', { uid: nobody, gid: nobody })
    if (process.getuid?.() === 0) expect(outcome.output).toBe('65534\n65534\n65534\n')
    else expect(outcome.failure?.message).toMatch('this process may not become that user or group')
  })
})
