import { cut, excerpt } from '../../lib/text/text.ts'
import type { Notification } from '../channel.ts'
import type { Markup } from './markup.ts'
import type { Words } from './parts.ts'
import { wordsOf } from './words.ts'

/** What a message consists of. The sentences are those that the title does not say already. */
export type Parts = Pick<Words, 'title' | 'sentences' | 'facts' | 'links' | 'output'>

/** How much is shown, the whole first: what a reader misses least is left out first, before anything is escaped. */
const steps = [
  { output: 2000, facts: 20, fact: 300, sentences: 50, sentence: 1000, links: 6 },
  { output: 500, facts: 20, fact: 200, sentences: 20, sentence: 500, links: 6 },
  { output: 0, facts: 6, fact: 100, sentences: 10, sentence: 200, links: 6 },
  { output: 0, facts: 0, fact: 0, sentences: 0, sentence: 0, links: 4 },
  { output: 0, facts: 0, fact: 0, sentences: 0, sentence: 0, links: 0 },
] as const

/** What there is to say beyond the title. */
export function sentencesBelow({ title, sentences }: Words): string[] {
  return sentences.filter((sentence) => !title.endsWith(sentence))
}

/** As much of a notification as the other side takes, whole parts of it: nothing is cut once it was escaped. */
export function fitting<T>(
  notification: Notification,
  build: (parts: Parts) => T,
  fits: (built: T) => boolean,
): T {
  const words = wordsOf(notification)
  for (const step of steps) {
    const built = build({
      title: words.title,
      sentences: sentencesBelow(words)
        .slice(0, step.sentences)
        .map((one) => cut(one, step.sentence)),
      facts: words.facts
        .slice(0, step.facts)
        .map(({ name, value }) => ({ name, value: cut(value, step.fact) })),
      links: words.links.slice(0, step.links),
      output: step.output === 0 ? '' : excerpt(words.output, step.output),
    })
    if (fits(built)) return built
  }
  return build({ title: cut(words.title, 60), sentences: [], facts: [], links: [], output: '' })
}

/** The parts below each other, in a service's own markup. */
export function written(
  { title, sentences, facts, links, output }: Parts,
  { text, bold, link, code, lineEnd = '\n' }: Markup,
): string {
  return [
    ...(title === '' ? [] : [bold(text(title))]),
    ...sentences.map(text),
    ...facts.map(({ name, value }) => `${bold(text(`${name}:`))} ${text(value)}`),
    ...(output === '' ? [] : [code(output)]),
    ...(links.length === 0 ? [] : [links.map(({ name, url }) => link(text(name), url)).join(' · ')]),
  ].join(lineEnd)
}

/** A notification as one text, title included. */
export function textOf(notification: Notification, markup: Markup, fits: (text: string) => boolean): string {
  return fitting(notification, (parts) => written(parts, markup), fits)
}

/** What stands below a title that has its own place. Never empty. */
export function textBelow(
  notification: Notification,
  markup: Markup,
  fits: (text: string) => boolean,
): string {
  return fitting(
    notification,
    (parts) => written({ ...parts, title: '' }, markup) || markup.text(parts.title),
    fits,
  )
}

/** One text of which its escaped form has at most so many characters. */
export function escapedWithin(plain: string, escape: (text: string) => string, max: number): string {
  let length = Math.min(plain.length, max)
  while (length > 1 && escape(cut(plain, length)).length > max) length = Math.floor(length * 0.9)
  return escape(cut(plain, length))
}

/** Whether a text has at most so many characters. */
export function atMost(characters: number): (text: string) => boolean {
  return (text) => text.length <= characters
}

/** Whether a text has at most so many bytes in UTF-8. */
export function atMostBytes(bytes: number): (text: string) => boolean {
  return (text) => Buffer.byteLength(text) <= bytes
}

/** Whether a body has at most so many bytes as JSON. */
export function jsonAtMost(bytes: number): (body: object) => boolean {
  return (body) => Buffer.byteLength(JSON.stringify(body)) <= bytes
}
