import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Puts values into cookies that nobody can read or change. */
export interface Seal {
  readonly seal: (value: object) => string
  /** Undefined for what this key has not sealed for this purpose. */
  readonly open: (text: string) => unknown
}

const [nonceBytes, tagBytes] = [12, 16]

/** Makes a seal for a purpose: what is sealed for one does not open for another. */
export function createSeal(secret: string, purpose: string): Seal {
  const key = Buffer.from(hkdfSync('sha256', secret, '', `probity ${purpose}`, 32))
  return {
    seal(value) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const content = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), content]).toString('base64url')
    },
    open(text) {
      const bytes = Buffer.from(text, 'base64url')
      if (bytes.length <= nonceBytes + tagBytes) return undefined
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
          authTagLength: tagBytes,
        })
        decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
        const content = bytes.subarray(nonceBytes + tagBytes)
        const opened: unknown = JSON.parse(
          decipher.update(content, undefined, 'utf8') + decipher.final('utf8'),
        )
        return opened
      } catch {
        return undefined
      }
    },
  }
}
