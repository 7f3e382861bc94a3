/*
 * OpenMetrics 1.0. It differs from Prometheus' text format only in what comments say, in how the bounds of buckets are written, and
 * in its last line.
 * Source: https://prometheus.io/docs/specs/om/open_metrics_spec/
 */

/**
 * Translates from Prometheus' text format.
 *
 * @param pieces Each of whole lines.
 */
export function* openMetrics(pieces: Iterable<string>): Generator<string> {
  /** The help of the family that begins: its type, which decides about its name, is on the next line. */
  let help: string | undefined
  for (const piece of pieces) {
    if (!special.test(piece)) {
      yield piece
      continue
    }
    let text = ''
    for (const line of piece.split('\n')) {
      if (line === '') continue
      if (line.startsWith('# HELP ')) help = line.slice('# HELP '.length)
      else if (line.startsWith('# TYPE ')) {
        text += headOf(line.slice('# TYPE '.length), help)
        help = undefined
      } else text += `${line.replace(wholeBound, '$1.0"').replace(/ Nan$/, ' NaN')}\n`
    }
    yield text
  }
  yield '# EOF\n'
}

/** What occurs in pieces that are not the same in both formats. */
const special = /^#|^\n|\n\n|le="\d+"| Nan$/m

const wholeBound = /(\ble="\d+)"/

/** The name of a counter is that of its samples, without their end. */
function headOf(nameAndType: string, help: string | undefined): string {
  const [name = '', type = ''] = nameAndType.split(' ')
  const isCounter = type === 'counter'
  const family = isCounter ? name.replace(/_total$/, '') : name
  // Samples of a counter must end in _total.
  const shown = isCounter && family === name ? 'unknown' : type
  const said = help?.slice(name.length + 1)
  return `${said === undefined ? '' : `# HELP ${family} ${said.replaceAll('"', '\\"')}\n`}# TYPE ${family} ${shown}\n`
}
