import { parseXml, XmlElement, type XmlDocument } from '@rgrove/parse-xml'
import { messageOf } from '../../lib/errors.ts'
import { oneLine } from '../../lib/text/text.ts'
import {
  says,
  timeOf,
  VendorFormatError,
  worstOf,
  type VendorIncident,
  type VendorSays,
  type VendorState,
} from '../said.ts'
import type { ReadOptions } from './format.ts'

/** Entries that are looked at: the newest come first. */
const maxEntries = 50

/** A feed does not say when something ends: what nobody has written about for so long is taken to be over. */
const openMs = 24 * 3_600_000

/** How an entry says that it is over: in its title, or first of all in its text, where the newest update is. */
const over = /\b(?:resolved|completed|operating normally|restored|closed|cancell?ed)\b/i
const worst = /\b(?:outage|disruption|unavailable|down|offline)\b/i
const planned = /\b(?:maintenance|scheduled)\b/i

/** Characters at the beginning of a text in which the newest update says its state. */
const beginning = 120

/**
 * Reads RSS 2.0 (https://www.rssboard.org/rss-specification) or Atom (RFC 4287). Entities that the document defines are left as they are.
 *
 * @throws VendorFormatError
 */
export function readFeed(text: string, options: ReadOptions): VendorSays {
  return readDocument(parse(text), options)
}

function parse(text: string): XmlDocument {
  try {
    return parseXml(text.trimStart(), { ignoreUndefinedEntities: true })
  } catch (cause) {
    if (cause instanceof RangeError)
      throw new VendorFormatError('the document is nested too deeply', { cause })
    const [line = ''] = messageOf(cause).split('\n')
    throw new VendorFormatError(`the document is not well-formed XML: ${oneLine(line).slice(0, 200)}`, {
      cause,
    })
  }
}

function readDocument(document: XmlDocument, { components, now }: ReadOptions): VendorSays {
  const wanted = components.map((name) => name.toLowerCase())
  const incidents = entriesOf(document)
    .slice(0, maxEntries)
    .map(entryOf)
    .filter(
      ({ text, title }) =>
        wanted.length === 0 || wanted.some((name) => `${title} ${text}`.toLowerCase().includes(name)),
    )
    .filter(({ at }) => at !== undefined && at.getTime() > now - openMs && at.getTime() <= now + openMs)
    .filter(({ title, text }) => !over.test(title) && !over.test(text.slice(0, beginning)))
    .map(({ title, text, at }): VendorIncident => ({
      title,
      state: stateOf(title, text),
      ...(at && { startedAt: at }),
    }))
    .filter(({ startedAt, state }) => state !== 'maintenance' || (startedAt?.getTime() ?? 0) <= now)
  return says(worstOf(incidents.map(({ state }) => state)), incidents)
}

function entriesOf({ root }: XmlDocument): readonly XmlElement[] {
  if (root?.name === 'feed') return below(root, 'entry')
  const channel = root?.name === 'rss' ? below(root, 'channel')[0] : undefined
  if (channel) return below(channel, 'item')
  throw new VendorFormatError(
    `the document is neither RSS nor Atom: it begins with <${(root?.name ?? '').slice(0, 40)}>`,
  )
}

interface Entry {
  readonly title: string
  readonly text: string
  /** When it was written or changed last. */
  readonly at?: Date | undefined
}

function entryOf(entry: XmlElement): Entry {
  const first = (...names: readonly string[]): string => {
    for (const name of names) {
      const [element] = below(entry, name)
      if (element) return element.text.trim()
    }
    return ''
  }
  const text = first('description', 'content', 'summary')
  return {
    title: first('title'),
    text: text
      .slice(0, 10_000)
      .replace(/<[^<>]*>/g, ' ')
      .replace(/\s+/g, ' '),
    at: timeOf(first('updated', 'pubDate', 'published')),
  }
}

function stateOf(title: string, text: string): VendorState {
  const said = `${title} ${text.slice(0, beginning)}`
  if (planned.test(said)) return 'maintenance'
  return worst.test(title) ? 'partial_outage' : 'degraded'
}

function below(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter(
    (child): child is XmlElement => child instanceof XmlElement && child.name === name,
  )
}
