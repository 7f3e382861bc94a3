import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { renderDebug } from '../../../src/exporter/debug.ts'
import { toRow } from '../../../src/history/row.ts'
import { printProbe, printProbeJson } from '../../../src/commands/probe/print.ts'
import type { Target } from '../../../src/config/target/target.ts'
import { renderProbe } from '../../../src/metrics/render.ts'
import { recordProbeLog } from '../../../src/checks/log.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { parseTarget } from '../../support/parse-config.ts'
import { faults, startShop, type Shop } from './shop.ts'

let shop: Shop
beforeAll(async () => {
  shop = await startShop()
})
afterAll(() => shop.stop())
beforeEach(() => {
  shop.requests.length = shop.secrets.length = 0
  shop.orders.clear()
  shop.broken.clear()
  shop.page = undefined
})

interface Written {
  readonly login?: string
  readonly create?: string
  readonly created?: string
  readonly remove?: string
  readonly more?: string
  readonly timeout?: string
}

function orders({
  login = '',
  create = '',
  created = '{ status: 201 }',
  remove = '',
  more = '',
  timeout = '10s',
}: Written = {}): Target {
  const text = `
targets:
  - name: orders
    interval: 1m
    timeout: ${timeout}
    headers: { Accept: application/json }
    expect: { max_body: 64KiB }
    steps:
      - name: login
        url: ${shop.url}/login
        method: POST
        headers: { Content-Type: application/x-www-form-urlencoded }
        body: user=probe&password=\${PASSWORD}
        capture: { csrf: { regex: "name=\\"csrf\\" value='([^']+)'" }, session: { cookie: sid } }
        ${login}
      - name: create
        url: ${shop.url}/orders
        method: POST
        headers: { Content-Type: application/json, X-CSRF-Token: "{{csrf}}" }
        body: '{"note": "made by {{csrf}}"}'
        expect: ${created}
        capture: { id: { json: $.order.id } }
        ${create}
      - name: delete
        url: ${shop.url}/orders/{{id}}?by={{session}}
        method: DELETE
        headers: { X-CSRF-Token: "{{csrf}}" }
        always: true
        ${remove}
${more}`
  return parseTarget(text, { env: { PASSWORD: 'open sesame' } })
}

async function probe(target: Target, timeoutSeconds = target.timeout): Promise<ProbeResult> {
  return runProbe(target.check, { timeoutSeconds })
}

const outcomes = ({ steps = [] }: ProbeResult): string => steps.map(({ outcome }) => outcome).join(' ')

describe('a transaction', () => {
  it('logs in, creates and deletes, with the cookie and the CSRF token that the server gave', async () => {
    const result = await probe(orders())
    expect(result).toMatchObject({ success: true, http: { statusCode: 204 } })
    expect(result.failure).toBeUndefined()
    expect(result.steps).toEqual([
      { name: 'login', outcome: 'succeeded', durationSeconds: expect.any(Number), statusCode: 200 },
      { name: 'create', outcome: 'succeeded', durationSeconds: expect.any(Number), statusCode: 201 },
      { name: 'delete', outcome: 'succeeded', durationSeconds: expect.any(Number), statusCode: 204 },
    ])
    expect(shop.requests).toHaveLength(3)
    expect(shop.orders.size).toBe(0)
  })

  it('shows what one of its steps was not expected to do, and which were not run', async () => {
    const result = await probe(orders({ login: 'expect: { status: 302 }' }))
    expect(result.failure).toEqual({
      reason: 'status',
      message:
        'step login: expected 302, got 200 (not run: create; step delete was skipped, because id was never captured)',
    })
    expect(outcomes(result)).toBe('failed blocked skipped')
    expect(shop.requests).toEqual(['POST /login'])
  })

  it('reports a clean-up that fails, whatever failed before', async () => {
    shop.broken.set('delete', faults.status)
    expect((await probe(orders())).failure?.message).toBe('step delete: expected 2xx, got 500')
    const both = orders({ created: "{ status: 201, json: { '$.order.id': 1 } }" })
    expect((await probe(both)).failure?.message).toBe(
      'step create: expected $.order.id to be 1, got another value (string) (step delete failed too: expected 2xx, got 500)',
    )
  })

  it('cleans up what a step has made although its answer was not as expected', async () => {
    const result = await probe(orders({ created: '{ status: 200 }' }))
    expect(result.failure?.message).toBe('step create: expected 200, got 201')
    expect(outcomes(result)).toBe('succeeded failed succeeded')
    expect(shop.orders.size).toBe(0)
  })
})

describe('each step in turn meets', () => {
  const steps = ['login', 'create', 'delete'] as const
  const cases = steps.flatMap((step) => Object.keys(faults).map((reason) => [step, reason] as const))
  it.each(cases)('%s: %s', async (step, reason) => {
    const order = steps.indexOf(step)
    shop.broken.set(step, faults[reason as keyof typeof faults])
    const result = await probe(orders({ login: 'timeout: 1s', create: 'timeout: 1s', remove: 'timeout: 1s' }))
    expect(result.failure?.reason).toBe(reason)
    expect(result.failure?.message).toMatch(new RegExp(`^step ${step}: `))
    expect(outcomes(result)).toBe(
      ['failed blocked skipped', 'succeeded failed skipped', 'succeeded succeeded failed'][order],
    )
    expect(result.steps?.[order]?.failure?.reason).toBe(reason)
  })
})

describe('cleaning up', () => {
  const logout = (): string => `
      - { name: logout, url: "${shop.url}/logout", method: POST, always: true, headers: { X-CSRF-Token: "{{csrf}}" } }`

  it('is done after each kind of failure of the step before', async () => {
    for (const [reason, fault] of Object.entries(faults)) {
      shop.requests.length = 0
      shop.broken.set('create', fault)
      const result = await probe(orders({ create: 'timeout: 500ms', more: logout() }))
      expect(result.failure?.reason).toBe(reason)
      expect(outcomes(result)).toBe('succeeded failed skipped succeeded')
      expect(shop.requests.at(-1)).toBe('POST /logout')
    }
  })

  it('has its own part of the time, also when the steps before have used up theirs', async () => {
    shop.broken.set('create', faults.timeout)
    const result = await probe(orders({ more: logout() }), 2)
    expect(result.failure?.message).toMatch(
      /^step create: no answer within 1\.\d+s while waiting for the answer from http:\S+\/orders \(all the time that was left for it\)/,
    )
    expect(outcomes(result)).toBe('succeeded failed skipped succeeded')
    expect(result.durationSeconds).toBeLessThan(2)
  })

  it('of which one part hangs leaves time for the others', async () => {
    shop.broken.set('delete', faults.timeout)
    const result = await probe(orders({ more: logout() }), 1)
    expect(outcomes(result)).toBe('succeeded succeeded failed succeeded')
    expect(result.durationSeconds).toBeLessThan(1)
  })
})

describe('a capture', () => {
  it.each([
    [
      'login',
      'capture: { token: { header: X-Token } }',
      'header',
      'cannot capture token from header x-token: it is missing',
    ],
    [
      'login',
      'capture: { token: { cookie: other } }',
      'header',
      'cannot capture token from cookie other: it is missing',
    ],
    [
      'login',
      'capture: { token: { json: $.token } }',
      'body',
      'cannot capture token from $.token of the body: the body is not JSON',
    ],
    [
      'login',
      'capture: { token: { regex: "token=(\\\\d+)" } }',
      'body',
      'cannot capture token from the body: nothing in it matches "token=(\\\\d+)"',
    ],
    [
      'create',
      'capture: { token: { json: $.token } }',
      'body',
      'cannot capture token from $.token of the body: it is missing',
    ],
    [
      'create',
      'capture: { token: { json: $.order } }',
      'body',
      'cannot capture token from $.order of the body: it is neither text nor a number',
    ],
  ])('of %s that is not there: %s', async (step, written, reason, message) => {
    // A key cannot be there twice, so that a step of its own asks the same.
    const text = `
targets:
  - name: orders
    steps:
      - { name: login, url: "${shop.url}/login", method: POST, headers: { Content-Type: application/x-www-form-urlencoded }, body: user=probe&password=open+sesame${step === 'login' ? `, ${written} }` : ', capture: { csrf: { regex: "value=\'(.*)\'>" } } }'}
      ${step === 'login' ? '' : `- { name: create, url: "${shop.url}/orders", method: POST, headers: { Content-Type: application/json, X-CSRF-Token: "{{csrf}}" }, body: "{}", ${written} }`}
`
    expect((await probe(parseTarget(text))).failure).toEqual({ reason, message: `step ${step}: ${message}` })
  })

  it('longer than 8 KiB is a failure, and one of 8 KiB is none', async () => {
    const login = (length: number) => {
      shop.page = () => `<input name="csrf" value='${'x'.repeat(length)}'>`
      return probe(orders())
    }
    expect((await login(8193)).failure).toEqual({
      reason: 'size',
      message:
        'step login: cannot capture csrf from the body: it is longer than 8 KiB (not run: create; step delete was skipped, because id and csrf were never captured)',
    })
    expect((await login(8192)).steps?.[0]?.outcome).toBe('succeeded')
  })

  it('that would begin a header of its own is not sent', async () => {
    shop.page = () => `<input name="csrf" value='a\r\nX-Admin: yes'>`
    expect((await probe(orders())).failure).toMatchObject({
      reason: 'protocol',
      message: expect.stringMatching(
        /^step create: the value of csrf contains a character that cannot be sent there/,
      ),
    })
    expect(shop.requests).toEqual(['POST /login'])
  })
})

describe('what was captured', () => {
  /** Everything that anybody can see of a probe. */
  async function shown(target: Target): Promise<{ result: ProbeResult; text: string }> {
    const log = recordProbeLog(() => performance.now())
    const result = await runProbe(target.check, { timeoutSeconds: 3, log })
    const probed = { target, result, timeoutSeconds: 3, log }
    const text = [
      JSON.stringify(result),
      JSON.stringify(log.lines),
      renderDebug(probed),
      renderProbe(probed),
      printProbe({ target, result, lines: log.lines }),
      printProbeJson({ target, result, lines: log.lines }),
      JSON.stringify(toRow(target, 'default', result)),
      JSON.stringify(target.shown),
    ].join('\n')
    return { result, text }
  }

  function forms(secret: string): string[] {
    const encoded = encodeURIComponent(secret)
    return [
      secret,
      encoded,
      encoded.toLowerCase(),
      encodeURI(secret),
      encoded.replaceAll('%20', '+'),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString('base64'),
      secret.slice(0, 10),
    ]
  }

  const echoes: Record<string, (text: string) => [string, string]> = {
    'in a redirect': (text) => ['Location', `/again/${encodeURIComponent(text)}`],
    'in a header that is judged': (text) => ['X-Echo', text],
    'percent-encoded in a header that is judged': (text) => ['X-Echo', encodeURIComponent(text)],
    'as a form in a header that is judged': (text) => [
      'X-Echo',
      encodeURIComponent(`${text} `).replaceAll('%20', '+'),
    ],
    'in base64 in a header that is judged': (text) => ['X-Echo', Buffer.from(text).toString('base64')],
    'cut off in a header that is judged': (text) => ['X-Echo', 'e'.repeat(85) + text],
  }

  it.each(Object.keys(echoes))('is nowhere to be seen, %s', async (name) => {
    shop.broken.set('delete', (request, response) => {
      const [header, value] = echoes[name]!(String(request.get('X-CSRF-Token')))
      response
        .status(header === 'Location' ? 307 : 200)
        .set(header, value)
        .end()
    })
    const { result, text } = await shown(orders({ remove: 'expect: { headers: { x-echo: ^never$ } }' }))
    expect(result.success).toBe(false)
    expect(text).toContain('<secret>')
    expect(shop.secrets).toHaveLength(3)
    for (const form of shop.secrets.flatMap(forms)) expect(text).not.toContain(form)
  })

  it('is nowhere to be seen while a step hangs whose URL holds it', async () => {
    shop.broken.set('delete', faults.timeout)
    const { result, text } = await shown(orders({ remove: 'timeout: 300ms' }))
    expect(result.failure?.message).toBe(
      `step delete: no answer within 0.3s while waiting for the answer from ${shop.url}/orders/{{id}}`,
    )
    for (const form of shop.secrets.flatMap(forms)) expect(text).not.toContain(form)
  })

  it('is nowhere to be seen where the answer that it is in is not as expected', async () => {
    shop.broken.set('login', (_, response) => {
      shop.secrets.push('first-secret-of-all')
      response.set('X-Token', 'first-secret-of-all').send(`<input name="csrf" value='first-secret-of-all'>`)
    })
    const { text } = await shown(orders({ login: 'expect: { headers: { x-token: ^never$ } }' }))
    expect(text).toContain('got \\"<secret>\\"')
    expect(text).not.toContain('first-secret')
  })
})

describe('metrics', () => {
  it('report each step that was run', async () => {
    shop.broken.set('create', faults.status)
    const target = orders()
    const result = await probe(target)
    const text = renderProbe({ target, result, timeoutSeconds: 10 })
    const series = text.split('\n').filter((line) => line.startsWith('probe_step_'))
    expect(series).toEqual([
      expect.stringMatching(/^probe_step_duration_seconds\{step="login"\} 0\.\d+$/),
      expect.stringMatching(/^probe_step_duration_seconds\{step="create"\} 0\.\d+$/),
      'probe_step_success{step="login"} 1',
      'probe_step_success{step="create"} 0',
    ])
    expect(text).toContain('probe_http_status_code 500\n')
    expect(text).toContain('probe_failure_info{reason="status"} 1\n')
  })
})
