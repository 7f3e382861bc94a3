/** Numbers from 0 to 1. */
export type Random = () => number

const below = (random: Random, limit: number): number => Math.floor(random() * limit)

export function oneOf<T>(random: Random, all: readonly T[]): T {
  return all[below(random, all.length)]!
}

/** Longer inputs find nothing that shorter ones do not, and take more time. */
const maxBytes = 16 * 1024

/** What means something in many languages. */
const everywhere = [
  ...[
    '\0',
    '\n',
    '\r\n',
    '\t',
    ' ',
    '"',
    "'",
    '\\',
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    ':',
    ',',
    ';',
    '#',
    '%',
    '&',
    '*',
    '$',
  ],
  ...[
    '-1',
    '0',
    '1',
    '65536',
    '2147483648',
    '4294967296',
    '9007199254740993',
    '1e999',
    '-0',
    '0x10',
    '.5',
    '1.',
  ],
  ...[
    '__proto__',
    'constructor',
    'null',
    'true',
    '~',
    '\ufeff',
    '\ud7ff',
    '\u202e',
    '\u{1f600}',
    'é',
    '${X}',
    '${',
    '://',
  ],
]

/** A change of an input. */
type Mutation = (
  bytes: Buffer,
  random: Random,
  tokens: readonly string[],
  others: readonly Buffer[],
) => Buffer

const cutAt = (bytes: Buffer, at: number, until: number, put: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(until)])

function part(bytes: Buffer, random: Random): { readonly at: number; readonly until: number } {
  const at = below(random, bytes.length + 1)
  const length = random() < 0.8 ? below(random, 16) : below(random, bytes.length + 1)
  return { at, until: Math.min(bytes.length, at + length) }
}

const mutations: readonly Mutation[] = [
  function flip(bytes, random) {
    const changed = Buffer.from(bytes)
    const at = below(random, bytes.length)
    if (bytes.length > 0) changed[at] = changed[at]! ^ (1 << below(random, 8))
    return changed
  },
  function anyByte(bytes, random) {
    const changed = Buffer.from(bytes)
    if (bytes.length > 0)
      changed[below(random, bytes.length)] = oneOf(random, [0, 0xff, 0x80, 0x7f, below(random, 256)])
    return changed
  },
  function cut(bytes, random) {
    const { at, until } = part(bytes, random)
    return cutAt(bytes, at, until, Buffer.alloc(0))
  },
  function end(bytes, random) {
    return bytes.subarray(0, below(random, bytes.length + 1))
  },
  function repeat(bytes, random) {
    const { at, until } = part(bytes, random)
    const piece = bytes.subarray(at, until)
    const times = oneOf(random, [1, 1, 2, 10, 200])
    return cutAt(bytes, until, until, Buffer.concat(Array.from({ length: times }, () => piece)))
  },
  function insert(bytes, random, tokens) {
    const at = below(random, bytes.length + 1)
    return cutAt(bytes, at, at, Buffer.from(oneOf(random, tokens)))
  },
  function replace(bytes, random, tokens) {
    const { at, until } = part(bytes, random)
    return cutAt(bytes, at, until, Buffer.from(oneOf(random, tokens)))
  },
  function splice(bytes, random, _tokens, others) {
    const other = oneOf(random, others)
    return Buffer.concat([
      bytes.subarray(0, below(random, bytes.length + 1)),
      other.subarray(below(random, other.length + 1)),
    ])
  },
  function move(bytes, random) {
    const { at, until } = part(bytes, random)
    const rest = cutAt(bytes, at, until, Buffer.alloc(0))
    const to = below(random, rest.length + 1)
    return cutAt(rest, to, to, bytes.subarray(at, until))
  },
]

/** Changes an input so that it is often not valid any more. */
export function mutate(
  bytes: Buffer,
  random: Random,
  tokens: readonly string[],
  others: readonly Buffer[],
): Buffer {
  const all = random() < 0.5 || tokens.length === 0 ? everywhere : tokens
  let changed = bytes
  for (let count = oneOf(random, [1, 1, 1, 2, 3, 5]); count > 0; count--)
    changed = oneOf(random, mutations)(changed, random, all, others)
  return changed.subarray(0, maxBytes)
}

/** Changes single letters and digits into others of their kind, so that an input often stays valid. */
export function vary(bytes: Buffer, random: Random): Buffer {
  const changed = Buffer.from(bytes)
  for (let count = 1 + below(random, 3); count > 0; count--) {
    const at = below(random, bytes.length)
    const byte = changed[at]
    const range = kinds.find(([from, to]) => byte !== undefined && byte >= from && byte <= to)
    if (range) changed[at] = range[0] + below(random, range[1] - range[0] + 1)
  }
  return changed
}

const kinds: readonly (readonly [from: number, to: number])[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x61, 0x7a],
]
