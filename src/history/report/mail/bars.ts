import { encodePng, type Colour } from '../../../lib/png.ts'

/** What a bar says, and so its colour. Each is in the middle of the scale, so that it is seen on white and on black. */
export type Tone = keyof typeof tones

const tones = {
  good: [46, 158, 91],
  weak: [217, 138, 0],
  bad: [214, 69, 69],
  unknown: [150, 155, 161],
  plain: [66, 133, 200],
} as const satisfies Readonly<Record<string, Colour>>

/** One bar. */
export interface Bar {
  /** 0 to 1, of the height of the picture. One that is above 0 is seen. */
  readonly height: number
  readonly tone: Tone
}

/** Pixels; mails show it at half the size, so that it is sharp on fine screens. */
const width = 1200
const widest = 120
/** The part of a bar's place that stays empty. */
const gap = 0.16

/**
 * Draws bars next to each other, on nothing: the background is that of the reader.
 *
 * @param height Pixels.
 * @returns PNG.
 */
export function drawBars(bars: readonly Bar[], height: number): Buffer {
  const pixels = new Uint8Array(width * height)
  const place = Math.min(widest, width / Math.max(1, bars.length))
  const names = Object.keys(tones)
  for (const [index, { height: share, tone }] of bars.entries()) {
    const from = Math.round(index * place)
    const to = Math.max(from + 1, Math.round((index + 1) * place - Math.max(1, place * gap)))
    const tall = share > 0 ? Math.max(4, Math.round(share * height)) : 0
    for (let row = height - tall; row < height; row++)
      pixels.fill(names.indexOf(tone) + 1, row * width + from, row * width + to)
  }
  return encodePng({ width, height, colours: Object.values(tones), pixels })
}
