import { describe, expect, it } from 'vitest'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Channel } from '../../../src/channels/channel.ts'
import { commandSettings, createCommandChannel } from '../../../src/channels/command/command.ts'
import { aNotification } from '../../support/alerts/alerts.ts'
import { channelDependencies, failureOf, type TestDependencies } from '../../support/alerts/channels.ts'
import {
  firing,
  hostileNotification,
  hostileTexts,
  recovered,
  testMessage,
} from '../../support/alerts/notifications.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const { signal } = new AbortController()

interface Begun {
  readonly channel: Channel
  readonly dependencies: TestDependencies
  readonly folder: string
  /** What the command has written into `out`. */
  readonly out: () => Promise<string>
}

async function begin(
  command: string | readonly string[],
  settings: Record<string, unknown> = {},
  overrides: Parameters<typeof channelDependencies>[0] = {},
): Promise<Begun> {
  const folder = await tempFolder()
  const dependencies = channelDependencies(overrides)
  const parsed = commandSettings.parse({ type: 'command', command, cwd: folder, ...settings })
  const channel = createCommandChannel(parsed, dependencies)
  return { channel, dependencies, folder, out: () => readFile(join(folder, 'out'), 'utf8') }
}

const toFile = ['sh', '-c', 'printf "%s|" "$@" >> out', 'sh']

describe('the command channel', () => {
  it('gives a program the values of Minitor’s templates, in both forms, and leaves other braces alone', async () => {
    const forms = [
      ...[
        '{alert_count}',
        '{alert_message}',
        '{failure_count}',
        '{last_output}',
        '{last_success}',
        '{monitor_name}',
      ],
      ...[
        '{{.AlertCount}}',
        '{{.FailureCount}}',
        '{{.LastCheckOutput}}',
        '{{.LastSuccess}}',
        '{{ .MonitorName }}',
      ],
      ...['{{.IsUp}}', '{"a": {"b": 1}}', '{foo}', '{{.Foo}}', '{', '}}', '%s', '$HOME', '{{{.AlertCount}}}'],
    ]
    const { channel, out } = await begin([...toFile, ...forms])
    await channel.deliver(firing, signal)
    const output = 'HTTP 503 Service Unavailable\nretry later\n'
    expect((await out()).split('|')).toEqual([
      ...['3', 'shop check has failed 6 times', '6', output, '2026-11-20T11:58:00.000Z', 'shop'],
      ...['3', '6', output, '2026-11-20T11:58:00.000Z', 'shop'],
      ...['false', '{"a": {"b": 1}}', '{foo}', '{{.Foo}}', '{', '}}', '%s', '$HOME', '{3}', ''],
    ])
  })

  it('has the values of the failure that just ended on recovery', async () => {
    const { channel, out } = await begin(
      `echo '{{.IsUp}} {failure_count} {alert_count}' "{last_output}" > out`,
    )
    await channel.deliver(recovered, signal)
    expect(await out()).toBe('true 6 3 HTTP 503 Service Unavailable\nretry later\n\n')
  })

  it('has numbers for counts and nothing for the rest where they are not known', async () => {
    const { channel, out } = await begin([
      ...toFile,
      '{alert_count}',
      '{failure_count}',
      '{last_output}',
      '{last_success}',
      '{alert_message}',
    ])
    await channel.deliver(aNotification(), signal)
    expect(await out()).toBe('1|0|||CRITICAL: shop has failed every check for 1m 30s|')
  })

  it('has the values as environment variables too, in addition to those of this process', async () => {
    const print = `require('fs').writeFileSync('out', JSON.stringify(process.env))`
    const { channel, out } = await begin([process.execPath, '-e', print], {
      env: { TOKEN: 'abc', PROBITY_STATUS: 'overridden' },
    })
    await channel.deliver(firing, signal)
    expect(JSON.parse(await out())).toEqual({
      PATH: process.env.PATH,
      TOKEN: 'abc',
      PROBITY_STATUS: 'firing',
      PROBITY_ALERTNAME: 'TargetDown',
      PROBITY_TARGET: 'shop',
      PROBITY_SEVERITY: 'critical',
      PROBITY_TITLE: expect.stringMatching(/^CRITICAL: /),
      PROBITY_BODY: expect.stringContaining('\nFailed checks: 6 of 6 since 2026-11-20 11:58:30 UTC\n'),
      PROBITY_SHORT: expect.any(String),
      PROBITY_SUMMARY: firing.summary,
      PROBITY_DESCRIPTION: firing.description,
      PROBITY_SEEN: firing.seen,
      PROBITY_REASON: 'status',
      PROBITY_ROUTE: '',
      PROBITY_RUNBOOK_URL: firing.runbookUrl,
      PROBITY_DASHBOARD_URL: firing.dashboardUrl,
      PROBITY_TARGET_URL: firing.targetUrl ?? '',
      PROBITY_INCIDENT_URL: firing.incidentUrl ?? '',
      PROBITY_STARTS_AT: '2026-11-20T12:00:00.000Z',
      PROBITY_ENDS_AT: '',
      PROBITY_FINGERPRINT: firing.fingerprint,
      PROBITY_LABELS: JSON.stringify(firing.labels),
      PROBITY_ALERT_COUNT: '3',
      PROBITY_FAILURE_COUNT: '6',
      PROBITY_FAILED_CHECKS: firing.failedChecks,
      PROBITY_PHASES: firing.phases,
      PROBITY_ALSO_FAILING: firing.alsoFailing,
      PROBITY_WITNESSES: '',
      PROBITY_AFTER_MARK: '',
      PROBITY_SHARED: '',
      PROBITY_REPAIR: '',
      PROBITY_LAST_OUTPUT: 'HTTP 503 Service Unavailable\nretry later\n',
      PROBITY_LAST_SUCCESS: '2026-11-20T11:58:00.000Z',
      PROBITY_ALERT_MESSAGE: 'shop check has failed 6 times',
      PROBITY_MONITOR_NAME: 'shop',
      PROBITY_IS_UP: 'false',
      PROBITY_TEST: 'false',
    })
  })

  it.each(Object.entries(hostileTexts))(
    'runs nothing but itself when a check printed %s',
    async (_name, text) => {
      for (const command of [
        `printf '%s' "{last_output}" > out; echo '{last_output}' {monitor_name} "$(echo "{alert_message}")" 2>&1 | cat`,
        [...toFile, '{last_output}', '{monitor_name}', 'x{{.LastCheckOutput}}x'],
        ['sh', '-c', `printf '%s' "{last_output}" > out`],
      ]) {
        const { channel, folder, out } = await begin(command)
        await channel.deliver(hostileNotification(text), signal)
        expect(await readdir(folder)).toEqual(['out'])
        expect((await out()).length).toBeLessThan(100_000)
      }
    },
  )

  it('has what a stranger wrote as it was written', async () => {
    const { channel, out } = await begin(`printf '%s' {last_output} > out`)
    const lastOutput = '"; touch pwned; echo "$(id)`id` {{.IsUp}} \\ \' %s\n*'
    await channel.deliver(aNotification({ lastOutput }), signal)
    expect(await out()).toBe(lastOutput)
  })

  it.each<[string, string | string[], boolean, RegExp]>([
    ['a code other than 0', 'echo "no\nroute" >&2; exit 7', true, /^ops exited with code 7: no route$/],
    [
      'no program',
      ['no-such-program-here'],
      false,
      /^ops cannot be started: there is no program no-such-program-here$/,
    ],
    ['no end', 'echo begun; sleep 60', true, /^ops did not finish within 0\.4 s: begun$/],
    ['a signal', 'kill -9 $$', true, /^ops was killed by SIGKILL$/],
  ])('fails with %s', async (_what, command, retry, message) => {
    const { channel, dependencies } = await begin(command, { timeout: '400ms' })
    const error = await failureOf(channel.deliver(firing, signal))
    expect(error).toMatchObject({ name: 'DeliveryError', retry, message: expect.stringMatching(message) })
    expect(dependencies.entries).toMatchObject([{ action: 'run', failure: expect.any(String) }])
  })

  it('is ended when its caller gives up', async () => {
    const { channel, folder } = await begin('touch begun; sleep 60')
    const controller = new AbortController()
    const delivery = failureOf(channel.deliver(firing, controller.signal))
    await waitFor('it to begin', async () => (await readdir(folder)).includes('begun'))
    controller.abort(new Error('stopping'))
    expect(await delivery).toMatchObject({ message: 'stopping' })
  })

  it.each([
    ['both where nothing is said', {}, 'firing|resolved|'],
    ['one', { when: 'resolved' }, 'resolved|'],
    ['a list', { when: ['firing'] }, 'firing|'],
  ])('runs for what begins and for what ends: %s', async (_what, settings, expected) => {
    const { channel, out } = await begin('printf "$PROBITY_STATUS|" >> out', settings)
    await channel.deliver(firing, signal)
    await channel.deliver(recovered, signal)
    expect(await out()).toBe(expected)
  })

  it('tells a test from an alert', async () => {
    const { channel, out } = await begin('printf "$PROBITY_TEST" > out')
    await channel.deliver(testMessage, signal)
    expect(await out()).toBe('true')
  })

  it('writes every run with its output into the audit log, without secrets', async () => {
    const { channel, dependencies } = await begin(
      ['echo', 'token', 's3cr3t-token', '{failure_count}'],
      {},
      { secrets: ['s3cr3t-token'] },
    )
    await channel.deliver(firing, signal)
    expect(dependencies.entries).toEqual([
      {
        time: '2026-11-20T12:00:00.000Z',
        channel: 'ops',
        action: 'run',
        status: 'firing',
        alertname: 'TargetDown',
        target: 'shop',
        fingerprint: 'c30d72ef72a2c6ea',
        command: ['echo', 'token', '<secret>', '{failure_count}'],
        exit_code: 0,
        duration_seconds: expect.any(Number),
        output: 'token <secret> 6\n',
        output_bytes: 21,
      },
    ])
  })

  it('fails, and is not run again, where the audit log cannot be written', async () => {
    const { channel, out } = await begin(
      'printf x >> out',
      {},
      { audit: () => Promise.reject(new Error('ENOSPC')) },
    )
    const error = await failureOf(channel.deliver(firing, signal))
    expect(error).toMatchObject({
      retry: false,
      message: 'ops: run, but the audit log cannot be written: ENOSPC',
    })
    expect(await out()).toBe('x')
  })
})
