import { existsSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ProbeResult } from '../../../../src/checks/result.ts'
import { runProbe } from '../../../../src/checks/run.ts'
import { createSystemdProber } from '../../../../src/checks/machine/systemd/probe.ts'
import { renderProbe } from '../../../../src/metrics/render.ts'
import { checkOf } from '../../../support/checks.ts'
import { parse } from '../../../support/parse-config.ts'
import { aTarget } from '../../../support/target.ts'
import { tempFolder } from '../../../support/temp-folder.ts'
import { describeWithTool } from '../../../support/programs/tools.ts'

type Keys = Readonly<Record<string, unknown>>

async function probe(env: NodeJS.ProcessEnv, keys: Keys = {}, timeoutSeconds = 30): Promise<ProbeResult> {
  return runProbe(checkOf('systemd', { systemd: 'nginx', ...keys }), {
    timeoutSeconds,
    probers: { systemd: () => Promise.resolve(createSystemdProber({ env })) },
  })
}

/** A systemctl that answers with this, if it is called as it has to be. */
async function systemctl(
  body: string,
  manager = 'system',
  unit = 'nginx.service',
): Promise<NodeJS.ProcessEnv> {
  const folder = await tempFolder()
  const called = `--no-pager --no-ask-password --${manager} show --property=LoadState,ActiveState,SubState,Result,NRestarts,ExecMainStatus -- ${unit}`
  const file = join(folder, 'systemctl')
  await writeFile(file, `#!/bin/sh\n[ "$*" = '${called}' ] || { echo "called with $*"; exit 64; }\n${body}\n`)
  await chmod(file, 0o755)
  return { PATH: `${folder}:${process.env['PATH'] ?? ''}` }
}

/** A service, as `systemctl show` prints it: in an order of its own. */
const service = (active: string, sub: string, result = 'success', restarts = 0, status = 0): string =>
  `cat <<'END'
Result=${result}
NRestarts=${restarts}
ExecMainStatus=${status}
LoadState=loaded
ActiveState=${active}
SubState=${sub}
END`

/** A unit that there is not. */
const unit = (load: string): string =>
  `printf 'LoadState=%s\\nActiveState=inactive\\nSubState=dead\\n' '${load}'`

describe('systemd', () => {
  it('succeeds where the unit is active', async () => {
    const result = await probe(await systemctl(service('active', 'running', 'success', 2)))
    expect(result).toMatchObject({
      success: true,
      systemd: { activeState: 'active', subState: 'running', restarts: 2 },
    })
    const text = renderProbe({
      target: aTarget({ check: checkOf('systemd', { systemd: 'nginx' }) }),
      result,
      timeoutSeconds: 1,
    })
    expect(text).toContain('\nprobe_systemd_unit_state{state="active"} 1\n')
    expect(text).toContain('\nprobe_systemd_unit_state{state="failed"} 0\n')
    expect(text).toContain('\nprobe_systemd_unit_restarts 2\n')
  })

  it.each<[string, string, Keys]>([
    ['a timer', "printf 'Result=success\\nLoadState=loaded\\nActiveState=active\\nSubState=waiting\\n'", {}],
    [
      'a service that has done its work',
      service('inactive', 'dead'),
      { expect: { active_state: ['inactive', 'activating'] } },
    ],
    ['few restarts', service('active', 'running', 'success', 3), { expect: { max_restarts: 3 } }],
  ])('succeeds with %s', async (_name, body, keys) => {
    expect((await probe(await systemctl(body), keys)).failure).toBeUndefined()
  })

  it('asks the manager of the user', async () => {
    const env = await systemctl(service('active', 'running'), 'user', 'sync@home.timer')
    const keys = { systemd: 'sync@home.timer', systemd_manager: 'user' }
    expect((await probe(env, keys)).failure).toBeUndefined()
  })

  it.each<[string, string, Keys, string, string | RegExp]>([
    [
      'has failed',
      service('failed', 'failed', 'exit-code', 5, 203),
      {},
      'status',
      'expected nginx.service to be active, it is failed (failed, exit-code, status 203)',
    ],
    [
      'crashes again and again',
      service('activating', 'auto-restart', 'signal', 1, 11),
      {},
      'status',
      'expected nginx.service to be active, it is activating (auto-restart, signal, status 11)',
    ],
    [
      'has crashed too often',
      service('active', 'running', 'success', 9),
      { expect: { max_restarts: 3 } },
      'status',
      'expected nginx.service to have been restarted at most 3 times, it was restarted 9 times',
    ],
    [
      'is not running',
      service('inactive', 'dead'),
      { expect: { active_state: ['active', 'reloading'] } },
      'status',
      'expected nginx.service to be active or reloading, it is inactive (dead)',
    ],
    [
      'does not exist',
      unit('not-found'),
      {},
      'status',
      'there is no unit nginx.service in the system manager of this machine',
    ],
    ['is masked', unit('masked'), {}, 'status', 'nginx.service is masked: it cannot be started'],
    ['is written wrongly', unit('bad-setting'), {}, 'status', /^the file of nginx.service has a mistake/],
    ['is in error', unit('error'), {}, 'status', 'nginx.service is not loaded: its state is error'],
    [
      'is not allowed to be seen',
      'echo "Failed to get properties: Access denied" >&2; exit 1',
      {},
      'command',
      'systemctl ended with exit code 1 and does not say the state: Failed to get properties: Access denied',
    ],
    ['is not reported', 'echo', {}, 'command', /it printed nothing$/],
    [
      'is hidden in too much',
      'yes | head -c 1000000',
      {},
      'command',
      /^systemctl ended with exit code 0 and/,
    ],
  ])('says that the unit %s', async (_name, body, keys, reason, message) => {
    const { failure } = await probe(await systemctl(body), keys)
    expect(failure).toEqual({
      reason,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    })
  })

  it('ends a systemctl that hangs', async () => {
    const { failure } = await probe(await systemctl('sleep 600'), {}, 0.5)
    expect(failure).toEqual({
      reason: 'timeout',
      message: 'no answer within 0.5s while waiting for systemctl',
    })
  })

  it('says that there is no systemctl', async () => {
    const { failure } = await probe({ PATH: await tempFolder() })
    expect(failure?.message).toMatch(/^systemctl cannot be started: there is no program systemctl: a check/)
  })
})

if (!existsSync('/run/systemd/system'))
  describeWithTool(
    ['systemctl'],
    'the systemctl of a machine without systemd',
    () => {
      it('says that there is none', async () => {
        const { failure } = await probe(process.env)
        expect(failure?.reason).toBe('command')
        expect(failure?.message).toMatch(
          /^systemctl does not reach systemd \(.*\): run Probity on the machine of the unit, outside of a container$/,
        )
      })
    },
    { optional: true },
  )

describe('a target with systemd:', () => {
  it.each([
    ['-.mount', '-.mount'],
    ['-.slice', '-.slice'],
    ['nginx', 'nginx.service'],
  ])('may be %s', (unit, name) => {
    expect(checkOf('systemd', { systemd: unit }).unit).toBe(name)
  })

  it.each([
    ['a flag', 'systemd: --version', 'is not the name of a unit'],
    ['a pattern', 'systemd: "ngin*"', 'is not the name of a unit'],
    ['a path', 'systemd: /etc/nginx', 'is not the name of a unit'],
    ['nothing', 'systemd: ""', 'is not the name of a unit'],
    ['another manager', 'systemd: a, systemd_manager: root', 'expected system or user'],
    [
      'an unknown state',
      'systemd: a, expect: { active_state: up }',
      'is not a state: expected active, reloading',
    ],
    ['no state', 'systemd: a, expect: { active_state: [] }', 'active_state'],
    ['a negative number', 'systemd: a, expect: { max_restarts: -1 }', 'expected a whole number from 0'],
  ])('is refused with %s', (_name, keys, words) => {
    expect(() => parse(`targets: [{ name: it, ${keys} }]`)).toThrow(words)
  })
})
