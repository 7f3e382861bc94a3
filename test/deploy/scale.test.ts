import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { root } from '../../scripts/stack/shipped-files.ts'
import { shardOf, victoriaMetricsFlags } from '../../scripts/stack/scaled-stack.ts'
import { metricNames } from '../../src/metrics/catalogue.ts'
import { readBy, rulesFiles, rulesOf } from '../prometheus/shipped.ts'
import { promtool, promtools } from '../support/programs/promtool.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { describeWithTool } from '../support/programs/tools.ts'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const agentText = read('deploy/scale/agent.yml')

interface Relabelling {
  readonly source_labels: string[]
  readonly action: string
  readonly regex?: string
}
interface PrometheusFile {
  readonly scrape_configs: { job_name: string; static_configs?: { targets: string[] }[] }[]
  readonly remote_write: { url: string; write_relabel_configs?: Relabelling[] }[]
}
interface Compose {
  readonly services: Record<
    string,
    { image?: string; command: string[]; environment?: Record<string, string>; volumes?: string[] }
  >
}

const agent = parse(agentText) as PrometheusFile
const ruler = parse(read('deploy/scale/ruler.yml')) as PrometheusFile
const compose = parse(read('deploy/scale/compose.yml'), { merge: true }) as Compose
const whole = parse(read('docker-compose.yml'), { merge: true }) as Compose
const matches = (regex: string | undefined, text: string): boolean =>
  new RegExp(`^(?:${regex ?? ''})$`).test(text)

describe('what agents send', () => {
  const toRuler = agent.remote_write.find(({ url }) => url.includes('prometheus:9090'))
    ?.write_relabel_configs?.[0]
  const readByRules = new Set(rulesFiles.flatMap(rulesOf).flatMap((rule) => [...readBy(rule)]))

  it('to the ruler has all that rules read of a target', () => {
    const needed = [...readByRules].filter((name) => /^(probe_|up$|scrape_)/.test(name))
    expect(needed.length).toBeGreaterThan(20)
    expect(needed.filter((name) => !matches(toRuler?.regex, name))).toEqual([])
  })

  it('to the ruler is less than half of what a target has', () => {
    const names = [...metricNames()].filter((name) => name.startsWith('probe_'))
    expect(names.filter((name) => matches(toRuler?.regex, name)).length).toBeLessThan(names.length / 2)
  })

  it('is not sent to VictoriaMetrics by the ruler too', () => {
    const [{ action, regex } = {}] = ruler.remote_write[0]?.write_relabel_configs ?? []
    const isDropped = (name: string, target = ''): boolean => matches(regex, `${name};${target}`)
    expect(action).toBe('drop')
    for (const name of ['probe_success', 'up', 'scrape_duration_seconds'])
      expect(isDropped(name, 'shop')).toBe(true)
    for (const name of ['probe:down', 'ALERTS']) expect(isDropped(name, 'shop')).toBe(false)
    for (const name of ['up', 'probity_build_info', 'scrape_duration_seconds'])
      expect(isDropped(name)).toBe(false)
  })
})

describe('deploy/scale/compose.yml', () => {
  const agents = Object.entries(compose.services).filter(
    ([, { environment }]) => environment?.['SHARD'] !== undefined,
  )

  it('has an agent for each shard, and the ruler watches all of them', () => {
    expect(agents.map(([, { environment }]) => environment?.['SHARD'])).toEqual(['0', '1'])
    for (const [, { environment }] of agents) expect(environment?.['SHARDS']).toBe(String(agents.length))
    const watched = ruler.scrape_configs.find(({ job_name: name }) => name === 'agents')?.static_configs?.[0]
      ?.targets
    expect(watched).toEqual(agents.map(([name]) => `${name}:9090`))
  })

  it('names hosts and images that there are', () => {
    const hosts = new Set([...Object.keys(whole.services), ...Object.keys(compose.services), 'localhost'])
    const named = [...`${agentText}\n${read('deploy/scale/ruler.yml')}`.matchAll(/([a-z][\w-]*):\d{4}\b/g)]
    expect(named.length).toBeGreaterThan(8)
    for (const [, host = ''] of named) expect(hosts).toContain(host)
    for (const [, { image }] of agents) expect(image).toBe(whole.services['prometheus']?.image)
  })

  it('starts VictoriaMetrics as the proof does', () => {
    const command = compose.services['victoria-metrics']?.command.map((flag) =>
      flag.replace(/\$\{\w+:-(.*)\}/, '$1'),
    )
    expect(command).toEqual(expect.arrayContaining([...victoriaMetricsFlags]))
  })

  it('makes of agent.yml what the proof makes of it', () => {
    const sed = agents[0]?.[1].command[0]?.replaceAll('$$', '$') ?? ''
    const rules = [...sed.matchAll(/s\/(: SHARDS?\$)\/(: \$SHARDS?)\//g)]
    expect(rules).toHaveLength(2)
    const values: Record<string, string> = { ': $SHARDS': ': 3', ': $SHARD': ': 1' }
    const made = rules.reduce(
      (text, [, from = '', to = '']) => text.replaceAll(new RegExp(from, 'gm'), values[to] ?? ''),
      agentText,
    )
    expect(made).toBe(shardOf(agentText, 1, 3))
    expect(made).not.toMatch(/^[^#]*SHARD/m)
  })
})

describeWithTool(['promtool'], 'deploy/scale', () => {
  it.each(promtools)('is accepted by %s', async (program) => {
    const folder = await tempFolder()
    await mkdir(join(folder, 'rules'))
    await writeFile(join(folder, 'agent.yml'), shardOf(agentText, 0, 2))
    const rules = `${join(root, 'prometheus/rules')}/`
    await writeFile(
      join(folder, 'ruler.yml'),
      read('deploy/scale/ruler.yml').replace('/etc/prometheus/rules/', rules),
    )
    await writeFile(join(folder, 'rules/agents.yml'), read('deploy/scale/rules/agents.yml'))
    for (const args of [
      ['check', 'config', '--agent', join(folder, 'agent.yml')],
      ['check', 'config', join(folder, 'ruler.yml')],
    ])
      expect(await promtool(program, args)).toMatchObject({ passed: true })
    const rows = {
      rule_files: [join(folder, 'rules/agents.yml')],
      evaluation_interval: '15s',
      tests: [
        {
          interval: '15s',
          input_series: [
            { series: 'up{job="agents",instance="a"}', values: '1 1 0x10' },
            {
              series: 'prometheus_remote_storage_highest_timestamp_in_seconds{job="agents",instance="a"}',
              values: '0+15x60',
            },
            {
              series:
                'prometheus_remote_storage_queue_highest_sent_timestamp_seconds{job="agents",instance="a",remote_name="r",url="u"}',
              values: '0+15x10 150x50',
            },
          ],
          alert_rule_test: [
            { eval_time: '1m15s', alertname: 'AgentDown', exp_alerts: [] },
            { eval_time: '5m', alertname: 'AgentNotSending', exp_alerts: [] },
          ],
          promql_expr_test: [
            {
              expr: 'ALERTS{alertname="AgentDown",alertstate="firing"}',
              eval_time: '1m45s',
              exp_samples: [
                {
                  labels:
                    'ALERTS{alertname="AgentDown",alertstate="firing",instance="a",job="agents",severity="critical"}',
                  value: 1,
                },
              ],
            },
            {
              expr: 'count(ALERTS{alertname="AgentNotSending",alertstate="firing",url="u"})',
              eval_time: '7m',
              exp_samples: [{ labels: '{}', value: 1 }],
            },
          ],
        },
      ],
    }
    await writeFile(join(folder, 'tests.yml'), JSON.stringify(rows))
    expect(await promtool(program, ['test', 'rules', join(folder, 'tests.yml')])).toMatchObject({
      passed: true,
    })
  })
})
