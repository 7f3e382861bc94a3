/** A sample of OpenMetrics. */
export interface OpenSample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  readonly exemplar?: {
    readonly labels: Readonly<Record<string, string>>
    readonly value: number
    readonly at?: number
  }
}

/** A family of OpenMetrics. */
export interface OpenFamily {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: OpenSample[]
}

/** What the samples of a type are called, after the name of the family. */
const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  summary: ['', '_count', '_sum', '_created'],
  unknown: [''],
}

const name = String.raw`[a-zA-Z_:][\w:]*`
const label = String.raw`[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"`
const labels = String.raw`\{((?:${label})?(?:,${label})*)\}`
const number = String.raw`[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+|Inf)|NaN`
const sample = new RegExp(
  String.raw`^(${name})(?:${labels})? (${number})(?: (${number}))?(?: # ${labels} (${number})(?: (${number}))?)?$`,
)

/**
 * Reads OpenMetrics 1.0 as strictly as its specification, and its parser for Python, want it: names, the order of lines, types, the
 * end, bounds of buckets that are numbers with a point, and exemplars only where they may be.
 *
 * @throws Error with the line that is wrong.
 */
export function parseOpenMetrics(text: string): OpenFamily[] {
  if (!text.endsWith('# EOF\n')) throw new Error('the last line is not "# EOF"')
  const families: OpenFamily[] = []
  const taken = new Set<string>()
  const lines = text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)
  for (const [index, line] of lines.entries()) {
    const wrong = (why: string): Error => new Error(`line ${index + 1}: ${why}: ${line}`)
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line)
    if (comment) {
      const [, kind, of = '', rest = ''] = comment
      if (kind === 'HELP') {
        if (!/^(?:[^"\\]|\\["\\n])*$/.test(rest)) throw wrong('a help that is not escaped')
        families.push({ name: of, type: '', help: rest, samples: [] })
        continue
      }
      const family = families.at(-1)
      if (family?.name !== of || family.type !== '' || family.samples.length > 0)
        throw wrong('a type without its help')
      const names = (suffixes[rest] ?? []).map((suffix) => of + suffix)
      if (names.length === 0) throw wrong('an unknown type')
      if ([of, ...names].some((one) => taken.has(one))) throw wrong('a name that is taken')
      for (const one of [of, ...names]) taken.add(one)
      families[families.length - 1] = { ...family, type: rest }
      continue
    }
    const found = sample.exec(line)
    const family = families.at(-1)
    if (!found || !family) throw wrong('not a sample')
    const read = sampleOf(found)
    const suffix = read.name.startsWith(family.name) ? read.name.slice(family.name.length) : undefined
    if (suffix === undefined || !suffixes[family.type]?.includes(suffix)) throw wrong('not of this family')
    const { le } = read.labels
    if ((suffix === '_bucket') !== (le !== undefined)) throw wrong('a bound where none belongs, or none')
    if (le !== undefined && !/^\+Inf$|\.|e/.test(le)) throw wrong('a bound without a point')
    if (read.exemplar && !['_bucket', '_total'].includes(suffix))
      throw wrong('an exemplar where none belongs')
    if (suffix === '_total' && read.value < 0) throw wrong('a counter below 0')
    family.samples.push(read)
  }
  if (new Set(families.map((family) => family.name)).size !== families.length)
    throw new Error('a family twice')
  return families
}

function sampleOf([, name = '', own, value, , exemplar, of, at]: RegExpExecArray): OpenSample {
  return {
    name,
    labels: labelsOf(own),
    value: numberOf(value),
    ...(exemplar !== undefined && {
      exemplar: {
        labels: labelsOf(exemplar),
        value: numberOf(of),
        ...(at !== undefined && { at: Number(at) }),
      },
    }),
  }
}

function labelsOf(text = ''): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', value = '']) => [key, value]),
  )
}

function numberOf(text = ''): number {
  return Number(text.replace('Inf', 'Infinity'))
}
