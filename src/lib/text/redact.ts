import { html } from './html.ts'
import { headLength, Literals, type Span } from './literals.ts'

/** Shorter values stand in too many harmless places to be replaced wherever they occur. */
const minLength = headLength

/** What was too long to be shown was cut off here; only behind the first of them stands the end of something. */
const cuts = /(\n\[… \d+ (?:characters|bytes) left out …\]\n)|…|\.\.\./g

const mask = '<secret>'

interface Forms {
  readonly all: Literals
  /** Those of which a part may stand before a cut. */
  readonly written: Literals
  /** Those of which a part may stand behind one. */
  readonly ends: readonly string[]
}

/** The secrets of a target or a channel are one list as long as its configuration is in force. */
const known = new WeakMap<readonly string[], Forms & { readonly count: number }>()

/**
 * Replaces every occurrence of the secrets, also as they stand in a URL, in a form, in JSON, in HTML, and in base64, alone or
 * as a part of something longer; and what is left of one where the text was cut. Those of fewer than four characters are not found.
 */
export function redact(text: string, secrets: readonly string[]): string {
  if (secrets.length === 0) return text
  const forms = formsOf(secrets)
  return withoutStumps(masked(text, forms.all.spans(text)), forms)
}

function masked(text: string, spans: readonly Span[]): string {
  let shown = ''
  let position = 0
  for (const [from, to] of spans) {
    shown += text.slice(position, from) + mask
    position = to
  }
  return shown + text.slice(position)
}

function formsOf(secrets: readonly string[]): Forms {
  const before = known.get(secrets)
  // Some lists grow while a probe is made.
  if (before?.count === secrets.length) return before
  const long = secrets.filter(({ length }) => length >= minLength)
  const written = [...new Set(long.flatMap(writtenForms))]
  const base64 = long.flatMap(base64Forms).filter(({ length }) => length >= minLength)
  const forms = {
    all: new Literals([...new Set([...written, ...base64])]),
    written: new Literals(written),
    ends: written,
    count: secrets.length,
  }
  known.set(secrets, forms)
  return forms
}

/** As it is, in a URL, in a form, in JSON, in JSON of ASCII only, and in HTML. */
function writtenForms(secret: string): string[] {
  const url = encodeURIComponent(secret.toWellFormed())
  const strict = url.replace(/[!'()*]/g, (character) => `%${hex(character, 2).toUpperCase()}`)
  const json = JSON.stringify(secret).slice(1, -1)
  const lowercase = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())
  return [
    secret,
    ...[url, strict, encodeURI(secret.toWellFormed())]
      .flatMap((form) => [form, form.replaceAll('%20', '+')])
      .flatMap((form) => [form, lowercase(form)]),
    json,
    json.replace(/[<>&\u007f-\uffff]/g, (character) => `\\u${hex(character, 4)}`),
    JSON.stringify(json).slice(1, -1),
    html`${secret}`.markup,
    html`${json}`.markup,
  ]
}

function hex(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, '0')
}

/**
 * In base64 a text reads in one of three ways, by what stands before it. The characters at its ends also hold bits of its
 * neighbours, and are left out.
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const from = Math.ceil((before * 8) / 6)
    const form = encoded.slice(from, Math.floor(((before + bytes.length) * 8) / 6))
    return [form, form.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

/** A text that was cut in the middle of a secret still ends with its beginning, and goes on with its end. */
function withoutStumps(text: string, { written, ends }: Forms): string {
  let shown = ''
  let position = 0
  let isRest = false
  const rest = (piece: string): string => (isRest ? withoutRest(piece, ends) : piece)
  for (const { index, 0: mark, 1: notice } of text.matchAll(cuts)) {
    const piece = rest(text.slice(position, index))
    const stump = written.stumpOf(piece)
    shown += (stump === piece.length ? piece : piece.slice(0, stump) + mask) + mark
    position = index + mark.length
    isRest = notice !== undefined
  }
  return shown + rest(text.slice(position))
}

function withoutRest(text: string, forms: readonly string[]): string {
  const ends = forms.map((form) => {
    const last = form.slice(-minLength)
    let at = text.lastIndexOf(last, form.length - minLength)
    while (at > 0 && !form.endsWith(text.slice(0, at + minLength))) at = text.lastIndexOf(last, at - 1)
    return at === -1 || !form.endsWith(text.slice(0, at + minLength)) ? 0 : at + minLength
  })
  const end = Math.max(0, ...ends)
  return end === 0 ? text : mask + text.slice(end)
}
