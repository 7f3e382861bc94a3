import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../../../scripts/stack/shipped-files.ts'
import { nagiosImporter } from '../../../src/foreign/nagios/import.ts'
import { wordsOf } from '../../../src/foreign/nagios/words.ts'
import { answer, redirectTo } from '../../support/servers/faults.ts'
import { startFaultServer, type FaultServer } from '../../support/servers/fault-server.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { importFile, probeImported, type Outcome } from '../support.ts'

const fixtures = join(root, 'test/commands/import/fixtures/nagios')
const variables = { NAGIOS_USER5: 'from the server' }

describe('probity import nagios', () => {
  it('makes targets of services and hosts, with what their templates and groups say', async () => {
    const { config } = await importFile(nagiosImporter, fixtures, {}, variables)
    expect(config.targets.map(({ name, check }) => `${name}: ${check.kind}`)).toEqual([
      'web1.shop.example HTTP: http',
      'web2.shop.example HTTP: http',
      'web1.shop.example Login: http',
      'web1.shop.example: icmp',
      'web2.shop.example: icmp',
    ])
    expect(config.target('web1.shop.example HTTP')).toMatchObject({
      interval: 60,
      timeout: 5,
      alertAfter: 1.5 * 60,
      expect: { maxLatency: 2 },
      labels: { host: 'web1.shop.example' },
      runbook: 'https://wiki.shop.example/web',
      check: {
        url: { href: 'https://192.0.2.1/health?a=b&c' },
        headers: { Host: 'web1.shop.example', Authorization: 'Bearer sesame' },
        tls: { verify: false, serverName: 'web1.shop.example' },
        followRedirects: false,
      },
    })
    expect(config.target('web1.shop.example Port')).toMatchObject({
      paused: true,
      labels: { group: 'data' },
      check: { address: { host: '192.0.2.1', port: 8443 } },
    })
    expect(config.target('web1.shop.example Login')?.check).toMatchObject({
      auth: { username: 'probe', password: 'from the server' },
    })
  })

  it('notes what is left out, with the file and the line', async () => {
    const { notes, text } = await importFile(nagiosImporter, fixtures, {}, variables)
    for (const note of [
      'services.cfg:48: resource_file: set NAGIOS_USER5 to what is in resource.cfg for $USER5$',
      'services.cfg:54: "web1.shop.example Disk" is left out: there is no check for "check_disk" here: write a command that runs it',
      'services.cfg:60: "web1.shop.example Script" is left out: it is a script: write a command',
      'services.cfg:66: "web1.shop.example Gone" is left out: there is no command "check_gone": import the file that defines it, too',
      'services.cfg:10: check_period: "workhours" is not known here: it is checked at all times',
    ])
      expect(notes).toContain(note)
    expect(text + notes.join('\n')).not.toContain('sesame')
  })

  it('makes targets of command lines', async () => {
    const { config, notes } = await importFile(nagiosImporter, join(fixtures, 'lines.txt'))
    expect(config.targets.map(({ name, check }) => `${name}: ${check.kind}`)).toEqual([
      'site: tls',
      'check_http www.shop.example: http',
      'check_http: http',
      'check_tcp db.shop.example: tcp',
      'check_tcp mail.shop.example: tls',
      'check_ping 192.0.2.1: icmp',
      'check_ssh: ssh',
      'check_dns www.shop.example: dns',
      'check_dns gone.shop.example: dns',
    ])
    expect(config.target('site')).toMatchObject({ expect: { minCertificate: 30 * 86_400 } })
    expect(config.target('check_http')?.check).toMatchObject({
      url: { href: 'http://www.shop.example/' },
      proxy: { url: { port: '3128' } },
      method: 'HEAD',
      headers: { 'User-Agent': 'probe' },
    })
    expect(config.target('check_ping 192.0.2.1')).toMatchObject({ timeout: 0.5, expect: { maxLatency: 0.1 } })
    const place = join(fixtures, 'lines.txt')
    for (const note of [
      `${place}:2: -C: CertificateExpiring has one limit: the first is used`,
      `${place}:3: -m: that a body is not too small cannot be expected`,
      `${place}:3: -M: is not supported here`,
      `${place}:10: -A: that the server is an authority cannot be expected: write server: and recursion: false`,
      `${place}:11: "check_snmp 192.0.2.1" is left out: there is no check for "check_snmp" here: write a command that runs it`,
      `${place}:12: "check_http" is left out: it names no host`,
    ])
      expect(notes).toContain(note)
  })
})

describe('a target that was a command line fails where the plugin does', () => {
  let server: FaultServer
  let folder: string

  beforeAll(async () => {
    server = await startFaultServer({
      routes: {
        '/plain': answer('since 1999\nall is well'),
        '/moved': redirectTo('/plain'),
      },
    })
  })
  afterAll(async () => {
    await server.stop()
  })
  beforeEach(async () => {
    folder = await tempFolder()
  })

  const imported = async (text: string): Promise<Outcome> => {
    const path = join(folder, 'lines.txt')
    await writeFile(path, text)
    return importFile(nagiosImporter, path)
  }

  it.each([
    ['-u /plain', true],
    ['-u /plain -s 1999', true],
    ['-u /plain -s 2000', false],
    ['-u /plain -r "^all.is"', true],
    ['-u /plain -R "ALL IS"', true],
    ['-u /plain -r "ALL IS"', false],
    ['-u /plain -r well --invert-regex', false],
    ['-u /plain -r "1999.all"', false],
    ['-u /plain -l -r "1999.all"', true],
    ['-u /moved', true],
    ['-u /moved -f critical', false],
    ['-u /moved -f follow -s 1999', true],
    ['-u /unavailable', false],
    ['-u /unavailable -e 503', true],
    ['-u /unavailable -e "HTTP/1.1 503,200 OK"', true],
    ['-u /plain -m 1:5', false],
    ['-u /silent -c 0.3', false],
  ])('check_http %s: %p', async (options, success) => {
    const outcome = await imported(`check_http -H 127.0.0.1 -p ${server.port} ${options}`)
    expect((await probeImported(outcome)).success).toBe(success)
  })

  it('check_tcp, where nothing listens', async () => {
    expect((await probeImported(await imported(`check_tcp -H 127.0.0.1 -p ${server.port}`))).success).toBe(
      true,
    )
    expect((await probeImported(await imported('check_tcp -H 127.0.0.1 -p 1'))).success).toBe(false)
  })

  it.each([
    ['"HTTP/1.1 200"', true],
    ['"HTTP/1.1 500"', false],
    ['"TTP/1.1"', false],
    ['"220 " -e "HTTP/"', true],
  ])('check_tcp with a dialogue that expects %s: %p', async (expected, success) => {
    const line = `check_tcp -H 127.0.0.1 -p ${server.port} -E -s "GET /plain HTTP/1.0\\r\\n\\r\\n" -e ${expected} -t 2`
    expect((await probeImported(await imported(line))).success).toBe(success)
  })

  it.each([
    [
      'circles of templates',
      'define service {\nname a\nuse b\n}\ndefine service {\nname b\nuse a\nhost_name x\n}',
    ],
    ['a block without an end', 'define service {\nhost_name a'.repeat(3)],
    [
      'a macro that grows',
      `define host {\nhost_name a\naddress ${'$HOSTADDRESS$'.repeat(5000)}\ncheck_command c\n}\ndefine command {\ncommand_name c\ncommand_line check_ping -H $HOSTADDRESS$\n}`,
    ],
    ['control characters', 'check_tcp -H "a\u0007\u202e" -p 1\ncheck_http -H a -u "/\u001b[31m"'],
  ])('%s do no harm', async (_what, text) => {
    await imported(text).catch((error: unknown) => {
      expect(error).toMatchObject({ code: expect.stringMatching(/^(IMPORT|CONFIG)_/) as string })
    })
  })

  it('refuses services on so many hosts that nobody watches them', async () => {
    const host = (index: number): string => `define host {\nhost_name h${index}\n}\n`
    const service = 'define service {\nhost_name *\nservice_description s\ncheck_command c\n}\n'
    const text = Array.from({ length: 300 }, (_, index) => host(index)).join('') + service.repeat(100)
    await expect(imported(text)).rejects.toThrow(
      'there are more than 20000 services on hosts: import a part of the files',
    )
  })

  it('follows no links of folders', async () => {
    await mkdir(join(folder, 'a'))
    await symlink(folder, join(folder, 'a', 'again'))
    await writeFile(join(folder, 'a', 'b.cfg'), 'check_tcp -H a -p 1')
    const { config } = await importFile(nagiosImporter, folder)
    expect(config.targets).toHaveLength(1)
  })
})

it.each([
  ['a  "b c" d\\ e', ['a', 'b c', 'd e']],
  [`'a"b' "c\\"d"`, ['a"b', 'c"d']],
  ['""', ['']],
  ['a | b', undefined],
  ['a "b', undefined],
  ['a $(b)', undefined],
])('the words of %s', (line, words) => {
  expect(wordsOf(line)).toEqual(words)
})
