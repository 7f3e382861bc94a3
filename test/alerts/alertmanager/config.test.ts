import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { root } from '../../../scripts/stack/shipped-files.ts'
import { amtools } from '../../support/programs/alertmanager.ts'
import { describeWithTool } from '../../support/programs/tools.ts'

interface Route {
  readonly receiver: string
  readonly matchers?: readonly string[]
  readonly group_by?: readonly string[]
  readonly group_wait?: string
  readonly group_interval?: string
  readonly repeat_interval?: string
  readonly continue?: boolean
  readonly routes?: readonly Route[]
}

interface Shipped {
  readonly route: Route
  readonly receivers: readonly { readonly name: string; readonly webhook_configs?: readonly object[] }[]
  readonly inhibit_rules: readonly {
    readonly source_matchers: readonly string[]
    readonly target_matchers: readonly string[]
    readonly equal?: readonly string[]
  }[]
}

const file = join(root, 'alertmanager/alertmanager.yml')
const shipped = parse(await readFile(file, 'utf8')) as Shipped

describe('the shipped Alertmanager configuration', () => {
  it('reports a group after 10s, changes every 1m, and repeats every 4h', () => {
    expect(shipped.route).toMatchObject({
      receiver: 'notifier',
      group_by: ['alertname', 'target'],
      group_wait: '10s',
      group_interval: '1m',
      repeat_interval: '4h',
    })
  })

  it('repeats what is critical every 1h, and otherwise as everything else', () => {
    expect(shipped.route.routes?.[1]).toEqual({
      receiver: 'notifier',
      continue: true,
      routes: [{ receiver: 'notifier', matchers: ['severity="critical"'], repeat_interval: '1h' }],
    })
  })

  it('gives the Watchdog the short timers of a dead-man’s switch', () => {
    expect(shipped.route.routes?.[0]).toMatchObject({
      matchers: ['alertname="Watchdog"'],
      group_interval: '30s',
      repeat_interval: '1m',
    })
  })

  it('sends beginnings and ends to the notifier, with its secret', () => {
    expect(shipped.receivers).toEqual([
      {
        name: 'notifier',
        webhook_configs: [
          {
            url: 'http://notifier:9741/api/v1/alerts',
            send_resolved: true,
            http_config: { authorization: { credentials_file: '/etc/probity/secrets/notifier-token' } },
          },
        ],
      },
      { name: 'watchdog' },
    ])
  })

  it('compares no label that may be missing', () => {
    for (const { target_matchers: matchers, equal = [] } of shipped.inhibit_rules) {
      for (const label of equal) expect(matchers).toContain(`${label}!=""`)
    }
  })
})

describeWithTool(['amtool'], 'the shipped Alertmanager configuration, read by amtool', () => {
  it.each(amtools)('is valid for %s', async (amtool) => {
    const { stdout } = await promisify(execFile)(amtool, ['check-config', file])
    expect(stdout).toContain('SUCCESS')
    expect(stdout).toContain(`${shipped.inhibit_rules.length} inhibit rules`)
  })
})
