import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import type { Pem } from './pem.ts'
import { reasonOf } from '../../settings/secrets.ts'
import { ProbeFailure } from '../failure.ts'
import { createTrust, type Trust, type TrustSettings } from './trust.ts'

/** Gives the trust of a TLS configuration, the same one until one of its files changes. */
export type TrustStore = (settings: TrustSettings) => Trust

interface Entry {
  readonly files: string
  readonly trust: Trust
}

/** More configurations than this are not remembered; the one that was used longest ago goes first. */
const maxEntries = 500

/**
 * Makes a store. Files that changed into something unusable change nothing: a certificate and its key cannot be replaced in
 * one step, and in between the old ones still work.
 *
 * @param authorities PEM certificates to trust where settings have none. Default: those that Node.js trusts.
 * @throws ProbeFailure `internal`, from the store, when files cannot be used and never could.
 */
export function createTrustStore(authorities?: readonly string[]): TrustStore {
  const entries = new Map<string, Entry>()
  const keys = new WeakMap<TrustSettings, string>()
  return (settings) => {
    const key = keys.get(settings) ?? keyOf(settings)
    keys.set(settings, key)
    const files = signature(settings)
    const known = entries.get(key)
    const entry = known?.files === files ? known : renewed(settings, files, known)
    entries.delete(key)
    entries.set(key, entry)
    for (const oldest of entries.keys()) {
      if (entries.size <= maxEntries) break
      entries.delete(oldest)
    }
    return entry.trust
  }

  function renewed(settings: TrustSettings, files: string, known: Entry | undefined): Entry {
    try {
      return { files, trust: createTrust(settings, authorities) }
    } catch (cause) {
      if (known) return known
      throw new ProbeFailure('internal', `the files of tls: cannot be used: ${reasonOf(cause)}`, { cause })
    }
  }
}

function pems({ ca, cert, key }: TrustSettings): readonly (Pem | undefined)[] {
  return [ca, cert, key]
}

/** A digest, so that no private key is kept twice. */
function keyOf(settings: TrustSettings): string {
  const { minVersion, maxVersion, legacy } = settings
  const text = JSON.stringify([...pems(settings), minVersion, maxVersion, legacy])
  return createHash('sha256').update(text).digest('base64')
}

/** What changes whenever a file does. */
function signature(settings: TrustSettings): string {
  return pems(settings)
    .map((pem) => (pem && 'file' in pem ? describe(pem.file) : ''))
    .join('\n')
}

function describe(path: string): string {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stats ? [stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(' ') : 'missing'
}
