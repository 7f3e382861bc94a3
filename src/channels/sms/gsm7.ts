/**
 * The default alphabet of SMS, of which 160 letters fit into one message. Of its control characters only the line feed.
 *
 * Source: 3GPP TS 23.038, section 6.2.1.
 */
const alphabet = new Set(
  '@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿' +
    'abcdefghijklmnopqrstuvwxyzäöñüà',
)

/** These take the room of two. */
const extension = new Set('^{}\\[~]|€')

const replacements: Readonly<Record<string, string>> = {
  '`': "'",
  '´': "'",
  '‘': "'",
  '’': "'",
  '‚': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '−': '-',
  '…': '...',
  '·': '.',
  '•': '*',
  '→': '->',
  '≥': '>=',
  '≤': '<=',
  '×': 'x',
  '\t': ' ',
  '\u00a0': ' ',
  œ: 'oe',
  Œ: 'OE',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
  þ: 'th',
  ð: 'd',
}

/**
 * Writes a text in that alphabet, within the room of one message: accents that it lacks are dropped, what it has no letter
 * for becomes `?`, and what is too long ends in `...`.
 *
 * @param room Default 160, of which some letters take two.
 */
export function toGsm7(text: string, room = 160): string {
  const letters = Array.from(Array.from(text, writable).join(''))
  if (sizeOf(letters) <= room) return letters.join('')
  const kept: string[] = []
  let size = 3
  for (const letter of letters) {
    size += sizeOf([letter])
    if (size > room) break
    kept.push(letter)
  }
  return `${kept.join('')}...`
}

function writable(character: string): string {
  if (alphabet.has(character) || extension.has(character)) return character
  const replaced = replacements[character]
  if (replaced !== undefined) return replaced
  const bare = character.normalize('NFKD').replace(/\p{M}/gu, '')
  if (bare === '') return ''
  return Array.from(bare).every((letter) => alphabet.has(letter)) ? bare : '?'
}

function sizeOf(letters: readonly string[]): number {
  return letters.reduce((size, letter) => size + (extension.has(letter) ? 2 : 1), 0)
}
