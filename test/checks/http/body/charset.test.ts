import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { decodeJson, decodeText } from '../../../../src/checks/http/body/charset.ts'

const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le')
const swapped = (text: string): Buffer => utf16(text).swap16()
const utf32 = (text: string, write: 'writeUInt32LE' | 'writeUInt32BE'): Buffer =>
  Buffer.concat(
    Array.from(`\ufeff${text}`, (character) => {
      const bytes = Buffer.alloc(4)
      bytes[write](character.codePointAt(0) ?? 0)
      return bytes
    }),
  )
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')
/** `Привет` in windows-1251. */
const hello = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2])
const html = (head: string): Buffer => Buffer.concat([Buffer.from(head), hello])

describe('decodeText', () => {
  it.each<[string, string, Buffer, string]>([
    ['a mark before everything else', 'text/html; charset=iso-8859-1', Buffer.from('\ufeffZoë'), 'Zoë'],
    [
      'UTF-16 by its mark',
      'application/xml',
      utf16('<?xml version="1.0" encoding="utf-16"?><ok/>'),
      '<?xml version="1.0" encoding="utf-16"?><ok/>',
    ],
    ['big-endian UTF-16 by its mark', 'text/plain', swapped('grün'), 'grün'],
    ['UTF-16 by the header', 'text/plain; charset=utf-16le', Buffer.from('grün', 'utf16le'), 'grün'],
    ['the header', 'text/plain; charset=ISO-8859-1', latin1('grün'), 'grün'],
    ['the header in quotes', `text/plain;x=y; charset='windows-1251'`, hello, 'Привет'],
    [
      'the header before the document',
      'text/html; charset=windows-1251',
      html('<meta charset="utf-8">'),
      '<meta charset="utf-8">Привет',
    ],
    ['a header that is not known: UTF-8', 'text/plain; charset=klingon', Buffer.from('grün'), 'grün'],
    [
      'a header that is not known: else windows-1252',
      'text/plain; charset=klingon',
      Buffer.from([0x80, 0xe4]),
      '€ä',
    ],
    [
      'a header that is not known, then the document',
      'text/html; charset=klingon',
      html('<meta charset=windows-1251>'),
      '<meta charset=windows-1251>Привет',
    ],
    ['UTF-8 where nobody says', 'text/plain', Buffer.from('grün'), 'grün'],
    ['windows-1252 where nobody says, and it is not UTF-8', '', latin1('grün'), 'grün'],
    [
      'the declaration of XML',
      'application/xml',
      latin1('<?xml version="1.0" encoding="ISO-8859-1"?><n>Zoë</n>'),
      '<?xml version="1.0" encoding="ISO-8859-1"?><n>Zoë</n>',
    ],
    [
      'the declaration of XML in single quotes',
      'image/svg+xml',
      html(`<?xml version='1.0' encoding='windows-1251'?>`),
      `<?xml version='1.0' encoding='windows-1251'?>Привет`,
    ],
    [
      'meta charset',
      'text/html',
      html('<!doctype html><META name="a" charset = "windows-1251"><p>'),
      '<!doctype html><META name="a" charset = "windows-1251"><p>Привет',
    ],
    [
      'meta http-equiv',
      'TEXT/HTML',
      html('<meta http-equiv=Content-Type content="text/html; charset=windows-1251">'),
      '<meta http-equiv=Content-Type content="text/html; charset=windows-1251">Привет',
    ],
    ['meta without any type', '', html('<meta charset=windows-1251>'), '<meta charset=windows-1251>Привет'],
    [
      'meta that claims UTF-16, which it cannot be',
      'text/html',
      Buffer.from('<meta charset="utf-16">grün'),
      '<meta charset="utf-16">grün',
    ],
    ['JSON, whatever the header says', 'application/json; charset=ISO-8859-1', Buffer.from('"Zoë"'), '"Zoë"'],
  ])('reads %s', (_what, contentType, bytes, text) => {
    expect(decodeText(bytes, contentType)).toBe(text)
  })

  it.each<[string, string, string]>([
    ['in a comment', 'text/html', '<!-- <meta charset="windows-1251"> -->'],
    ['in a comment without an end', 'text/html', '<!-- <meta charset="windows-1251">'],
    ['after 1024 bytes', 'text/html', `${' '.repeat(1024)}<meta charset="windows-1251">`],
    ['in text that is no HTML', 'text/plain', '<meta charset="windows-1251">'],
    ['in another attribute', 'text/html', '<meta data-charset="windows-1251">'],
    [
      'in a declaration that is not at the start',
      'text/xml',
      '<a/><?xml version="1.0" encoding="windows-1251"?>',
    ],
  ])('does not look for a charset %s', (_where, contentType, head) => {
    expect(decodeText(html(head), contentType)).toBe(`${head}Ïðèâåò`)
  })

  it('reads whatever comes, and UTF-8 as it is', () => {
    const types = fc.constantFrom(
      '',
      'text/html',
      'text/xml; charset=utf-8',
      'application/json',
      'text/plain; charset="',
    )
    fc.assert(
      fc.property(fc.uint8Array(), types, (bytes, type) => {
        expect(typeof decodeText(bytes, type)).toBe('string')
      }),
    )
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), types, (text, type) => {
        const plain = `x${text.replaceAll('<', '')}`
        expect(decodeText(Buffer.from(plain), type)).toBe(plain)
      }),
    )
  })
})

describe('decodeJson', () => {
  it.each<[string, Buffer]>([
    ['UTF-8', Buffer.from('{"name":"Zoë 🦊"}')],
    ['UTF-8 with a mark', Buffer.from('\ufeff{"name":"Zoë 🦊"}')],
    ['UTF-16', utf16('{"name":"Zoë 🦊"}')],
    ['big-endian UTF-16', swapped('{"name":"Zoë 🦊"}')],
    ['UTF-32', utf32('{"name":"Zoë 🦊"}', 'writeUInt32LE')],
    ['big-endian UTF-32', utf32('{"name":"Zoë 🦊"}', 'writeUInt32BE')],
  ])('reads %s, whatever the header says', (_what, bytes) => {
    for (const type of ['', 'application/json; charset=ISO-8859-1', 'text/html; charset=utf-16be'])
      expect(decodeJson(bytes, type)).toBe('{"name":"Zoë 🦊"}')
  })

  it('believes the header where it is not UTF-8', () => {
    expect(decodeJson(hello, 'application/json; charset=windows-1251')).toBe('Привет')
    expect(decodeJson(latin1('"grün"'), 'application/json')).toBe('"grün"')
  })

  it('replaces what is no character of UTF-32', () => {
    const bytes = Buffer.from([
      0xff, 0xfe, 0, 0, 0x00, 0xd8, 0, 0, 0x61, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x61,
    ])
    expect(decodeJson(bytes, '')).toBe('\ufffda\ufffd')
  })
})
