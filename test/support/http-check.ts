import type { Pattern } from '../../src/settings/values/pattern.ts'
import { RE2JS } from 're2js'
import type { HttpCheck } from '../../src/checks/http/schema.ts'
import type { BodyRules, HttpExpectation } from '../../src/checks/http/settings/expect.ts'
import type { Target } from '../../src/config/target/target.ts'

type Overrides = Omit<Partial<HttpCheck>, 'url' | 'expect'> & {
  readonly expect?: Omit<Partial<HttpExpectation>, 'body'> & { readonly body?: Partial<BodyRules> }
}

/** A check that expects 2xx and at most 1 MiB; what matters to a test is overridden by it. */
export function httpCheck(url: string, { expect, ...overrides }: Overrides = {}): HttpCheck {
  return {
    kind: 'http',
    url: new URL(url),
    method: 'GET',
    headers: {},
    followRedirects: true,
    http2: true,
    traceparent: false,
    ipProtocol: 'auto',
    ipProtocolFallback: true,
    tls: { verify: true },
    ...overrides,
    expect: {
      status: [{ from: 200, to: 299 }],
      headers: [],
      headersIfPresent: [],
      notHeaders: [],
      versions: [],
      json: [],
      maxBody: 1024 * 1024,
      cel: [],
      ...expect,
      body: { contains: [], notContains: [], matches: [], notMatches: [], ...expect?.body },
    },
  }
}

/** A regex as the config loader makes it. */
export function pattern(source: string): Pattern {
  return { source, regex: RE2JS.compile(source) }
}

/** The check of a target that is watched over HTTP. */
export function httpCheckOf(target: Target | undefined): HttpCheck {
  if (target?.check.kind !== 'http') throw new Error('expected a target that is watched over HTTP')
  return target.check
}
