import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { allRules } from '../../src/alerts/evaluator/rules/index.ts'
import { proberNetworkDown } from '../../src/alerts/evaluator/rules/prober-network-down.ts'
import { probityCrashed } from '../../src/alerts/evaluator/rules/probity-crashed.ts'
import { peerDown } from '../../src/alerts/evaluator/rules/peer-down.ts'
import { metricNames } from '../../src/metrics/catalogue.ts'
import { foreignMetrics, recordsForDashboards } from './foreign-metrics.ts'
import { nameOf, prometheusFolder, readBy, rulesFiles, rulesOf, type Rule } from './shipped.ts'

const files = rulesFiles.map((file) => ({
  name: basename(file.file),
  groups: file.groups,
  rules: rulesOf(file),
}))
const rules = files.flatMap((file) => file.rules)
const records = new Set(rules.flatMap(({ record }) => record ?? []))
const alerts = files.flatMap((file) =>
  file.rules
    .filter(({ alert }) => alert !== undefined)
    .map((rule, index) => ({
      title: `${file.name}: ${nameOf(rule)}, alert ${index + 1}`,
      file: file.name,
      rule,
    })),
)

const [introduction = '', ...others] = readFileSync(
  join(prometheusFolder, '../docs/alerts.md'),
  'utf8',
).split(/^## /m)

/** The sections of docs/alerts.md by their headings. */
const sections = new Map(others.map((section) => [section.slice(0, section.indexOf('\n')), section]))

describe('rules files', () => {
  it.each(files)(
    '$name: one group, recordings first, nothing that 2.42 does not know',
    ({ groups, rules: own }) => {
      expect(groups).toHaveLength(1)
      expect(Object.keys(groups[0]!).sort()).toEqual(['interval', 'name', 'rules'])
      const firstAlert = own.findIndex(({ alert }) => alert !== undefined)
      expect(own.slice(firstAlert).filter(({ record }) => record !== undefined)).toEqual([])
    },
  )

  it('record each name once', () => {
    expect(rules.filter(({ record }) => record !== undefined)).toHaveLength(records.size)
  })

  it('read only metrics, and alerts, that exist, in expressions and annotations', () => {
    const known = new Set([...metricNames(), ...rules.map(nameOf), ...foreignMetrics])
    const unknown = rules.flatMap((rule) =>
      [...readBy(rule)].filter((metric) => !known.has(metric)).map((metric) => `${nameOf(rule)}: ${metric}`),
    )
    expect(unknown).toEqual([])
  })

  it('use every record, if only on a dashboard', () => {
    const readElsewhere = (record: string): boolean =>
      rules.some((rule) => nameOf(rule) !== record && readBy(rule).has(record))
    expect([...records].filter((record) => !readElsewhere(record)).sort()).toEqual(
      [...recordsForDashboards].sort(),
    )
  })
})

describe('alerts', () => {
  it.each(alerts)('$title: says what, why, where to look and what to do', ({ rule }) => {
    const { summary, description, runbook_url: runbook, dashboard_url: dashboard } = rule.annotations ?? {}
    expect(summary).toMatch(/\S/)
    expect(description).toMatch(/\S/)
    expect(dashboard).toMatch(/^\/d\/probity-/)
    expect(runbook).toMatch(new RegExp(`docs/alerts\\.md#${nameOf(rule).toLowerCase()}({{ end }})?$`))
    expect([...sections.keys()]).toContain(nameOf(rule))
  })

  it.each(alerts.filter(({ file }) => file.startsWith('targets')))(
    '$title: sends to the runbook of the target, and tells its interval',
    ({ rule }) => {
      expect(rule.annotations?.runbook_url).toMatch(/^{{ with printf `probity_target_info{/)
      expect(rule.annotations?.interval).toContain('probe_target_interval_seconds')
    },
  )

  it.each(alerts)('$title: has a severity', ({ rule }) => {
    const severities = ['critical', 'warning', 'info', 'none']
    if (['TargetDown', 'TargetFlapping'].includes(nameOf(rule))) expect(rule.labels).toBeUndefined()
    else expect(severities).toContain(rule.labels?.severity)
  })

  it.each(
    alerts.filter(
      ({ file, rule }) =>
        file.startsWith('targets') && !['TargetDown', 'CertificateExpiring'].includes(nameOf(rule)),
    ),
  )('$title: may be held back from its beginning, and goes on where it has begun', ({ rule }) => {
    const own = `ALERTS{alertname="${nameOf(rule)}"}`
    expect(rule.expr.split('probe:held_back unless')).toHaveLength(2)
    // Some also look at whether they fire to know what it takes to go on.
    expect([...new Set(rule.expr.match(/ALERTS\{.*?\}/g))]).toEqual([own])
  })

  it('of one name do not hold the same target: they would resolve it for each other', () => {
    const of = (name: string): Rule[] =>
      alerts.map(({ rule }) => rule).filter((rule) => nameOf(rule) === name)
    const ranges = (name: string): string[] =>
      of(name).map(({ expr }) => /probe_target_interval_seconds (<=|>) \d+/.exec(expr)?.[0] ?? '')
    expect(ranges('TargetErrorRateHigh').sort()).toEqual([
      'probe_target_interval_seconds <= 600',
      'probe_target_interval_seconds > 600',
    ])
    expect(ranges('TargetSlow').sort()).toEqual([
      'probe_target_interval_seconds <= 240',
      'probe_target_interval_seconds > 240',
    ])
    expect(of('CertificateExpiring').map(({ labels }) => labels?.severity)).toEqual(['warning', 'critical'])
    expect(of('DomainExpiring').map(({ labels }) => labels?.severity)).toEqual(['warning', 'critical'])
    const several = [...new Set(alerts.map(({ rule }) => nameOf(rule)))].filter((name) => of(name).length > 1)
    expect(several.sort()).toEqual([
      'CertificateExpiring',
      'DomainExpiring',
      'TargetErrorRateHigh',
      'TargetSlow',
    ])
  })
})

describe('docs/alerts.md', () => {
  it('has a section for each alert and no other', () => {
    expect([...sections.keys()].sort()).toEqual([...new Set(alerts.map(({ rule }) => nameOf(rule)))].sort())
  })

  it.each([...sections])('%s: means, compared, likely causes, first, tune', (_name, text) => {
    const parts = [...text.matchAll(/^\*\*(.+?)\*\*: \S/gm)].map(([, part]) => part)
    expect(parts).toEqual(['Means', 'Compared', 'Likely causes', 'First', 'Tune'])
  })

  it('names the alerts that solo does not decide on, which are about the monitoring itself', () => {
    const solo = [
      proberNetworkDown,
      probityCrashed,
      peerDown,
      ...allRules.targets,
      ...allRules.calls,
      ...allRules.versions.map((make) => make({ caller: '', version: '' })),
    ]
    const inSolo = new Set(solo.map(({ alertname }) => alertname))
    const notInSolo = [...sections.keys()].filter((name) => !inSolo.has(name))
    const aboutItself = alerts.filter(({ file }) => file === 'self.yml').map(({ rule }) => nameOf(rule))
    expect(notInSolo.sort()).toEqual(aboutItself.filter((name) => !inSolo.has(name)).sort())
    const [said = ''] =
      /stack has alerts about[^]*?log and its metrics[^]*?\. Solo logs/.exec(introduction) ?? []
    expect([...sections.keys()].filter((name) => said.includes(name)).sort()).toEqual(notInSolo.sort())
  })
})
