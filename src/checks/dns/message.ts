import { recordTypes, responseCodes, wordsOf, type RecordType } from './names.ts'
import { classText, dataText, nameText, typeText } from './presentation.ts'
import { MalformedMessage, MessageReader } from './reader.ts'

/** What is asked: RFC 1035, section 4.1.2. */
export interface Question {
  /** Without the dot at its end; empty for the root. */
  readonly name: string
  readonly type: RecordType
}

export interface Query {
  readonly id: number
  readonly question: Question
  readonly bytes: Buffer
}

export interface DnsRecord {
  /** As a zone file has it: name, TTL, class, type, data, with tabs between them. */
  readonly text: string
  /** The number of its type. */
  readonly type: number
  /** Of a SOA record. */
  readonly serial?: number
}

/** An answer: RFC 1035, section 4.1. */
export interface Answer {
  /** The name of the code, or its number where it has none. */
  readonly rcode: string
  /** Whether the server had more to say than fits. */
  readonly truncated: boolean
  readonly answer: readonly DnsRecord[]
  readonly authority: readonly DnsRecord[]
  readonly additional: readonly DnsRecord[]
}

const classInternet = 1
const recursionDesired = 0x0100
const isResponse = 0x8000
const isTruncated = 0x0200

/** Makes the message that asks. It offers no EDNS, as blackbox_exporter: what does not fit into 512 bytes comes over TCP. */
export function encodeQuery(id: number, question: Question, recursion: boolean): Query {
  const header = Buffer.alloc(12)
  header.writeUInt16BE(id, 0)
  header.writeUInt16BE(recursion ? recursionDesired : 0, 2)
  header.writeUInt16BE(1, 4)
  const labels = question.name === '' ? [] : question.name.split('.')
  const name = labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')])
  const tail = Buffer.from([0, 0, 0, 0, 0])
  tail.writeUInt16BE(recordTypes[question.type], 1)
  tail.writeUInt16BE(classInternet, 3)
  return { id, question, bytes: Buffer.concat([header, ...name, tail]) }
}

/**
 * Reads the answer to a query.
 *
 * @throws MalformedMessage when it is not one: no message at all, or one that answers something else.
 */
export function decodeAnswer(bytes: Buffer, query: Query): Answer {
  const reader = new MessageReader(bytes)
  const id = reader.uint16()
  const flags = reader.uint16()
  if (id !== query.id) throw new MalformedMessage('it has the ID of another query')
  if ((flags & isResponse) === 0) throw new MalformedMessage('it is itself a query')
  const [questions, answers, authorities, additionals] = [
    reader.uint16(),
    reader.uint16(),
    reader.uint16(),
    reader.uint16(),
  ]
  const code = flags & 0xf
  const rcode = wordsOf(responseCodes).find((name) => responseCodes[name] === code) ?? String(code)
  checkQuestion(reader, questions, code, query)
  const truncated = (flags & isTruncated) !== 0
  // A server may cut a message that does not fit anywhere.
  if (truncated) return { rcode, truncated, answer: [], authority: [], additional: [] }
  return {
    rcode,
    truncated,
    answer: records(reader, answers),
    authority: records(reader, authorities),
    additional: records(reader, additionals),
  }
}

/** A server that refuses a question need not repeat it. */
function checkQuestion(reader: MessageReader, count: number, code: number, { question }: Query): void {
  if (count === 0 && code !== responseCodes.NOERROR) return
  if (count !== 1) throw new MalformedMessage('it does not repeat the query')
  const name = nameText(reader.name())
  const type = reader.uint16()
  const queryClass = reader.uint16()
  const same =
    name.toLowerCase() === `${question.name.toLowerCase()}.` &&
    type === recordTypes[question.type] &&
    queryClass === classInternet
  if (!same) throw new MalformedMessage('it answers another query')
}

function records(reader: MessageReader, count: number): DnsRecord[] {
  return Array.from({ length: count }, () => record(reader))
}

function record(reader: MessageReader): DnsRecord {
  const owner = nameText(reader.name())
  const type = reader.uint16()
  const recordClass = reader.uint16()
  const ttl = reader.uint32()
  const data = reader.section(reader.uint16())
  const serial = type === recordTypes.SOA ? serialOf(data.copy()) : undefined
  const text = dataText(type, data)
  return {
    text: [owner, ttl, classText(recordClass), typeText(type), text].join('\t'),
    type,
    ...(serial !== undefined && { serial }),
  }
}

/** RFC 1035, section 3.3.13. */
function serialOf(data: MessageReader): number {
  data.name()
  data.name()
  return data.uint32()
}
