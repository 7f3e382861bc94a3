import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { Resolver } from 'node:dns/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { freePorts, startProgram } from '../../../scripts/stack/process.ts'
import { atEnd } from '../../support/at-end.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'
import { blockOf, recipe } from './page.ts'

const zone = `$TTL 60
@ IN SOA ns hostmaster 1 3600 600 86400 60
@ IN NS ns
ns IN A 127.0.0.1
www IN A 192.0.2.10
mail IN A 192.0.2.20
`

describeWithTool(['named', 'nsupdate', 'tsig-keygen'], 'docs/remedies.md: a name', () => {
  it('gets its second address from BIND, once, and the key can change nothing else', async () => {
    const folder = await tempFolder()
    const { port } = await freePorts(['port'])
    const key = join(folder, 'fail-over.key')
    await writeFile(key, (await promisify(execFile)('tsig-keygen', ['fail-over'])).stdout)
    await writeFile(join(folder, 'example.com.zone'), zone)
    const ofPage = blockOf('named', 'update-policy')
      .replace('/etc/bind/', `${folder}/`)
      .replace('/var/lib/bind/', `${folder}/`)
    await writeFile(
      join(folder, 'named.conf'),
      `options {
  directory "${folder}"; pid-file none; session-keyfile "${folder}/session.key"; managed-keys-directory "${folder}";
  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; dnssec-validation no; notify no;
};
controls { };
${ofPage}`,
    )
    const named = startProgram('named', 'named', ['-g', '-c', join(folder, 'named.conf')])
    atEnd(() => named.stop())
    const resolver = new Resolver({ timeout: 1000, tries: 1 })
    resolver.setServers([`127.0.0.1:${port}`])
    const addressOf = (name: string): Promise<string> =>
      resolver.resolve4(`${name}.example.com`).then(
        (found) => found.join(),
        () => '',
      )
    await waitFor('BIND answers', async () => (await addressOf('www')) === '192.0.2.10')
    const open = (env: Record<string, string> = {}) =>
      recipe({
        script: 'fail-over-dns',
        channel: 'fail-over',
        env: { DNS_SERVER: '127.0.0.1', DNS_PORT: String(port), DNS_KEY: key, ...env },
      })
    const { run } = await open()
    expect(await run()).toMatchObject({ outcome: 'succeeded', repairs: true })
    expect(await addressOf('www')).toBe('192.0.2.11')
    const again = await run()
    expect(again).toMatchObject({ outcome: 'exit', exitCode: 2 })
    expect(again.output).toContain('NXRRSET')

    const mail = await open({ DNS_NAME: 'mail.example.com.', DNS_FROM: '192.0.2.20' })
    const refused = await mail.run()
    expect(refused.outcome).toBe('exit')
    expect(refused.output).toContain('REFUSED')
    expect(await addressOf('mail')).toBe('192.0.2.20')
  })
})
