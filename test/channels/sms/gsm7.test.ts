import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { toGsm7 } from '../../../src/channels/sms/gsm7.ts'
import { segmentsOf } from '../../support/servers/twilio-peer.ts'

describe('the alphabet of SMS', () => {
  it.each([
    ['keeps what it has', 'Größe: 5 € @ [é] ñ Ω', 'Größe: 5 € @ [é] ñ Ω'],
    ['drops accents that it lacks', 'Ângström čeština ő', 'Angström cestina o'],
    ['writes out typography', '“a” – ‘b’… → œ\u00a0`', "\"a\" - 'b'... -> oe '"],
    ['writes fullwidth letters and fractions plainly', 'ＡＢ １ ½', 'AB 1 ?'],
    ['shows where a letter is missing', 'сбой 日本 🚨', '???? ?? ?'],
    ['has no control characters but the line feed', 'a\u0007b\nc', 'a?b\nc'],
  ])('%s', (_name, text, expected) => {
    expect(toGsm7(text)).toBe(expected)
  })

  it('fills one message and no more', () => {
    expect(toGsm7('x'.repeat(160))).toBe('x'.repeat(160))
    expect(toGsm7('x'.repeat(161))).toBe(`${'x'.repeat(157)}...`)
    expect(toGsm7('€'.repeat(81))).toBe(`${'€'.repeat(78)}...`)
  })

  it('fits into one message whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect(segmentsOf(toGsm7(text))).toBe(1)
      }),
    )
  })
})
