const prime = 1_099_511_628_211n
const offset = 14_695_981_039_346_656_037n
const mask = 2n ** 64n - 1n

/**
 * Identifies a label set as Alertmanager does: FNV-1a, 64 bits, of the names in order, each followed by its value, each of
 * both by a byte 255. Source of the hash: http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  const names = Object.keys(labels).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  const parts = names.flatMap((name) => [name, labels[name] ?? ''])
  let hash = offset
  const add = (byte: number): void => {
    hash = ((hash ^ BigInt(byte)) * prime) & mask
  }
  for (const part of parts) {
    for (const byte of Buffer.from(part)) add(byte)
    add(255)
  }
  return hash.toString(16).padStart(16, '0')
}
