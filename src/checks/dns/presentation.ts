import ipaddr from 'ipaddr.js'
import { recordTypes } from './names.ts'
import type { MessageReader } from './reader.ts'

/*
 * Records as zone files write them (RFC 1035, section 5.1), with tabs between their fields: the form that the rules of
 * blackbox_exporter match.
 */

/** A domain name with the dot at its end. */
export function nameText(labels: readonly Buffer[]): string {
  return labels.length === 0 ? '.' : labels.map((label) => `${escape(label, labelSpecial)}.`).join('')
}

/** The data of a record. Of a type that is not known: RFC 3597, section 5. */
export function dataText(type: number, data: MessageReader): string {
  const write = writers.get(type)
  return write ? write(data) : generic(data)
}

const typeNames = new Map<number, string>(Object.entries(recordTypes).map(([name, type]) => [type, name]))

export function typeText(type: number): string {
  return typeNames.get(type) ?? (type === 41 ? 'OPT' : `TYPE${type}`)
}

const classNames: Readonly<Record<number, string>> = { 1: 'IN', 3: 'CH', 4: 'HS', 254: 'NONE', 255: 'ANY' }

export function classText(number: number): string {
  return classNames[number] ?? `CLASS${number}`
}

type Writer = (data: MessageReader) => string

const name: Writer = (data) => nameText(data.name())
const number8: Writer = (data) => String(data.uint8())
const number16: Writer = (data) => String(data.uint16())
const number32: Writer = (data) => String(data.uint32())
const hex: Writer = (data) => data.rest().toString('hex').toUpperCase()
const base64: Writer = (data) => data.rest().toString('base64')
const string: Writer = (data) => quoted(data.characterString())

const strings: Writer = (data) => {
  const parts: string[] = []
  while (data.left > 0) parts.push(string(data))
  return parts.join(' ')
}

const restQuoted: Writer = (data) => quoted(data.rest())
const tag: Writer = (data) => escape(data.characterString(), stringSpecial)

const address =
  (length: number): Writer =>
  (data) =>
    ipaddr.fromByteArray([...data.bytes(length)]).toString()

const generic: Writer = (data) => {
  const { left } = data
  return ['\\#', String(left), ...(left > 0 ? [hex(data)] : [])].join(' ')
}

const fields =
  (...writers: readonly Writer[]): Writer =>
  (data) =>
    writers.map((write) => write(data)).join(' ')

const delegationSigner = fields(number16, number8, number8, hex)

const writers: ReadonlyMap<number, Writer> = new Map<number, Writer>([
  [recordTypes.A, address(4)],
  [recordTypes.NS, name],
  [recordTypes.CNAME, name],
  [recordTypes.SOA, fields(name, name, number32, number32, number32, number32, number32)],
  [recordTypes.PTR, name],
  [recordTypes.HINFO, fields(string, string)],
  [recordTypes.MX, fields(number16, name)],
  [recordTypes.TXT, strings],
  [recordTypes.AAAA, address(16)],
  [recordTypes.SRV, fields(number16, number16, number16, name)],
  [recordTypes.NAPTR, fields(number16, number16, string, string, string, name)],
  [recordTypes.DNAME, name],
  [recordTypes.DS, delegationSigner],
  [recordTypes.SSHFP, fields(number8, number8, hex)],
  [recordTypes.DNSKEY, fields(number16, number8, number8, base64)],
  [recordTypes.TLSA, fields(number8, number8, number8, (data) => hex(data).toLowerCase())],
  [recordTypes.SPF, strings],
  [recordTypes.CAA, fields(number8, tag, restQuoted)],
])

const labelSpecial = /[.() ;@"\\]/
const stringSpecial = /["\\]/

function quoted(bytes: Buffer): string {
  return `"${escape(bytes, stringSpecial)}"`
}

function escape(bytes: Buffer, special: RegExp): string {
  let text = ''
  for (const byte of bytes) {
    const character = String.fromCharCode(byte)
    if (byte < 0x20 || byte > 0x7e) text += `\\${String(byte).padStart(3, '0')}`
    else text += special.test(character) ? `\\${character}` : character
  }
  return text
}
