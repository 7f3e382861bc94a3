import { describe, expect, it } from 'vitest'
import { cpuTimeMs } from '../../support/time/cpu-time.ts'
import { httpCheckOf } from '../../support/http-check.ts'
import { parse } from '../../support/parse-config.ts'

const env = { KEY: 'key-from-env' }
const config = parse(
  `
defaults: { severity: info, labels: { team: a } }
modules:
  patient: { timeout: 45s, expect: { max_latency: 9s } }
  login: { auth: { bearer: "\${KEY}" } }
targets: []
probe:
  allow: ['https://[a-z]+\\.example\\.com/.*', 'http://a|http://b']
  allow_networks: [10.0.0.0/8, 192.0.2.1, "fd00::/8", "::1"]
`,
  { env },
)

describe('adHoc', () => {
  it('makes a target of a URL, with the defaults and the module', () => {
    expect(config.adHoc('https://a.example.com/x', 'patient')).toMatchObject({
      name: 'https://a.example.com/x',
      instance: 'https://a.example.com/x',
      severity: 'info',
      labels: { team: 'a' },
      timeout: 45,
      expect: { maxLatency: 9 },
      check: { kind: 'http', url: new URL('https://a.example.com/x') },
    })
    expect(config.adHoc('https://a.example.com/x', undefined).expect.maxLatency).toBe(1)
  })

  it('has an interval longer than the timeout, whatever the module says', () => {
    const { interval, timeout } = config.adHoc('https://a.example.com/', 'patient')
    expect(timeout).toBeLessThan(interval)
  })

  it('takes no time, however strange the URL is', () => {
    const askAll = (): void => {
      for (const part of ['?', '&', 'a?', '?a=', '@', '//', '%'])
        config.adHoc(`https://a.example.com/${part.repeat(100_000)}`, undefined)
    }
    expect(cpuTimeMs(askAll)).toBeLessThan(3000)
  })

  it('never shows the query', () => {
    const target = config.adHoc('https://a.example.com/x?session=12345#top', undefined)
    expect(target.instance).toBe('https://a.example.com/x')
    expect(JSON.stringify(target.shown)).not.toContain('12345')
    expect(target.secrets).toContain('session=12345')
    expect(httpCheckOf(target).url.search).toBe('?session=12345')
  })

  it('does not expand the environment into what somebody asks for', () => {
    const target = config.adHoc('https://a.example.com/${KEY}?k=${KEY}', undefined)
    expect(decodeURI(httpCheckOf(target).url.href)).toBe('https://a.example.com/${KEY}?k=${KEY}')
    expect(target.secrets).not.toContain('key-from-env')
    expect(target.instance).not.toContain('key-from-env')
  })

  it('keeps the secrets of the module', () => {
    const target = config.adHoc('https://a.example.com/', 'login')
    expect(httpCheckOf(target).auth).toEqual({ type: 'bearer', token: 'key-from-env' })
    expect(target.secrets).toEqual(['key-from-env'])
    expect(target.shown).toHaveProperty('auth', { bearer: '${KEY}' })
  })

  it.each([
    ['shop', 'URL_INVALID', 'the target is not a URL'],
    ['', 'URL_INVALID', 'the target is not a URL'],
    ['ftp://a.example.com', 'URL_INVALID', 'the target is not an http or https URL'],
    ['https://me:secret@a.example.com', 'URL_INVALID', 'cannot carry credentials'],
    ['https://a.example.com:99999', 'URL_INVALID', 'the target is not a valid URL'],
  ])('refuses %j', (url, code, message) => {
    expect(() => config.adHoc(url, undefined)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    )
  })

  it('refuses a module that does not exist', () => {
    expect(() => config.adHoc('https://a.example.com', 'pateint')).toThrow(
      expect.objectContaining({
        code: 'MODULE_UNKNOWN',
        message: 'unknown module "pateint" (did you mean patient?); configured: patient, login',
      }),
    )
  })
})

describe('probe', () => {
  it.each([
    ['https://a.example.com/x', true],
    ['https://a.example.com/', true],
    ['http://a', true],
    ['https://a.example.com', false],
    ['https://a.example.com.evil.org/x', false],
    ['https://evil.org/https://a.example.com/', false],
    ['http://abc', false],
  ])('allows %s: %s', (url, allowed) => {
    expect(config.probe.allow.some(({ regex }) => regex.matcher(url).matches())).toBe(allowed)
    expect(config.probe.allow.some(({ regex }) => regex.matcher(url).find())).toBe(allowed)
  })

  it('reads single addresses as networks', () => {
    expect(config.probe.allowNetworks).toEqual(['10.0.0.0/8', '192.0.2.1/32', 'fd00::/8', '::1/128'])
  })

  it('allows nothing by default', () => {
    expect(parse('targets: []').probe).toEqual({ allow: [], allowNetworks: [] })
  })
})
