/*
 * The names of what DNS numbers.
 * Source: https://www.iana.org/assignments/dns-parameters/dns-parameters.xhtml
 */

/** Record types that can be asked for. */
export const recordTypes = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  DNAME: 39,
  DS: 43,
  SSHFP: 44,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  TLSA: 52,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  ANY: 255,
  CAA: 257,
} as const
export type RecordType = keyof typeof recordTypes

/** Codes of an answer, without those of EDNS. */
export const responseCodes = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
} as const
export type ResponseCode = keyof typeof responseCodes

/** The words of a closed table, in its order. */
export function wordsOf<K extends string>(table: Readonly<Record<K, number>>): K[] {
  return Object.keys(table) as K[]
}
