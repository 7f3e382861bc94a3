/** A phrase that a native technical writer would not write. */
export interface BannedPhrase {
  /** A regex; a blank in it also stands for the end of a line. */
  readonly pattern: string
  /** Text that has it. */
  readonly example: string
  /** What to write instead. */
  readonly instead: string
}

const raw = String.raw

/** The phrases that `test/house` refuses in documents, messages, annotations and comments. */
export const bannedPhrases: readonly BannedPhrase[] = [
  {
    pattern: raw`(?<!\bthere )\b(is|are|was|were) no (?!longer\b|more than\b|larger\b|later\b|matter\b|data\b)`,
    example: '"x" is no duration',
    instead: 'is not a valid …, is not …',
  },
  { pattern: raw`\banew\b`, example: 'it begins anew', instead: 'again' },
  {
    pattern: raw`\b(tell|tells|told|telling) of\b`,
    example: 'it told of an alert',
    instead: 'notify of, report',
  },
  {
    pattern: raw`\b(is|are|was|were|be|been|being) told\b(?! (apart|to)\b)`,
    example: 'nobody is told',
    instead: 'is notified, is reported',
  },
  { pattern: raw`\bbeside\b`, example: 'beside the probe', instead: 'next to, in addition to' },
  { pattern: raw`\bas far as\b`, example: 'as far as it was observed', instead: 'if, what, up to' },
  {
    pattern: raw`\b(whoever|whomever|whosoever)\b`,
    example: 'whoever reads it',
    instead: 'anyone who, the reader',
  },
  {
    pattern: raw`\bthough (\w+ )?(?!can|may|must|will|would|could|should|to)\w+ be\b`,
    example: 'though Probity be down',
    instead: 'even if … is',
  },
  {
    pattern: raw`\b(thereof|therein|thereby|thereupon|hence|whence|lest|whilst|upon|albeit|forthwith)\b`,
    example: 'lest it fire',
    instead: 'of it, in it, so, so that … not, while, on, although',
  },
  { pattern: raw`\bthe like\b`, example: 'names and the like', instead: 'similar' },
  { pattern: raw`\bbe it\b`, example: 'be it one of many', instead: 'whether, even if' },
  { pattern: raw`\bfor ever\b`, example: 'it waits for ever', instead: 'forever' },
  {
    pattern: raw`(?<!\bno \w+ )\bof (its|their) own\b(?! (?!and|or|in|on|with|that|which|by|at|for|but|where)\w)`,
    example: 'a folder of its own',
    instead: 'its own …, a separate …',
  },
  { pattern: raw`, for (it|they|there|this|that) `, example: 'closed, for it is late', instead: ', because' },
  {
    pattern: raw`\bas many as may\b`,
    example: 'as many as may wait',
    instead: 'the maximum, the queue is full',
  },
]

/** A banned phrase in a text. */
export interface Finding {
  /** From 1. */
  readonly line: number
  readonly found: string
  readonly instead: string
}

const compiled = bannedPhrases.map(({ pattern, instead }) => ({
  regex: new RegExp(pattern.replaceAll(' ', raw`(?:[^\S\n]+|[^\S\n]*\n[^\S\n]*)`), 'gi'),
  instead,
}))

/** The banned phrases in a text, in the order of the table. */
export function findBanned(text: string): Finding[] {
  return compiled.flatMap(({ regex, instead }) =>
    [...text.matchAll(regex)].map(({ 0: found, index }) => ({
      line: text.slice(0, index).split('\n').length,
      found: found.replace(/\s+/g, ' '),
      instead,
    })),
  )
}
