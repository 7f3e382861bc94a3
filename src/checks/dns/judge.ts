import type { Failure } from '../../net/failure.ts'
import { sections, type DnsCheck, type RecordRules, type Section } from './schema.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import type { Answer } from './message.ts'

/** Judges an answer: its code first, then its sections. */
export function judgeAnswer(answer: Answer, { name, type, expect }: DnsCheck): Failure | undefined {
  const { rcode } = answer
  if (!expect.rcode.some((code) => code === rcode)) {
    const wanted = expect.rcode.join(' or ')
    return { reason: 'status', message: `expected ${wanted} for ${name}. ${type}, got ${rcode}` }
  }
  for (const section of sections) {
    const texts = answer[section].map(({ text }) => text)
    const message = judgeRecords(texts, section, expect[section])
    if (message !== undefined) return { reason: 'body', message }
  }
  return undefined
}

function judgeRecords(texts: readonly string[], section: Section, rules: RecordRules): string | undefined {
  const { matches, matchesOrEmpty, matchesAny, notMatches, minRecords } = rules
  const where = `the ${section} section`
  if (texts.length < minRecords) {
    return `expected at least ${minRecords} records in ${where}, got ${texts.length}`
  }
  if (texts.length === 0 && matches.length > 0) {
    return `expected records in ${where} that match ${quote(matches[0]?.source ?? '')}, got none`
  }
  for (const { regex, source } of [...matches, ...matchesOrEmpty]) {
    const other = texts.find((text) => !regex.test(text))
    if (other !== undefined) {
      return `expected every record of ${where} to match ${quote(source)}, got ${quote(other)}`
    }
  }
  for (const { regex, source } of notMatches) {
    const unwanted = texts.find((text) => regex.test(text))
    if (unwanted !== undefined) {
      return `expected no record of ${where} to match ${quote(source)}, got ${quote(unwanted)}`
    }
  }
  if (matchesAny.length === 0 || texts.some((text) => matchesAny.some(({ regex }) => regex.test(text)))) {
    return undefined
  }
  const wanted = matchesAny.map(({ source }) => quote(source)).join(' or ')
  return `expected a record of ${where} that matches ${wanted}, got ${list(texts)}`
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
