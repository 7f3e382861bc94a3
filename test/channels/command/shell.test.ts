import { beforeAll, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { compileShellScript } from '../../../src/channels/command/shell.ts'
import { ValueError } from '../../../src/settings/values/value.ts'
import { partOf } from '../../support/proof.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** What a target or a stranger may have written, in the hope that a shell runs it. */
const hostile = [
  '"; touch pwned; echo "',
  "'; touch pwned; echo '",
  '; touch pwned ;',
  '$(touch pwned)',
  '`touch pwned`',
  '\n touch pwned\n',
  'EOF\ntouch pwned\nEOF',
  '"\'); touch pwned; (\'"',
  '\\',
  '\\\n',
  '*',
  '-n',
  '-c touch\tpwned',
  'a[$(touch pwned)]',
  '{{.IsUp}} {last_output} ${PATH} %s \\n',
  '} ; touch pwned ; {',
  '# )',
  'pwn',
  '',
]

/** The shells of this machine that /bin/sh may be. */
const shells = [['/bin/sh'], ['/bin/bash', '--posix'], ['/bin/busybox', 'sh']].filter(([path = '']) =>
  existsSync(path),
)

/** The same in few values: what depends on how a value begins or ends is in one alone. */
const few = [hostile.join(' '), 'pwn', '-n', '-c touch\tpwned', '\\', '*', '']

/** Ends each argument, and all of one value. */
const [end, mark] = ['\u001f', '\u001e']

/** Runs a script once for each value, in one process: each in a subshell with the environment of a channel. */
const driver = `
record() { [ $# = 0 ] || printf '%s${end}' "$@"; }
count=0
while [ "$count" -lt "$COUNT" ]; do
  (
    eval "PROBITY_LAST_OUTPUT=\\$VALUE_$count"
    export PROBITY_LAST_OUTPUT PROBITY_MONITOR_NAME="$PROBITY_LAST_OUTPUT" PROBITY_ALERT_MESSAGE="$PROBITY_LAST_OUTPUT"
    export PROBITY_FAILURE_COUNT=3
    eval "$SCRIPT"
  )
  printf '${mark}'
  count=$((count + 1))
done`

/** @returns What the script printed for each value. */
async function run(
  [shell = '', ...options]: readonly string[],
  script: string,
  values: readonly string[],
  cwd: string,
): Promise<string[]> {
  const child = spawn(shell, [...options, '-c', driver], {
    env: {
      PATH: `${programs}:/usr/bin:/bin`,
      SCRIPT: script,
      COUNT: String(values.length),
      ...Object.fromEntries(values.map((value, index) => [`VALUE_${index}`, value])),
    },
    cwd,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return (await text(child.stdout)).split(mark).slice(0, -1)
}

/** A folder with the program `record`, which prints its arguments, a script that does, and what a value may name. */
let programs = ''

beforeAll(async () => {
  programs = join(await tempFolder(), 'bin')
  await mkdir(programs)
  const body = `[ $# = 0 ] || printf '%s${end}' "$@"\n`
  await writeFile(join(programs, 'record'), `#!/bin/sh\n${body}`, { mode: 0o755 })
  await writeFile(join(programs, 'pwn'), '#!/bin/sh\ntouch pwned\n', { mode: 0o755 })
  await writeFile(join(programs, 'record.sh'), `#!/bin/sh\n${body}`, { mode: 0o755 })
})

/** Scripts, and the arguments that `record` gets where `@` is the value. */
const accepted: [place: string, script: string, args: string[]][] = [
  ['bare', 'record {monitor_name} {alert_message}', ['@', '@']],
  ['bare, within a word', 'record a={last_output},b', ['a=@,b']],
  ['between double quotes', 'record "a {last_output}" "{monitor_name}"', ['a @', '@']],
  ['between single quotes', `record 'a {last_output}' '{monitor_name}'`, ['a @', '@']],
  ['the form of Minitor in Go', 'record "{{.MonitorName}}: {{ .LastCheckOutput }}"', ['@: @']],
  ['between quotes of all kinds', `record a"b c"'d "e"'{last_output}'"'\\"{last_output}`, ['ab cd "e"@""@']],
  ['after escapes', 'record \\"{last_output} "\\"\\$\\`\\\\{last_output}"', ['"@', '"$`\\@']],
  ['after an escape between single quotes', `record '\\{last_output}'`, ['\\@']],
  ['JSON', `record --data '{"text": {"of": "{monitor_name}"}}'`, ['--data', '{"text": {"of": "@"}}']],
  ['behind an option', 'record -d {last_output} --data "{last_output}"', ['-d', '@', '--data', '@']],
  ['behind --', 'record -- a {last_output}', ['--', 'a', '@']],
  ['of a script', 'record.sh {last_output}', ['@']],
  ['of a script for an interpreter', 'sh "$PWD/../bin/record.sh" {last_output}', []],
  [
    'next to variables',
    'record "$PROBITY_FAILURE_COUNT${X:-y}{last_output}" $?{monitor_name}',
    ['3y@', '0@'],
  ],
  ['in $(...) between double quotes', 'record "x$(printf "%s." {last_output})"', ['x@.']],
  ['quoted in $(...)', `record "x$(printf '%s.' "{last_output}" | cat)"`, ['x@.']],
  ['with redirections', 'record {monitor_name} 2>&1 <&0 2>/dev/null 3>>/dev/null </dev/null', ['@']],
  [
    'on several lines',
    '# it is {last_output}\n\nrecord \\\n  {monitor_name} # it\'s\nrecord "b"',
    ['@', 'b'],
  ],
  ['in several commands', 'true && record {monitor_name}; false || record b |\n cat', ['@', 'b']],
  ['on the stdin of a program', `printf 'x%s${end}' {last_output} | cat`, ['x@']],
  ['on the stdin of a filter', `printf 'x%s${end}' {last_output} | sed 's/^x/x/'`, ['x@']],
  ['on the stdin of a script', `printf 'x%s${end}' {last_output} | sh -c cat`, ['x@']],
  ['as an argument of a script', `sh -c 'printf "%s${end}" "$1"' sh {last_output}`, ['@']],
  ['behind wrappers', 'nohup nice timeout 60 record {monitor_name}', ['@']],
  ['behind an assignment', 'LC_ALL=C record {monitor_name}', ['@']],
  ['in the background', 'record {monitor_name} & wait', ['@']],
  ['a program in a folder', '"$PWD"/../bin/record {monitor_name}', []],
]

describe.each(shells.map((shell) => ({ shell })))('templates in a script for $shell', ({ shell }) => {
  it.each(accepted)('arrive as they are: %s', async (_place, script, args) => {
    const cwd = await tempFolder()
    const printed = await run(shell, compileShellScript(script), few, cwd)
    expect(printed).toEqual(
      few.map((value) => args.map((arg) => arg.replaceAll('@', () => value) + end).join('')),
    )
    expect(await readdir(cwd)).toEqual([])
  })
})

it('runs them where they are simply put in', async () => {
  const cwd = await tempFolder()
  for (const value of hostile) await run(['/bin/sh'], `printf '%s' "${value}"`, [''], cwd)
  expect(await readdir(cwd)).toEqual(['pwned'])
})

describe('a script', () => {
  it.each([
    ['has no template', `echo 'it''s' "$(date)" \`id\` <<X\n{foo} {print $1} {"json": 1} {{.Foo}}\nX\n`],
    ['has a variable of that name', 'echo ${monitor_name} "${last_output}"'],
    ['protects the brace', 'echo \\{last_output}'],
  ])('stays as it is where it %s', (_name, script) => {
    expect(compileShellScript(script)).toBe(script)
  })

  it('gets references that are quoted as the place asks for', () => {
    expect(compileShellScript(`a -x {last_output} "b {monitor_name}" 'c {{.FailureCount}}'`)).toBe(
      `a -x "\${PROBITY_LAST_OUTPUT}" "b \${PROBITY_MONITOR_NAME}" 'c '"\${PROBITY_FAILURE_COUNT}"''`,
    )
  })

  it('may have numbers, times, true and false wherever a word may stand', () => {
    const script = `ssh phone 'exit {alert_count}' && X={failure_count} {{.IsUp}} > '{last_success}'`
    expect(compileShellScript(script)).toBe(
      `ssh phone 'exit '"\${PROBITY_ALERT_COUNT}"'' && X="\${PROBITY_FAILURE_COUNT}" "\${PROBITY_IS_UP}" > ''"\${PROBITY_LAST_SUCCESS}"''`,
    )
  })
})

const noPlainScript =
  'expected a plain script (words, quotes, variables, $(...), pipes and redirections), got '

describe('a script that is not plain, or a value outside of an argument', () => {
  it.each([
    ['a here-document', 'cat <<EOF\n{last_output}\nEOF', `${noPlainScript}<<`],
    ['a here-string', 'cat <<< {last_output}', `${noPlainScript}<<`],
    ['backquotes', 'echo `echo {last_output}`', `${noPlainScript}\`e`],
    ['backquotes between quotes', 'echo "`id`{last_output}"', `${noPlainScript}\`i`],
    ['arithmetic', 'echo $((1 + {last_output}))', `${noPlainScript}$(`],
    ['arithmetic of bash', '(( x = {last_output} ))', `${noPlainScript}((`],
    ['arithmetic in an offset', 'echo ${X:{last_output}}', `${noPlainScript}\${`],
    ['a default with a value', 'echo ${X:-{last_output}}', `${noPlainScript}\${`],
    ['a variable that is changed', 'echo "${X@P} {last_output}"', `${noPlainScript}\${`],
    ['what the command before had', 'true {monitor_name}; $_', `${noPlainScript}$_`],
    ['the same in braces', 'true {monitor_name}; ${_:-x}', `${noPlainScript}\${`],
    ['a comment in $(...)', `echo "$(echo # '{last_output}\n)"`, `${noPlainScript}# `],
    ['quotes of bash', `echo $'{last_output}'`, `${noPlainScript}$'`],
    ['quotes of bash for translation', 'echo $"{last_output}"', `${noPlainScript}$"`],
    ['a lone dollar sign', 'echo "${{.MonitorName}}"', `${noPlainScript}\${`],
    ['a group', '(echo {last_output})', `${noPlainScript}(e`],
    ['a function', 'f() { echo "$1"; }; f {last_output}', `${noPlainScript}()`],
    ['a closing parenthesis', 'echo {last_output} )x', `${noPlainScript})x`],
    ['the output of a command as a file', 'cat <(echo {last_output})', `${noPlainScript}<(`],
    ['parentheses in $(...)', 'echo "$(echo $(echo {last_output}))"', `${noPlainScript}$(`],
    ['$(...) without its end', 'echo "$(echo {last_output}', `${noPlainScript}its end`],
    ['double quotes without their end', 'echo "{last_output}', `${noPlainScript}its end`],
    ['single quotes without their end', `echo '{last_output}`, `${noPlainScript}its end`],
    ['a redirection without a file', 'echo {last_output} >', `${noPlainScript}its end`],
    ['a redirection of bash', 'echo {last_output} &> x', `${noPlainScript}&>`],
    ['a pipe of bash', 'echo {last_output} |& cat', 'expected a command, got &'],
    ['a loop', 'for i in {last_output}; do echo "$i"; done', 'expected a plain command, got for'],
    ['a condition', 'if true; then echo {last_output}; fi', 'expected a plain command, got if'],
    ['a case', 'case {last_output} in a) ;; esac', `${noPlainScript}) `],
    ['a group in braces', '{ echo {last_output}; }', 'expected a plain command, got {'],
    ['a test of bash', '[[ {last_output} -eq 1 ]]', 'expected a plain command, got [['],
    ['a negation', '! echo {last_output}', 'expected a plain command, got !'],
    ['an assignment', 'MESSAGE={last_output} notify', 'expected it in an argument, got it in an assignment'],
    [
      'an assignment before a program',
      'PATH="{monitor_name}" ls',
      'expected it in an argument, got it in an',
    ],
    [
      'an assignment with $(...)',
      'x="$(echo {last_output})"',
      'expected it in an argument, got it in an ass',
    ],
    ['a file to write', 'echo > "/tmp/{monitor_name}"', 'got it in the name of a file'],
    ['a file to read', 'cat < {last_output}', 'expected it in an argument, got it in the name of a file'],
    ['a pattern', 'echo [{last_output}]', 'expected quotes around * ? [ ] { } in the same word'],
    ['braces of bash', 'echo {a,{last_output}}', 'expected quotes around * ? [ ] { } in the same word'],
    ['$(...) without quotes', 'echo $(echo {last_output})', 'expected double quotes around $(...)'],
  ])('is refused: %s', (_what, script, why) => {
    expect(() => compileShellScript(script)).toThrow(why)
  })

  it('is refused with words that say what to do', () => {
    expect(() => compileShellScript('echo {failure_count} `id` {alert_message}')).toThrow(
      new ValueError(
        `{alert_message} cannot be used there: ${noPlainScript}\`i. Run a script that reads "$PROBITY_ALERT_MESSAGE" from its environment instead`,
      ),
    )
  })
})

describe('whatever a script looks like', () => {
  /** A part of a word as it is written, and as it arrives. */
  type Part = readonly [written: string, read: string]
  const asIs = (texts: fc.Arbitrary<string>): fc.Arbitrary<Part> => texts.map((each) => [each, each])
  const template = fc.constantFrom<Part>(
    ...['{last_output}', '{monitor_name}', '{{.LastCheckOutput}}', '{{ .MonitorName }}'].map(
      (each) => [each, '@'] as const,
    ),
  )
  const joined = (parts: readonly Part[], quote = ''): Part => [
    quote + parts.map(([written]) => written).join('') + quote,
    parts.map(([, read]) => read).join(''),
  ]
  const escaped = (characters: readonly string[]): fc.Arbitrary<Part> =>
    fc.constantFrom(...characters).map((each) => [`\\${each}`, each])
  const plain = asIs(fc.stringMatching(/^[\w.,:=%+-]{1,4}$/))
  const inDouble = fc.array(
    fc.oneof(template, asIs(fc.stringMatching(/^[\w ';()<>*?#~!}[\]\n-]{1,4}$/)), escaped(['"', '\\', '`'])),
  )
  const inSingle = fc.array(fc.oneof(template, asIs(fc.stringMatching(/^[\w "`;()<>*?#~!}[\]\n\\-]{1,4}$/))))
  const part = fc.oneof(
    template,
    plain,
    escaped([' ', '"', "'", ';', '`', '\\', '*']),
    inDouble.map((parts) => joined(parts, '"')),
    inSingle.map((parts) => joined(parts, "'")),
  )
  // A value may not begin an argument of any program, and `sh` may not stand before one.
  const word = fc
    .tuple(asIs(fc.stringMatching(/^[\d.,:=%+-]$/)), fc.array(part, { maxLength: 4 }))
    .map(([first, rest]) => joined([first, ...rest]))
  const command = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => ({
    written: ['record', ...words.map(([written]) => written)].join(' '),
    read: words.map(([, read]) => read + end).join(''),
  }))
  const plainScript = fc
    .array(fc.tuple(command, fc.constantFrom('; ', ' && ', '\n', ' # {last_output}\n')), { minLength: 1 })
    .map((commands) => ({
      written: commands.map(([{ written }, after]) => written + after).join('') + 'true',
      read: commands.map(([{ read }]) => read).join(''),
    }))
  const value = fc.oneof(fc.constantFrom(...hostile), fc.stringMatching(/^[ -~\n\t]*$/))

  it.each(shells.map((shell) => ({ shell })))(
    'a plain one gets values as they are in $shell',
    async ({ shell }) => {
      const cwd = await tempFolder()
      await fc.assert(
        fc.asyncProperty(
          plainScript,
          fc.array(value, { minLength: 1 }),
          async ({ written, read }, values) => {
            const printed = await run(shell, compileShellScript(written), values, cwd)
            expect(printed).toEqual(values.map((each) => read.replaceAll('@', () => each)))
          },
        ),
        { numRuns: partOf(400, 40) },
      )
      expect(await readdir(cwd)).toEqual([])
    },
  )

  /** Pieces of shell syntax, mostly unbalanced. Nothing in here can change anything by itself. */
  const pieces = fc.constantFrom(
    ...['{last_output}', '{{.LastCheckOutput}}', '{monitor_name}', ' ', ' ', '\n', ';', '|', '| ', '&&', '&'],
    ...[
      'echo ',
      'echo ',
      ': ',
      'x',
      'x=',
      '"',
      '"',
      "'",
      "'",
      '`',
      '$(',
      ')',
      '(',
      '$((',
      '))',
      '${x',
      '${x:-',
    ],
    ...[
      '}',
      '{ ',
      '\\',
      '\\\n',
      '$',
      "$'",
      '$"',
      '#',
      ' # ',
      ' <<E\n',
      "\n<<'E'\n",
      '\nE\n',
      '<<<',
      '<(',
      '$$',
    ],
    ...[
      'case x in ',
      ' x) ',
      ';;',
      ' esac',
      'if :; then ',
      '; fi',
      '[ ',
      ' ]',
      '[[ ',
      ' ]]',
      '>&2 ',
      '2>&1 ',
    ],
    ...['!', '* ', '[', ']', '-eq 1', '~', 'eval ', 'sh ', 'sh -c ', '-c ', '. ', 'xargs ', 'env ', 'nice '],
    ...['bash ', '-s ', 'trap ', 'read y ', 'printf ', '-v ', 'sed ', 'awk ', '-- ', 'X=', 'time ', 'test '],
  )

  const scripts = fc
    .tuple(fc.array(pieces, { maxLength: 7 }), fc.array(pieces, { maxLength: 7 }))
    .map(([before, after]) => [...before, '{last_output}', ...after].join(''))
    .filter((script) => {
      try {
        return compileShellScript(script) !== script
      } catch {
        return false
      }
    })

  it.each(shells.map((shell) => ({ shell })))('no value becomes code in $shell', async ({ shell }) => {
    const cwd = await tempFolder()
    await fc.assert(
      fc.asyncProperty(scripts, async (source) => {
        await run(shell, compileShellScript(source), hostile, cwd)
        expect((await readdir(cwd)).filter((name) => name === 'pwned')).toEqual([])
      }),
      { numRuns: partOf(400, 40) },
    )
  })
})
