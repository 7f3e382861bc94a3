import { parse } from 'yaml'
import { filesBelow, readText } from './files.ts'

interface Rule {
  readonly alert?: string
  readonly record?: string
  readonly labels?: Readonly<Record<string, string>>
}

/** The alerts and the recorded series of prometheus/rules, with the labels that the rules give them. */
export async function rules(): Promise<string[]> {
  const files = await filesBelow('prometheus/rules', '.yml')
  const texts = await Promise.all(files.map(readText))
  const all = texts.flatMap((text) =>
    (parse(text) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules),
  )
  // Several rules may give one series or one alert, such as one for each window.
  return [...new Set(all.map(lineOf))]
}

function lineOf({ alert, record = '', labels = {} }: Rule): string {
  const name = alert === undefined ? `record ${record}` : `alert ${alert}`
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`)
  return pairs.length === 0 ? name : `${name}  ${pairs.sort().join(' ')}`
}
