import type { Failure } from '../../net/failure.ts'
import { sections, type DnsCheck, type RecordRules, type Section } from './schema.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import type { Answer, DnsRecord } from './message.ts'
import { recordTypes } from './names.ts'
import type { Pattern } from '../../settings/values/pattern.ts'

/** Judges an answer: its code first, then its sections. */
export function judgeAnswer(answer: Answer, { name, type, expect }: DnsCheck): Failure | undefined {
  const { rcode } = answer
  if (!expect.rcode.some((code) => code === rcode)) {
    const wanted = expect.rcode.join(' or ')
    return { reason: 'status', message: `expected ${wanted} for ${name}. ${type}, got ${rcode}` }
  }
  for (const section of sections) {
    const all = answer[section]
    const isMixed = section !== 'answer' || expect.otherTypes || type === 'ANY'
    const asked = isMixed ? all : all.filter((record) => record.type === recordTypes[type])
    const what = isMixed ? '' : ` ${type}`
    // Another code than NOERROR comes without records.
    const rules = rcode === 'NOERROR' ? expect[section] : { ...expect[section], minRecords: 0 }
    const message = judgeRecords({ all: textsOf(all), asked: textsOf(asked), what, section }, rules)
    if (message !== undefined) return { reason: 'body', message }
  }
  return undefined
}

function textsOf(records: readonly DnsRecord[]): string[] {
  return records.map(({ text }) => text)
}

/** The records of a section. */
interface Records {
  readonly all: readonly string[]
  /** Those that were asked for: a CNAME may stand before them. */
  readonly asked: readonly string[]
  /** What was asked for, with a space in front; empty where everything counts. */
  readonly what: string
  readonly section: Section
}

function judgeRecords({ all, asked, what, section }: Records, rules: RecordRules): string | undefined {
  const { matches, matchesOrEmpty, matchesAny, matchesOne, notMatches, minRecords } = rules
  const where = `the ${section} section`
  if (asked.length === 0 && matches.length > 0) {
    return `expected${what} records in ${where} that match ${quote(matches[0]?.source ?? '')}, got ${list(all)}`
  }
  if (asked.length < minRecords) {
    const count = minRecords === 1 ? `at least one${what} record` : `at least ${minRecords}${what} records`
    return `expected ${count} in ${where}, got ${asked.length === 0 ? list(all) : asked.length}`
  }
  for (const { regex, source } of [...matches, ...matchesOrEmpty]) {
    const other = asked.find((text) => !regex.test(text))
    if (other !== undefined) {
      return `expected every${what} record of ${where} to match ${quote(source)}, got ${quote(other)}`
    }
  }
  for (const { regex, source } of notMatches) {
    const unwanted = all.find((text) => regex.test(text))
    if (unwanted !== undefined) {
      return `expected no record of ${where} to match ${quote(source)}, got ${quote(unwanted)}`
    }
  }
  const isThere = ({ regex }: Pattern): boolean => all.some((text) => regex.test(text))
  const missing = matchesAny.find((pattern) => !isThere(pattern))
  if (missing) return `expected a record of ${where} that matches ${quote(missing.source)}, got ${list(all)}`
  if (matchesOne.length === 0 || matchesOne.some(isThere)) return undefined
  const wanted = matchesOne.map(({ source }) => quote(source)).join(' or ')
  return `expected a record of ${where} that matches ${wanted}, got ${list(all)}`
}

const maxListed = 3

function list(texts: readonly string[]): string {
  if (texts.length === 0) return 'none'
  const more = texts.length > maxListed ? ` and ${texts.length - maxListed} more` : ''
  return texts.slice(0, maxListed).map(quote).join(', ') + more
}

function quote(text: string): string {
  return `"${cut(oneLine(text), 120)}"`
}
