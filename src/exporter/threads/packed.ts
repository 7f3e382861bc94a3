import { RE2JS } from 're2js'

/** A check in a form that can be sent to another thread: the classes that a message would lose are described. */
export type Packed =
  | string
  | number
  | boolean
  | bigint
  | null
  | undefined
  | Uint8Array
  | readonly Packed[]
  | { readonly [key: string]: Packed }

/** The key under which a class is described. No setting has such a name. */
const classKey = '\0class'

/**
 * Packs plain data, and the classes that checks are made of.
 *
 * @returns Nothing where there is something else in it, which a message would lose.
 */
export function pack(value: unknown): Packed {
  try {
    return packed(value)
  } catch (error) {
    if (!(error instanceof Unsendable)) throw error
    return undefined
  }
}

/** What cannot be sent. */
class Unsendable extends Error {}

function packed(value: unknown): Packed {
  if (typeof value === 'function' || typeof value === 'symbol') throw new Unsendable()
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value as Packed
  if (Array.isArray(value)) return value.map(packed)
  if (value instanceof URL) return { [classKey]: 'URL', href: value.href }
  if (value instanceof RE2JS)
    return { [classKey]: 'RE2JS', pattern: value.patternInput, flags: value.flagsInput }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw new Unsendable()
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, packed(part)]))
}

/** Makes what was packed again. */
export function unpack(sent: Packed): unknown {
  if (typeof sent !== 'object' || sent === null) return sent
  // A message makes a Buffer a plain array of bytes.
  if (sent instanceof Uint8Array) return Buffer.from(sent.buffer, sent.byteOffset, sent.byteLength)
  if (Array.isArray(sent)) return sent.map(unpack)
  const object = sent as Readonly<Record<string, Packed>>
  if (object[classKey] === 'URL') return new URL(object['href'] as string)
  if (object[classKey] === 'RE2JS')
    return RE2JS.compile(object['pattern'] as string, object['flags'] as number)
  return Object.fromEntries(Object.entries(object).map(([key, part]) => [key, unpack(part)]))
}
