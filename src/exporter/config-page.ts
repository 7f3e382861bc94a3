import { Router } from 'express'
import { stringify } from 'yaml'
import { listedTargets, type Config } from '../config/config.ts'
import type { CallTarget } from '../config/target/calls.ts'
import { redact } from '../lib/text/redact.ts'
import { textInSlices } from '../lib/time/text-in-slices.ts'
import type { ExporterContext } from './context.ts'

/**
 * `GET /config`: the configuration in force as YAML, with defaults and modules merged in, and without secrets: what came from
 * `${...}` stands there as it was written.
 */
export function configRoute({ config, clock }: Pick<ExporterContext, 'config' | 'clock'>): Router {
  return Router().get('/config', async (_request, response) => {
    const text = await textInSlices(written(config()), clock.monotonic)
    response.set({ 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }).send(text)
  })
}

function* written(config: Config): Generator<string> {
  const { callTargets, files } = config
  const targets = listedTargets(config)
  yield `# The configuration in force\n${yaml({ files })}`
  yield targets.length === 0 ? 'targets: []\n' : 'targets:\n'
  for (const { shown, paused, secrets } of targets)
    yield redact(yaml([{ ...(paused && { enabled: false }), ...shown }]), secrets)
  const onlyCalls = callTargets.filter(({ probed }) => !probed)
  if (onlyCalls.length > 0) yield '# Judged on their calls alone\ncalls:\n'
  for (const target of onlyCalls) yield yaml([shownCalls(target)])
}

function shownCalls({ name, paused, severity, labels, runbook, match, expect, missing }: CallTarget): object {
  return {
    name,
    ...(paused && { enabled: false }),
    severity,
    labels,
    ...(runbook !== undefined && { runbook }),
    calls: Object.fromEntries(Object.entries(match).map(([part, { source }]) => [part, source])),
    ...(missing && { missing }),
    expect: {
      ...(Number.isFinite(expect.maxLatency) && { max_latency: `${expect.maxLatency}s` }),
      max_error_rate: expect.maxErrorRatio,
    },
  }
}

/** Lines are not broken: a secret could be missed where it is. */
function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 })
}
