/** One measured quantity, and whether it is as it must be. */
export interface Figure {
  readonly what: string
  readonly value: number
  readonly unit: string
  /** Without bounds, it is only shown. */
  readonly atMost?: number
  readonly atLeast?: number
}

export function holds({ value, atMost = Infinity, atLeast = -Infinity }: Figure): boolean {
  return value <= atMost && value >= atLeast
}

export function lineOf(figure: Figure): string {
  const { what, value, unit, atMost, atLeast } = figure
  const bound =
    atMost !== undefined ? `at most ${atMost}` : atLeast !== undefined ? `at least ${atLeast}` : ''
  const mark = bound === '' ? '      ' : holds(figure) ? 'ok    ' : 'FAILED'
  const shown = Number.isInteger(value) ? `${value}` : value.toFixed(1)
  return `${mark} ${shown.padStart(10)} ${unit}  ${what}${bound && ` (${bound})`}`
}
