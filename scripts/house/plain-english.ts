/** A phrase that a native technical writer would not write. */
export interface BannedPhrase {
  /** A regex; a blank in it also stands for the end of a line. */
  readonly pattern: string
  /** What to write instead. */
  readonly instead: string
}

/** The phrases that `test/house` refuses in documents, messages, annotations and comments. */
export const bannedPhrases: readonly BannedPhrase[] = [
  {
    pattern: String.raw`(?<!\bthere )\b(is|are|was|were) no (?!longer\b|more than\b|larger\b|later\b|matter\b)`,
    instead: 'is not a, is not a valid',
  },
  { pattern: String.raw`\banew\b`, instead: 'again' },
  { pattern: String.raw`\b(tell|tells|told|telling) of\b`, instead: 'notify of, report' },
  {
    pattern: String.raw`\b(is|are|was|were|be|been|being) told\b(?! apart\b)`,
    instead: 'is notified, is reported',
  },
  { pattern: String.raw`\bbeside\b`, instead: 'next to, in addition to' },
  { pattern: String.raw`\bas far as\b`, instead: 'if, what, up to' },
  { pattern: String.raw`\b(whoever|whomever|whosoever)\b`, instead: 'anyone who, or the name of the caller' },
  {
    pattern: String.raw`\bthough (\w+ )?(?!can|may|must|will|would|could|should|to)\w+ be\b`,
    instead: 'even if … is',
  },
  {
    pattern: String.raw`\b(thereof|therein|thereby|thereupon|hence|whence|lest|whilst|upon|albeit|forthwith)\b`,
    instead: 'of it, in it, so, so that … not, while, on, although',
  },
  { pattern: String.raw`\bthe like\b`, instead: 'similar' },
  { pattern: String.raw`\bbe it\b`, instead: 'whether' },
  { pattern: String.raw`\bfor ever\b`, instead: 'forever' },
  {
    pattern: String.raw`\bof (its|their|our|your|one's) own\b(?! (?!and|or|in|on|with|that|which|by|at|for|but|where)\w)`,
    instead: 'its own …, a separate …',
  },
  { pattern: String.raw`, for (it|they|there|this|that) `, instead: ', because' },
  { pattern: String.raw`\bas many as may\b`, instead: 'the queue is full' },
]

/** A banned phrase in a text. */
export interface Finding {
  /** From 1. */
  readonly line: number
  readonly found: string
  readonly instead: string
}

const compiled = bannedPhrases.map(({ pattern, instead }) => ({
  regex: new RegExp(pattern.replaceAll(' ', String.raw`[^\S\n]*(?:\s|\n)[^\S\n]*`), 'gi'),
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
