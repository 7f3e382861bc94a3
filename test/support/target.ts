import type { Config } from '../../src/config/config.ts'
import type { HttpCheck } from '../../src/checks/http/schema.ts'
import type { Target } from '../../src/config/target/target.ts'
import type { ProbeResult } from '../../src/checks/result.ts'

const check: HttpCheck = {
  kind: 'http',
  url: new URL('http://127.0.0.1:1/'),
  method: 'GET',
  headers: {},
  followRedirects: true,
  http2: true,
  traceparent: false,
  ipProtocol: 'auto',
  ipProtocolFallback: true,
  tls: { verify: true },
  expect: {
    status: [{ from: 200, to: 299 }],
    headers: [],
    headersIfPresent: [],
    notHeaders: [],
    versions: [],
    json: [],
    cel: [],
    body: { contains: [], notContains: [], matches: [], notMatches: [] },
    maxBody: 1024,
  },
}

/** A valid target; what matters to a test is overridden by it. */
export function aTarget(overrides: Partial<Target> = {}): Target {
  const name = overrides.name ?? 'shop'
  return {
    name,
    instance: 'http://127.0.0.1:1/',
    interval: 30,
    timeout: 10,
    alertAfter: 75,
    severity: 'critical',
    labels: {},
    expect: { maxLatency: 1, maxErrorRatio: 0.05, slo: 0.95, minCertificate: 14 * 86_400 },
    check,
    shown: { name, url: 'http://127.0.0.1:1/' },
    secrets: [],
    ...overrides,
  }
}

/** A successful result of an HTTP probe. */
export function aResult(overrides: Partial<ProbeResult> = {}): ProbeResult {
  return {
    startedAt: new Date('2026-11-20T12:00:00.250Z'),
    durationSeconds: 0.125,
    success: true,
    resolve: { durationSeconds: 0.002, address: '127.0.0.1' },
    phases: { resolve: 0.002, connect: 0.003, processing: 0.1, transfer: 0.02 },
    http: {
      statusCode: 200,
      version: 1.1,
      ssl: false,
      redirectsReceived: 0,
      redirects: 0,
      contentLength: -1,
      bodyLength: 512,
      failedDueToRegex: false,
      finalUrl: 'http://127.0.0.1:1/',
    },
    ...overrides,
  }
}

/** A configuration of these targets. */
export function aConfig(targets: readonly Target[], overrides: Partial<Config> = {}): Config {
  return {
    targets,
    callTargets: [],
    target: (name) => targets.find((target) => target.name === name),
    vendors: new Map(),
    probe: { allow: [], allowNetworks: [] },
    moduleNames: [],
    adHoc: (url) => aTarget({ name: url }),
    files: [],
    ...overrides,
  }
}
