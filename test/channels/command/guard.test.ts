import { describe, expect, it } from 'vitest'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Channel, Notification } from '../../../src/channels/channel.ts'
import { commandSettings, createCommandChannel } from '../../../src/channels/command/command.ts'
import {
  channelDependencies,
  failureOf,
  memoryStore,
  type TestDependencies,
} from '../../support/alerts/channels.ts'
import { testClock } from '../../support/time/clock.ts'
import { firing, recovered, testMessage } from '../../support/alerts/notifications.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const { signal } = new AbortController()

interface Guarded {
  readonly deliver: (notification?: Notification) => Promise<void>
  readonly dependencies: TestDependencies
  readonly clock: ReturnType<typeof testClock>
  /** How often the command was run. */
  readonly runs: () => Promise<number>
  /** The same channel in another process: it knows only what was stored. */
  readonly restart: () => Channel
  /** What was audited, in short. */
  readonly audited: () => string[]
}

async function begin(
  settings: Record<string, unknown>,
  overrides: Partial<TestDependencies> = {},
): Promise<Guarded> {
  const folder = await tempFolder()
  const clock = testClock()
  const dependencies = channelDependencies({ clock, ...overrides })
  const parsed = commandSettings.parse({
    type: 'command',
    command: 'echo x >> runs',
    cwd: folder,
    ...settings,
  })
  const restart = (): Channel => createCommandChannel(parsed, dependencies)
  const channel = restart()
  return {
    deliver: (notification = firing) => channel.deliver(notification, signal),
    dependencies,
    clock,
    restart,
    runs: async () => {
      if (!(await readdir(folder)).includes('runs')) return 0
      return (await readFile(join(folder, 'runs'), 'utf8')).length / 2
    },
    audited: () =>
      dependencies.entries.map(({ action, why }) => (why === undefined ? action : `${action}: ${why}`)),
  }
}

describe('a cooldown', () => {
  it('for the whole channel lets one of forty targets that fail at once run the command', async () => {
    const { deliver, clock, runs, audited } = await begin({ cooldown: '10m', cooldown_per: 'channel' })
    const all = Array.from({ length: 40 }, (_, index) => ({ ...firing, target: `shop-${index}` }))
    await Promise.all(all.map((one) => deliver(one)))
    expect(await runs()).toBe(1)
    expect(audited().filter((entry) => entry === 'skip: cooldown')).toHaveLength(39)
    clock.advance(600)
    await deliver({ ...firing, target: 'another' })
    expect(await runs()).toBe(2)
  })

  it('passes before the command is run again for the same target, whatever the alert', async () => {
    const { deliver, clock, runs, audited } = await begin({ cooldown: '10m' })
    await deliver()
    clock.advance(599)
    await deliver({
      ...firing,
      alertname: 'TargetSlow',
      fingerprint: 'other',
      startsAt: new Date(clock.now()),
    })
    expect(await runs()).toBe(1)
    await deliver({ ...firing, target: 'blog', fingerprint: 'blog' })
    expect(await runs()).toBe(2)
    clock.advance(1)
    await deliver()
    expect(await runs()).toBe(3)
    expect(audited()).toEqual(['run', 'skip: cooldown', 'run', 'run'])
  })

  it('outlives the process', async () => {
    const { deliver, restart, runs } = await begin({ cooldown: '10m' })
    await deliver()
    await restart().deliver(firing, signal)
    expect(await runs()).toBe(1)
  })

  it('begins with a run that fails as well, which is not repeated as a delivery', async () => {
    const { deliver, audited } = await begin({ cooldown: '10m', command: 'exit 1' })
    expect(await failureOf(deliver())).toMatchObject({ retry: false, message: 'ops exited with code 1' })
    await deliver()
    expect(audited()).toEqual(['run', 'skip: cooldown'])
  })

  it('is not begun by a clock that was wrong', async () => {
    const { deliver, clock, runs } = await begin({ cooldown: '10m' })
    clock.advance(365 * 86_400)
    await deliver()
    clock.advance(-365 * 86_400)
    await deliver()
    expect(await runs()).toBe(2)
  })

  it('holds for alerts of one target that come together', async () => {
    const { deliver, runs } = await begin({ cooldown: '10m' })
    await Promise.all([1, 2, 3].map((n) => deliver({ ...firing, fingerprint: String(n) })))
    expect(await runs()).toBe(1)
  })
})

describe('the number of runs', () => {
  it('is limited while one alert fires, across restarts', async () => {
    const { deliver, restart, runs, audited } = await begin({ max_runs: 2 })
    await deliver()
    await restart().deliver(firing, signal)
    await deliver()
    expect(await runs()).toBe(2)
    expect(audited()).toEqual(['run', 'run', 'skip: max_runs'])
  })

  it('starts again with the next time that the alert fires', async () => {
    const { deliver, runs, dependencies } = await begin({ max_runs: 1 })
    await deliver()
    await deliver({ ...firing, startsAt: new Date('2026-11-20T13:00:00Z') })
    expect(await runs()).toBe(2)
    await deliver({ ...recovered, startsAt: new Date('2026-11-20T13:00:00Z') })
    expect((dependencies.store as ReturnType<typeof memoryStore>).values.size).toBe(0)
    await deliver({ ...firing, startsAt: new Date('2026-11-20T13:00:00Z') })
    expect(await runs()).toBe(3)
  })

  it('counts a run before it begins, because it may take the process down with it', async () => {
    const store = memoryStore()
    const { deliver, audited, restart, runs } = await begin({ max_runs: 1 }, { store })
    const seen: number[] = []
    const set = store.set
    Object.assign(store, {
      set: async (key: string, value: string | undefined) => {
        seen.push(await runs())
        await set(key, value)
        throw new Error('the process is gone')
      },
    })
    await failureOf(deliver())
    Object.assign(store, { set })
    await restart().deliver(firing, signal)
    expect([seen, await runs(), audited()]).toEqual([[0], 0, ['skip: max_runs']])
  })
})

describe('a condition', () => {
  it.each([
    ['holds', 'test "$PROBITY_TARGET" = shop', 1, ['run']],
    ['does not hold', 'echo not now; exit 1', 0, ['skip: only_if']],
    ['knows the values', ['test', '{monitor_name}', '=', 'shop'], 1, ['run']],
  ])('decides whether the command is run: it %s', async (_how, onlyIf, count, entries) => {
    const { deliver, runs, audited } = await begin({ only_if: onlyIf })
    await deliver()
    expect([await runs(), audited()]).toEqual([count, entries])
  })

  it('that cannot be tested is not skipped silently', async () => {
    const { deliver, runs, audited } = await begin({ only_if: ['no-such-program-here'] })
    expect(await failureOf(deliver())).toMatchObject({
      retry: false,
      message: 'ops: only_if cannot be started: there is no program no-such-program-here',
    })
    expect([await runs(), audited()]).toEqual([0, ['skip: only_if']])
  })

  it('is not tested during the cooldown', async () => {
    const { deliver, dependencies } = await begin({ cooldown: '10m', only_if: 'echo asked' })
    await deliver()
    await deliver()
    expect(dependencies.entries.map(({ output }) => output)).toEqual(['', undefined])
  })
})

describe('a dry run', () => {
  it('runs nothing and writes what it would have run, at the times that it would have', async () => {
    const { deliver, runs, audited } = await begin({ dry_run: true, max_runs: 1 })
    await deliver()
    await deliver()
    expect([await runs(), audited()]).toEqual([0, ['dry_run', 'skip: max_runs']])
  })
})

describe('a command that mends', () => {
  it('is not run for a test, nor for the end of an alert', async () => {
    const { deliver, runs, audited, dependencies } = await begin({ cooldown: '1s' })
    await deliver({ ...testMessage, target: 'shop' })
    await deliver(recovered)
    expect([await runs(), audited()]).toEqual([0, ['dry_run']])
    expect((dependencies.store as ReturnType<typeof memoryStore>).values.size).toBe(0)
  })

  it('is not run while nobody knows when it ran last', async () => {
    const broken = { get: () => Promise.reject(new Error('EIO')), set: () => Promise.resolve() }
    const { deliver, runs } = await begin({ cooldown: '1s' }, { store: broken })
    expect(await failureOf(deliver())).toMatchObject({
      retry: true,
      message: 'ops: not run, because the time of its last run is unknown: EIO',
    })
    expect(await runs()).toBe(0)
  })

  it('is run where what was stored is no longer understood', async () => {
    const store = memoryStore()
    store.values.set('command/ops/last/shop', 'soon').set('command/ops/runs/c30d72ef72a2c6ea', '{"runs":')
    const { deliver, runs } = await begin({ cooldown: '1h', max_runs: 1 }, { store })
    await deliver()
    expect(await runs()).toBe(1)
  })
})
