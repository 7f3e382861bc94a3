import { expect, it } from 'vitest'
import { commandSettings, createCommandChannel } from '../../../src/channels/command/command.ts'
import type { Notification } from '../../../src/channels/channel.ts'
import { commandRun, type CommandRun } from '../../../src/lib/command-run/run.ts'
import { channelDependencies } from '../../support/alerts/channels.ts'
import { firing, hostileTexts, recovered } from '../../support/alerts/notifications.ts'
import { testClock } from '../../support/time/clock.ts'

const { signal } = new AbortController()

/** Delivers notifications, whatever comes of it. @returns What was reported of the runs. */
async function runsOf(
  command: string | readonly string[],
  settings: Record<string, unknown> = {},
  notifications: readonly Notification[] = [firing],
): Promise<CommandRun[]> {
  const runs: CommandRun[] = []
  const dependencies = channelDependencies({
    ran: (run) => runs.push(run),
    secrets: ['hunter2-secret'],
    clock: testClock('2026-11-20T12:00:40Z'),
  })
  const parsed = commandSettings.parse({ type: 'command', command, ...settings })
  const channel = createCommandChannel(parsed, dependencies)
  for (const each of notifications) await channel.deliver(each, signal).catch(() => undefined)
  return runs
}

it('what a command did is reported: for which alert, when, and what came of it', async () => {
  const [run, ...others] = await runsOf('echo one; echo two', { cooldown: '1s' })
  expect(others).toEqual([])
  expect(commandRun.parse(run)).toEqual(run)
  expect(run).toMatchObject({
    channel: 'ops',
    alertname: 'TargetDown',
    target: 'shop',
    location: 'berlin',
    vendor: 'stripe',
    alertStartedAt: '2026-11-20T12:00:00.000Z',
    occasion: 'repeat',
    repairs: true,
    aboutFailure: true,
    startedAt: '2026-11-20T12:00:40.000Z',
    outcome: 'succeeded',
    exitCode: 0,
    output: 'one\ntwo',
  })
})

it.each<[string, string | readonly string[], Record<string, unknown>, Partial<CommandRun>]>([
  [
    'another exit code',
    'echo no; exit 3',
    {},
    { outcome: 'exit', exitCode: 3, failure: 'exited with code 3', output: 'no' },
  ],
  ['a signal', 'kill -9 $$', {}, { outcome: 'signal', failure: 'was killed by SIGKILL' }],
  [
    'a timeout',
    'exec sleep 30',
    { timeout: '100ms' },
    { outcome: 'timeout', failure: 'did not finish within 0.1 s' },
  ],
  ['no such program', ['/no/such/program'], {}, { outcome: 'not_started' }],
])('%s is told apart', async (_name, command, settings, expected) => {
  const [run] = await runsOf(command, settings)
  expect(run).toMatchObject({ ...expected, repairs: false })
  expect(run && 'exitCode' in run).toBe('exitCode' in expected)
})

it('says for what it was run, and nothing of tests, skipped runs and dry runs', async () => {
  const { alertCount: _, ...first } = firing
  const when = { when: ['firing', 'resolved'] }
  const repaired = [first, firing, recovered]
  expect((await runsOf('true', when, repaired)).map(({ occasion }) => occasion)).toEqual([
    'beginning',
    'repeat',
    'end',
  ])
  const test: Notification = { ...firing, test: true }
  expect(await runsOf('true', {}, [test])).toEqual([])
  expect(await runsOf('true', { dry_run: true })).toEqual([])
  expect(await runsOf('true', { only_if: 'false' })).toEqual([])
  expect(await runsOf('true', { max_runs: 1 }, [first, firing])).toHaveLength(1)
})

it('keeps the end of the output, without secrets and control characters', async () => {
  const print = [process.execPath, '-e', 'process.stdout.write(process.env.TEXT)']
  const output = async (text: string): Promise<string> =>
    (await runsOf(print, { env: { TEXT: text } }))[0]?.output ?? ''
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`)
  expect(await output(lines.join('\n'))).toBe(lines.slice(-10).join('\n'))
  expect(await output('password hunter2-secret')).toBe('password <secret>')
  const long = await output(`${'é'.repeat(5000)}end`)
  expect(long).toHaveLength(1000)
  expect(long).toMatch(/^…é+end$/)
  // Cut in the middle of a secret, it would not be found any more.
  expect(await output(`hunter2-secret${'x'.repeat(990)}`)).not.toContain('-secret')
  for (const [name, text] of Object.entries(hostileTexts)) {
    if (text.includes('\0')) continue
    const shown = await output(text)
    expect(shown, name).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f\u202e]/)
    expect(shown, name).toBe(shown.toWellFormed())
  }
})
