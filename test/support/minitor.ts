import { Issues } from '../../src/settings/issues.ts'
import { minitorOf } from '../../src/foreign/minitor/trees.ts'
import type { MinitorFile } from '../../src/foreign/minitor/minitor.ts'
import { createExpander } from '../../src/settings/secrets.ts'
import { parseYaml } from '../../src/settings/yaml/yaml.ts'

/** What is wrong with a Minitor file called minitor.yml, as it is reported. */
export function minitorIssues(text: string, env: Record<string, string> = {}): string[] {
  return read(text, env)
    .issues.sorted()
    .map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`)
}

/** Reads a file of Minitor in which nothing is wrong. */
export function parseMinitor(text: string, env: Record<string, string> = {}): MinitorFile {
  const { file, issues } = read(text, env)
  if (file === undefined) throw new Error(`not read: ${JSON.stringify(issues.sorted())}`)
  return file
}

function read(
  text: string,
  env: Record<string, string>,
): { readonly file: MinitorFile | undefined; readonly issues: Issues } {
  const { tree } = parseYaml(text)
  if (tree === undefined) throw new Error('no YAML')
  const expander = createExpander({ env, directory: '/' })
  const issues = new Issues([], expander)
  return { file: minitorOf({ file: 'minitor.yml', tree }, { issues, expander }), issues }
}

/** The example of the post that introduced Minitor: one check, two alerts. */
export const blogExample = `check_interval: 30

monitors:
  - name: My Website
    command: [ 'curl', '-s', '-o', '/dev/null', 'https://minitor.mon' ]
    alerts: [ log, mailgun ]
    check_interval: 30
    alert_after: 3
    alert_every: -1 # exponential backoff

alerts:
  mailgun:
    command: >
      curl -s -X POST
      -F subject="Alert! {monitor_name} failed"
      -F from="Minitor <minitor@minitor.mon>"
      -F to=me@minitor.mon
      -F text="Our monitor failed"
      https://api.mailgun.net/v3/minitor.mon/messages
      -u "api:\${MAILGUN_API_KEY}"
`

/** The failures at which Minitor reports a monitor that is reported after three, and again after twice as many each time. */
export const doubling = [3, 4, 6, 10, 18, 34, 66]

/** How many alerts there are of so many failures. */
export const alertsOf = (failures: number): number => doubling.filter((at) => at <= failures).length
