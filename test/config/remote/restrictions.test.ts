import { describe, expect, it } from 'vitest'
import { foreignFormats } from '../../../src/foreign/index.ts'
import { parseRemoteConfig } from '../../../src/config/load/load.ts'
import { sourcesOf } from '../../../src/config/remote/source.ts'
import type { Config } from '../../../src/config/config.ts'
import { httpCheckOf } from '../../support/http-check.ts'

const env = { HOME: '/root', PROBE_KEY: 'key-of-probe', PROBITY_CONFIG_TOKEN: 'token-of-config' }

function parse(text: string, allowEnv: readonly string[] = []): Config {
  return parseRemoteConfig(sourcesOf('https://c.example.com/t.yml', text), {
    env,
    foreign: foreignFormats,
    remote: { allowEnv },
  })
}

const message = (text: string, allowEnv?: readonly string[]): string => {
  try {
    parse(text, allowEnv)
    return ''
  } catch (error) {
    return String(error)
  }
}

const place = 'https://c.example.com/t.yml'
const target = (lines: string): string =>
  `targets:\n  - name: a\n    url: https://a.example.com\n    ${lines}\n`

describe('a configuration from a URL may not', () => {
  it.each([
    ['run a command', 'targets:\n  - name: a\n    command: id\n', '3:5 targets[0].command'],
    [
      'run a script in a browser of this machine',
      'targets:\n  - { name: a, browser: a.mjs }\n',
      '2:16 targets[0].browser',
    ],
    [
      'look at a unit of this machine',
      'targets:\n  - { name: a, systemd: sshd }\n',
      '2:16 targets[0].systemd',
    ],
    [
      'look at a container of this machine',
      'targets:\n  - { name: a, docker: db }\n',
      '2:16 targets[0].docker',
    ],
    [
      'reach a socket of this machine',
      'targets:\n  - { name: a, unix: /run/docker.sock }\n',
      '2:16 targets[0].unix',
    ],
    [
      'send requests to a socket of this machine',
      target('unix_socket: /run/docker.sock'),
      '4:5 targets[0].unix_socket',
    ],
    [
      'name a file of this machine',
      target('tls: { ca_file: /etc/ssl/private/ca.pem }'),
      '4:12 targets[0].tls.ca_file',
    ],
    [
      'judge by a file of this machine',
      target('expect: { json_schema: secret.json }'),
      '4:15 targets[0].expect.json_schema',
    ],
    [
      'judge by a specification on this machine',
      target('expect: { openapi: secret.json#a }'),
      '4:15 targets[0].expect.openapi',
    ],
    [
      'discover targets in a file of this machine',
      'targets_from:\n  - file_sd: /etc/a.json\n    template: { name: "{a}", url: "http://{a}" }\n',
      '2:5 targets_from[0].file_sd',
    ],
    [
      'discover targets at a socket of this machine',
      'targets_from:\n  - docker: /run/docker.sock\n    template: { name: "{a}", url: "http://{a}" }\n',
      '2:5 targets_from[0].docker',
    ],
    [
      'name a file in a module or in the defaults',
      'targets: []\nmodules:\n  m:\n    tls:\n      key_file: /root/key\n',
      '5:7 modules.m.tls.key_file',
    ],
    ...['headers', 'labels', 'json', 'capture', 'env'].map((name) => [
      `name a file in a module that is called ${name}`,
      `targets: []\nmodules:\n  ${name}:\n    tls:\n      key_file: /root/key\n`,
      `5:7 modules.${name}.tls.key_file`,
    ]),
    [
      'name a file in a step',
      'targets:\n  - name: a\n    steps:\n      - name: s\n        url: https://a.example.com\n        tls: { cert_file: /a }\n',
      '6:16 targets[0].steps[0].tls.cert_file',
    ],
  ])('%s', (_, text, at) => {
    expect(message(text)).toContain(
      `${place}:${at}: is refused in a configuration from a URL: it would reach into the machine that probes`,
    )
  })

  it('put in the content of a file', () => {
    expect(message(target('body: "${file:/etc/shadow}"'))).toContain(
      `${place}:4:11 targets[0].body: \${file:...} is refused in a configuration from a URL`,
    )
  })

  it('put in the environment, even with a default', () => {
    for (const text of ['${HOME}', '${HOME:-x}', '${UNSET:-x}']) {
      expect(message(target(`body: "${text}"`))).toMatch(
        /targets\[0\]\.body: the environment variable (HOME|UNSET) is refused in a configuration from a URL: allow it with --config\.allow-env (HOME|UNSET)$/,
      )
    }
  })

  it('be a file of Minitor that runs commands', () => {
    const text =
      'check_interval: 30\nmonitors:\n  - name: a\n    command: [id]\n    alert_down: [log]\nalerts:\n  log: { command: [echo] }\n'
    expect(message(text)).toContain('is refused in a configuration from a URL')
  })
})

describe('a configuration from a URL may', () => {
  it('put in the variables that were allowed, by name or by beginning', () => {
    for (const allowed of ['PROBE_KEY', 'PROBE_*']) {
      const { targets } = parse(target('auth: { bearer: "${PROBE_KEY}" }'), [allowed])
      expect(httpCheckOf(targets[0]).auth).toEqual({ type: 'bearer', token: 'key-of-probe' })
    }
    expect(message(target('auth: { bearer: "${PROBE_KEY}" }'), ['PROBE'])).toContain('is refused')
  })

  it('never put in the token that it was fetched with', () => {
    const text = target('body: "${PROBITY_CONFIG_TOKEN}"')
    expect(message(text, ['PROBITY_*', 'PROBITY_CONFIG_TOKEN'])).toContain('is refused')
  })

  it('name headers and labels as it likes', () => {
    const text = target('headers: { x_file: a, command: b }\n    labels: { command: c, my_file: d }')
    expect(parse(text).targets).toHaveLength(1)
  })

  it('name modules, vendors and metadata as it likes', () => {
    const text =
      'modules: { my_file: {}, command: {} }\nvendors: { unix: {}, a_file: {} }\ntargets:\n  - { name: a, grpc: "a.example.com:443", metadata: { command: b, x_file: c } }\n'
    expect(message(text)).toBe('')
  })
})
