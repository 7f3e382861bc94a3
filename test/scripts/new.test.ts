import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { format, type FormatConfig } from 'oxfmt'
import ts from '@typescript/typescript6'
import { parse } from 'yaml'
import { root } from '../../scripts/stack/shipped-files.ts'
import { proveAll } from '../support/proof.ts'
import { newAlert } from '../../scripts/new/alert.ts'
import { newChannel } from '../../scripts/new/channel.ts'
import { newCheck } from '../../scripts/new/check.ts'
import { newCommand } from '../../scripts/new/command.ts'
import { formatted, outcome, readName } from '../../scripts/new/plan.ts'

const made = {
  check: outcome(newCheck(readName('smtp-banner')), root),
  channel: outcome(newChannel(readName('carrier-pigeon')), root),
  alert: outcome(newAlert(readName('target-odd')), root),
  command: outcome(newCommand(readName('do-things')), root),
}
const all = new Map(Object.values(made).flatMap((files) => [...files]))

/** What the compiler says of these files, with all of them in the place where they are to be. */
function complaints(files: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: object
  }
  const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, root)
  const there = new Map([...files].map(([path, text]) => [resolve(root, path), text]))
  const host = ts.createCompilerHost(options)
  const [readFile, fileExists] = [host.readFile.bind(host), host.fileExists.bind(host)]
  host.readFile = (path) => there.get(resolve(path)) ?? readFile(path)
  host.fileExists = (path) => there.has(resolve(path)) || fileExists(path)
  host.directoryExists = () => true
  host.getSourceFile = (path, version) => {
    const text = host.readFile(path)
    return text === undefined ? undefined : ts.createSourceFile(path, text, version)
  }
  const own = [...there.keys()].filter((path) => path.endsWith('.ts'))
  const program = ts.createProgram(own, options, host)
  return own.flatMap((path) => {
    const file = program.getSourceFile(path)!
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    )
  })
}

describe('npm run new', () => {
  // The compiler reads the whole program for it.
  it.each(proveAll ? [all] : [])(
    'writes what the compiler takes',
    (files) => {
      const broken = ['src/checks/smtp-banner/broken.ts', 'export const count: number = "two"\n'] as const
      expect(complaints(new Map([...files, broken]))).toEqual([
        `${join(root, broken[0])}: Type 'string' is not assignable to type 'number'.`,
      ])
    },
    600_000,
  )

  it('writes it in our format, however long the name is', async () => {
    const files = await formatted(all, root)
    const options = JSON.parse(readFileSync(join(root, '.oxfmtrc.json'), 'utf8')) as FormatConfig
    for (const [path, text] of files) {
      if (!path.endsWith('.ts')) continue
      expect(await format(path, text, options)).toEqual({ code: text, errors: [] })
    }
    expect(files.get('docs/channels.md')).toBe(all.get('docs/channels.md'))
  })

  it('makes a kind of check with one row outside its folders', () => {
    const outside = [...made.check.keys()].filter((path) => !path.includes('/smtp-banner/'))
    expect(outside).toEqual(['src/checks/index.ts'])
    const table = made.check.get('src/checks/index.ts')!
    expect(table).toMatch(/^import \{ smtpBannerKind \} from '\.\/smtp-banner\/index\.ts'\n\n/m)
    expect(table).toMatch(/^ {2}heartbeatKind,\n {2}smtpBannerKind,\n\] as const$/m)
    expect([...made.check.values()].join('')).not.toMatch(/\bsample/i)
  })

  it('makes a channel with a row and a section', () => {
    expect(made.channel.get('src/channels/index.ts')).toContain('  carrier_pigeon: http(')
    expect(made.channel.get('docs/channels.md')).toMatch(
      /\n## carrier_pigeon\n[^]*\n<!-- generated: keys of carrier_pigeon -->\n/,
    )
  })

  it('makes an alert for Prometheus and for solo, with its cases and its section', () => {
    const rules = parse(made.alert.get('prometheus/rules/targets.yml')!) as {
      groups: { rules: { alert?: string; annotations?: object }[] }[]
    }
    expect(rules.groups[0]?.rules.at(-1)?.alert).toBe('TargetOdd')
    expect(JSON.stringify(rules.groups[0]?.rules.at(-1)?.annotations)).toContain(
      '/d/probity-target?var-target=',
    )
    expect(parse(made.alert.get('prometheus/tests/target-odd.test.yml')!)).toHaveProperty('tests')
    expect(made.alert.get('docs/alerts.md')).toContain('\n## TargetOdd\n\n**Means**: TODO.')
    expect(made.alert.get('src/alerts/evaluator/rules/index.ts')).toMatch(/^ {2}targetOdd,$/m)
  })

  it('makes a command with a row', () => {
    expect(made.command.get('src/cli.ts')).toContain("name: 'do-things'")
  })

  it.each(['Smtp', 'smtp_banner', '-x', 'x--y', '', '../x', 'x'.repeat(41)])(
    'refuses the name %j',
    (name) => {
      expect(() => readName(name)).toThrow('is not a name: expected lower-case words with hyphens')
    },
  )

  it('refuses what is there already', () => {
    expect(() => newCheck(readName('icmp'))).toThrow('"icmp" is a key of targets already')
    expect(() => newCheck(readName('max-runtime'))).toThrow('"max_runtime" is a key of targets already')
    expect(() => newAlert(readName('target-down'))).toThrow('there is an alert TargetDown already')
    expect(() => outcome(newChannel(readName('slack')), root)).toThrow(
      'src/channels/slack/slack.ts already exists',
    )
    expect(() => outcome(newCommand(readName('solo')), root)).toThrow('src/commands/solo.ts already exists')
  })
})
