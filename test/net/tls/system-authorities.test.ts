import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bundlePaths, systemAuthorities } from '../../../src/net/tls/system-authorities.ts'
import { createTrust } from '../../../src/net/tls/trust.ts'
import { X509Certificate } from 'node:crypto'
import { createCertificate } from '../../support/certificates.ts'
import { tempFolder } from '../../support/temp-folder.ts'

describe('the authorities of the system', () => {
  it('are in the first file that is there', async () => {
    const authority = createCertificate({ name: 'Of the machine', isAuthority: true })
    const leaf = createCertificate({ name: 'shop', dns: ['shop.example'], issuer: authority })
    const folder = await tempFolder()
    const there = join(folder, 'there.pem')
    await writeFile(there, `# a comment\n${authority.cert}`)
    const ca = systemAuthorities([join(folder, 'missing.pem'), there, join(folder, 'also-missing.pem')])
    expect(ca).toEqual({ file: there })
    expect(createTrust({ ca }).issuerOf(new X509Certificate(leaf.cert))?.subject).toBe('CN=Of the machine')
  })

  it('are missed with a message that says where', () => {
    expect(() => systemAuthorities(['/nowhere/a.pem', '/nowhere/b.pem'])).toThrow(
      'this machine has no file with authorities: looked for /nowhere/a.pem, /nowhere/b.pem',
    )
    expect(bundlePaths).toContain('/etc/ssl/certs/ca-certificates.crt')
  })
})
