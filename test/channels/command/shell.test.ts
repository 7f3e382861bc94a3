import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { compileShellScript } from '../../../src/channels/command/shell.ts'
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
  'PROBITY_END\ntouch pwned',
  '"\'); touch pwned; (\'"',
  '\\',
  '*',
  '-n',
  'a[$(touch pwned)]',
  '{{.IsUp}} {last_output} ${PATH} %s \\n',
  '} ; touch pwned ; {',
  '# )',
]

/** The shells of this machine that /bin/sh may be. */
const shells = ['/bin/sh', '/bin/bash', '/bin/busybox'].filter((path) => existsSync(path))

/** Runs the script of a channel. @returns What it printed. */
async function run(shell: string, script: string, value: string, cwd: string): Promise<string> {
  return (await runAll(shell, script, [value], cwd))[0]!
}

/** Ends what the script prints for one value. */
const mark = '\u001e'

/** The same for many values, one after the other in one process: each in a subshell with the environment of a channel. */
const driver = `
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

async function runAll(
  shell: string,
  script: string,
  values: readonly string[],
  cwd: string,
): Promise<string[]> {
  const env = {
    PATH: '/usr/bin:/bin',
    SCRIPT: script,
    COUNT: String(values.length),
    ...Object.fromEntries(values.map((value, index) => [`VALUE_${index}`, value])),
  }
  const args = shell.endsWith('busybox') ? ['sh', '-c', driver] : ['-c', driver]
  const printed = await new Promise<string>((resolve) => {
    execFile(shell, args, { env, cwd, timeout: 60_000 }, (_error, stdout) => {
      resolve(stdout)
    })
  })
  return printed.split(mark).slice(0, -1)
}

/** Scripts that print the value between brackets, in every place that a value can stand in. */
const places: [place: string, script: string][] = [
  ['bare', `printf '[%s]' {last_output}`],
  ['bare, within a word', `printf '%s' [{last_output}]`],
  ['between double quotes', `printf '%s' "[{last_output}]"`],
  ['between single quotes', `printf '%s' '[{last_output}]'`],
  ['the form of Minitor in Go', `printf '%s' "[{{.LastCheckOutput}}]"`],
  ['after a quote that is escaped', `printf '%s' \\[{last_output}"]\\"" | sed 's/"$//'`],
  ['in an assignment', `x={last_output}; printf '[%s]' "$x"`],
  ['in $(...)', `printf '[%s]' "$(printf '%s.' {last_output})" | sed 's/\\.\\]$/]/'`],
  [
    'quoted in $(...) between double quotes',
    `printf '[%s]' "$(printf '%s.' "{last_output}")" | sed 's/\\.\\]$/]/'`,
  ],
  ['in backticks', "x=`printf '%s.' {last_output}`; printf '[%s]' \"${x%.}\""],
  [
    'quoted in backticks between double quotes',
    'x="`printf \'%s.\' \\"{last_output}\\"`"; printf "[%s]" "${x%.}"',
  ],
  [
    'in backticks in backticks',
    "x=`echo 1; y=\\`printf '%s.' {last_output}\\`; printf %s \"\\$y\"`; printf '[%s]' \"${x#1?}\" | sed 's/\\.\\]$/]/'",
  ],
  ['in a here-document', 'x=$(cat <<EOF\n[{last_output}]\nEOF\n); printf \'%s\' "$x"'],
  ['in a here-document that expands nothing', "x=$(cat <<'EOF'\n[{last_output}]\nEOF\n); printf '%s' \"$x\""],
  ['in a here-document with tabs', 'x=$(cat <<-"EOF"\n\t[{last_output}]\n\tEOF\n); printf \'%s\' "$x"'],
  [
    'in $(...) in a here-document',
    "x=$(cat <<EOF\n[$(printf '%s.' '{last_output}')]\nEOF\n); printf '%s' \"$x\" | sed 's/\\.\\]$/]/'",
  ],
  ['as a default', `printf '[%s]' "\${UNSET:-{last_output}}"`],
  ['as a default, bare', `printf '[%s]' \${UNSET:-{last_output}}`],
  ['in a function', `f() { printf '[%s]' "$1"; }; f {last_output}`],
  ['in a loop', `for i in {last_output}; do printf '[%s]' "$i"; done`],
  ['after a case', `case a in a) printf '[%s]' {last_output};; esac`],
  [
    'in $(...) with a case',
    `printf '[%s]' "$(case a in a) printf '%s.' {last_output};; esac)" | sed 's/\\.\\]$/]/'`,
  ],
  ['after a comment with a quote', `: # it's {last_output}\nprintf '[%s]' '{last_output}'`],
  ['as an argument of another shell', `sh -c 'printf "[%s]" "$1"' sh {last_output}`],
  ['on the stdin of a program', `printf '[%s]' {last_output} | cat`],
]

describe.each(shells)('templates in a script for %s', (shell) => {
  it.each(places)('arrive as they are: %s', async (_place, script) => {
    const cwd = await tempFolder()
    const compiled = compileShellScript(script)
    expect(await runAll(shell, compiled, hostile, cwd)).toEqual(hostile.map((value) => `[${value}]`))
    expect(await readdir(cwd)).toEqual([])
  })
})

it('runs them where they are simply put in', async () => {
  const cwd = await tempFolder()
  for (const value of hostile) await run('/bin/sh', `printf '%s' "${value}"`, '', cwd)
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
    expect(
      compileShellScript(`a {last_output} "b {monitor_name}" 'c {{.FailureCount}}' $((1+{alert_count}))`),
    ).toBe(
      `a "\${PROBITY_LAST_OUTPUT}" "b \${PROBITY_MONITOR_NAME}" 'c '"\${PROBITY_FAILURE_COUNT}"'' $((1+\${PROBITY_ALERT_COUNT}))`,
    )
  })

  it('still expands nothing in a here-document that is quoted', async () => {
    const text = '$HOME ${X} `id` $(id) \\ \\$ "q" \'q\''
    const script = compileShellScript(
      `cat <<'E' <<-"F"\n{last_output}\nE\n${text}\\\n\t{last_output}\n\tF\necho end`,
    )
    expect(await run('/bin/sh', script, 'value', '/')).toBe(`${text}\\\nvalue\nend\n`)
  })

  it('works as the sample of Minitor has it', async () => {
    const script = `printf '%s\\n' -s -X POST
      -F subject="Alert! {{.MonitorName}} failed"
      -u "api:\${PATH}" `.replaceAll('\n', ' ')
    const printed = await run('/bin/sh', compileShellScript(script), 'Fake "Website"', '/')
    expect(printed.split('\n')).toEqual([
      ...['-s', '-X', 'POST', '-F', 'subject=Alert! Fake "Website" failed', '-u', 'api:/usr/bin:/bin', ''],
    ])
  })
})

describe('a value that would be read as code', () => {
  it.each([
    ['the name of a program', '{last_output}'],
    ['the name of a program, quoted', 'cd /; "{last_output}" x'],
    ['a part of a program’s name', './bin/{monitor_name}'],
    ['the name of a program after sudo', 'sudo -n {last_output}'],
    ['the name of a program after a keyword', 'if true; then {last_output}; fi'],
    ['eval', 'eval "echo {last_output}"'],
    ['another shell', `sh -c 'echo {last_output}'`],
    ['another shell, by its path, with more options', `env X=1 /bin/bash -e -xc "echo {alert_message}"`],
    ['a shell far away', 'ssh phone "notify {monitor_name}"'],
    ['what prints code for another shell', 'sh -c "$(echo "echo {last_output}")"'],
    ['what prints code for another shell, between backticks', 'eval "`echo \\"echo {last_output}\\"`"'],
    ['a shell that reads its stdin', 'echo {last_output} | sh'],
    ['a shell that reads its stdin, in a group', '(echo {last_output}) | (cd /; bash -s)'],
    ['a shell that reads a here-document', 'sh <<EOF\necho {last_output}\nEOF'],
    ['a far shell that reads a here-document', 'ssh -p 22 phone <<EOF\necho {last_output}\nEOF'],
    ['a trap', `trap 'echo {last_output}' EXIT`],
    ['arithmetic', 'echo $((1 + {last_output}))'],
    ['an offset', 'echo ${X:{last_output}}'],
    ['arithmetic of bash', '(( x = {last_output} ))'],
    ['a test of bash', '[[ {last_output} -eq 1 ]]'],
    ['the code of another language', `python3 -c "print('{last_output}')"`],
    ['the code of another language, in the same word', `su root --command="echo {last_output}"`],
    ['what find runs', 'find . -exec {last_output} +'],
  ])('is refused: %s', (_place, script) => {
    expect(() => compileShellScript(script)).toThrow(
      /^the value of \{\w+\} would be read as code there: pass it/,
    )
  })

  it.each([
    ['numbers in arithmetic', 'echo $(( {failure_count} * 2 ))'],
    ['numbers for another shell', `sh -c 'exit {alert_count}'`],
    ['an argument of a far program', 'printf %s {last_output} | ssh -p 22 phone logger'],
    ['an argument of a script', 'python3 notify.py {last_output}'],
    ['an assignment', 'MESSAGE={last_output} notify'],
    ['a redirection', 'echo {last_output} >&2'],
  ])('is not: %s', (_place, script) => {
    expect(() => compileShellScript(script)).not.toThrow()
  })
})

describe('whatever a script looks like', () => {
  /** Pieces of shell syntax, mostly unbalanced. Nothing in here can change anything by itself. */
  const pieces = fc.constantFrom(
    ...[
      '{last_output}',
      '{{.LastCheckOutput}}',
      '{monitor_name}',
      '{last_output}',
      ' ',
      ' ',
      '\n',
      ';',
      '|',
      '&&',
    ],
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
      '`',
      '$(',
      ')',
      '(',
      '$((',
      '))',
      '${x',
      '${x:-',
      '}',
      '{ ',
    ],
    ...[
      '\\',
      '$',
      "$'",
      '#',
      ' <<E\n',
      "\n<<'E'\n",
      ' <<-"E"\n',
      '\nE\n',
      '\tE\n',
      '<<<',
      'case x in ',
      ' x) ',
      ';;',
      ' esac',
    ],
    ...[
      'if :; then ',
      '; fi',
      '[ ',
      ' ]',
      '[[ ',
      ' ]]',
      '>&2 ',
      '2>/dev/null ',
      '!',
      '* ',
      '[',
      ']',
      '-eq 1',
      '~',
    ],
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

  it.each(shells)('no value becomes code in %s', async (shell) => {
    const cwd = await tempFolder()
    await fc.assert(
      fc.asyncProperty(scripts, fc.constantFrom(...hostile), async (source, value) => {
        await run(shell, compileShellScript(source), value, cwd)
        expect((await readdir(cwd)).filter((name) => name === 'pwned')).toEqual([])
      }),
      { numRuns: partOf(400, 8) },
    )
  })
})
