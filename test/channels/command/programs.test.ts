import { describe, expect, it } from 'vitest'
import { readFile } from 'node:fs/promises'
import { compileCommand } from '../../../src/channels/command/line.ts'
import { refusedPrograms } from '../../../src/channels/command/programs.ts'

const asCode = 'expected a program that takes it as data, got '
const notNamed = 'expected a program that is named plainly, '
const noScript = 'expected it behind the script of '
const anOption = 'expected text, an option or -- before it, '
const nested = 'expected text around it, got what looks like a script'

/** Each is refused as a script; as a list of words too, where it has no other syntax. */
const refused: [script: string, why: string][] = [
  // As the name of a program.
  ['{monitor_name}', notNamed],
  ['cd / && "{last_output}" x', notNamed],
  ['./bin/{monitor_name}', notNamed],
  ['./{monitor_name}/bin x', notNamed],
  ['sudo {last_output}', notNamed],
  ['nohup {last_output} &', notNamed],
  ['timeout 5 {last_output}', notNamed],
  ['timeout {last_output} logger', notNamed],
  ['exec {monitor_name}', notNamed],
  ['{monitor_name}/sudo notify', notNamed],
  ['sudo X={monitor_name} notify', notNamed],
  ['a[0]=x {monitor_name}', notNamed],
  ['jobs -x {monitor_name}', `${asCode}jobs`],
  // Behind options of wrappers, which may take a word or not.
  ['sudo -u bob {monitor_name}', notNamed],
  ['nice -n 5 logger {monitor_name}', notNamed],
  ['timeout -k 5 {last_output}', notNamed],
  ['command -v {monitor_name}', notNamed],
  // A program that only the shell knows.
  ['$SHELL -c {monitor_name}', notNamed],
  ['"$(cat program)" -c "{monitor_name}"', notNamed],
  ['/bin/s? -c {monitor_name}', notNamed],
  // Shells.
  ["sh -c 'echo {last_output}'", `${noScript}sh`],
  ['sh -c -- {monitor_name}', `${noScript}sh`],
  ['bash -lc "{last_output}"', `${noScript}bash`],
  ['/bin/bash -e -c "echo {alert_message}"', `${noScript}bash`],
  ['sh {monitor_name}', `${noScript}sh`],
  ['sh $SCRIPT {monitor_name}', `${noScript}sh`],
  ['sh -c $SCRIPT {monitor_name}', `${noScript}sh`],
  ['sh +x {monitor_name}', `${noScript}sh`],
  ['dash -s {monitor_name}', `${noScript}dash`],
  ['\\sh -c {monitor_name}', `${noScript}sh`],
  [`"s"'h' -c {monitor_name}`, `${noScript}sh`],
  ['sudo sh -c "{monitor_name}"', `${noScript}sh`],
  ['runner --in box sh -c "{monitor_name}"', `${noScript}sh`],
  ['sh -c "$(echo {last_output})"', `${noScript}sh`],
  // What comes in on stdin.
  ['echo {last_output} | sh', `${noScript}sh`],
  ['echo {last_output} | sh 2>&1', `${noScript}sh`],
  ['echo {last_output} | sudo sh', `${noScript}sh`],
  ['echo {last_output} | cat | tee log | bash -s', `${noScript}bash`],
  ['echo {last_output} |\n\n sh', `${noScript}sh`],
  ['echo {last_output} | sh /dev/stdin', `${noScript}sh`],
  ['echo {last_output} | echo "$(sh)"', `${noScript}sh`],
  ['echo {last_output} | python3 -', `${noScript}python`],
  ['echo {last_output} | ssh host', `${asCode}ssh`],
  ['echo {last_output} | xargs -I@ sh -c @', `${asCode}xargs`],
  ['echo {last_output} | psql', `${asCode}psql`],
  ['echo {last_output} | at now', `${asCode}at`],
  ['echo {last_output} | crontab -', `${asCode}crontab`],
  ['echo {last_output} | sed -f -', `${asCode}sed`],
  ['echo {last_output} | awk -f/dev/stdin', `${asCode}awk`],
  ['echo {last_output} | read x', `${asCode}read`],
  // Programs that run others.
  ['xargs -I{} sh -c {last_output}', `${asCode}xargs`],
  [`find . -exec sh -c '{last_output}' ';'`, `${asCode}find`],
  ['find . -exec {last_output} +', `${asCode}find`],
  ["docker exec c sh -c '{last_output}'", `${asCode}docker`],
  ["kubectl exec p -- sh -c '{last_output}'", `${asCode}kubectl`],
  ['ssh host {last_output}', `${asCode}ssh`],
  ['ssh phone "notify {monitor_name}"', `${asCode}ssh`],
  ['sudo ssh phone {monitor_name}', `${asCode}ssh`],
  ['env {last_output}', `${asCode}env`],
  ['env X={last_output} logger', `${asCode}env`],
  ['/usr/bin/env -S "{last_output}"', `${asCode}env`],
  ['busybox sh -c "{last_output}"', `${asCode}busybox`],
  ['su root --command="echo {last_output}"', `${asCode}su`],
  ['watch "echo {last_output}"', `${asCode}watch`],
  // What is a part of a shell.
  ['eval {last_output}', `${asCode}eval`],
  ['eval "$(echo {last_output})"', `${asCode}eval`],
  ['. {last_output}', `${asCode}.`],
  ['source {monitor_name}', `${asCode}source`],
  ['trap {last_output} EXIT', `${asCode}trap`],
  ["alias x='{last_output}'", `${asCode}alias`],
  ['export X={last_output}', `${asCode}export`],
  ['set -- {last_output}', `${asCode}set`],
  ['test -v {last_output}', 'expected test A = B, test A != B, '],
  ['test {monitor_name} {last_output}', 'expected test A = B, test A != B, '],
  ['test x -eq {last_output}', 'expected test A = B, test A != B, '],
  ['[ ! {last_output} = x ]', 'expected test A = B, test A != B, '],
  ['[ {monitor_name} {last_output} ]', 'expected test A = B, test A != B, '],
  ['unset {last_output}', `${asCode}unset`],
  ['printf {last_output}', 'expected it behind a format of printf'],
  ['printf "[{last_output}]"', 'expected it behind a format of printf'],
  ['printf -v {last_output} %s x', 'expected it behind a format of printf'],
  ['printf %d {last_output}', 'expected it behind a format of printf'],
  ['printf $FORMAT {last_output}', 'expected it behind a format of printf'],
  // Other languages.
  ['python3 -c "print({last_output})"', `${noScript}python`],
  ['python3.11 -m {monitor_name}', `${noScript}python`],
  ["perl -e 'print' {last_output}", `${noScript}perl`],
  ['node -e "{last_output}"', `${noScript}node`],
  ['node inspect {monitor_name}', `${noScript}node`],
  ['ruby.exe -e "{last_output}"', `${noScript}ruby`],
  ['awk "{last_output}"', `${asCode}awk`],
  ['awk -v x={last_output} 1', `${asCode}awk`],
  ["sed 's/x/{last_output}/'", `${asCode}sed`],
  ['jq \'.x = "{last_output}"\'', `${asCode}jq`],
  ['psql -c "insert {last_output}"', `${asCode}psql`],
  ['osascript -e \'display notification "{monitor_name}"\'', `${asCode}osascript`],
  ['make X={last_output}', `${asCode}make`],
  ['run0 {monitor_name}', `${asCode}run0`],
  ['sqlite3 db {monitor_name}', `${asCode}sqlite`],
  // Nobody has expanded it so far.
  [`runner 'echo $HOME {monitor_name}'`, nested],
  ['runner "echo \\$(id) {monitor_name}"', nested],
  [`runner 'cd / && echo {monitor_name}'`, nested],
  // Options.
  ['curl {last_output}', anOption],
  ['logger "{last_output}"', anOption],
  ['mail -s {monitor_name} {last_output}', anOption],
  ['curl "$(echo {monitor_name})"', anOption],
]

/** Values are data here, as far as anybody can know. */
const accepted = [
  'mail -s "Alert! {monitor_name} failed: {last_output}" me@example.org',
  "mail -s '{monitor_name} | down; since {last_success}' me@example.org",
  `curl -d '{"text": "\`{monitor_name}\` is down & out"}' "https://example.org/?a={monitor_name}&b=2"`,
  'curl --data {last_output} -H "X: $TOKEN" https://example.org',
  'echo {last_output} at {last_success} from node {monitor_name}; echo it is over',
  'logger -t probity -- {last_output}',
  '/usr/bin/say {alert_message}',
  './notify.sh {last_output}',
  'python3 /etc/notify.py {last_output}',
  'sudo /usr/local/bin/notify {monitor_name}',
  'find . -name x && docker ps && echo {last_output}',
  'docker ps | mail -s {monitor_name} me@example.org',
  "printf %s {last_output} | jq -Rs '{text: .}' | curl -d @- https://example.org",
  'echo {last_output} | sh notify.sh',
  'ssh phone exit {failure_count}',
  '[ "{last_output}" != "$EXPECTED" ] && test {monitor_name} = shop && test -n {last_output}',
]

describe('a value that would be read as code', () => {
  it.each(refused)('is refused in a script: %s', (script, why) => {
    expect(() => compileCommand(script)).toThrow(why)
  })

  it.each(refused.filter(([script]) => !/['"$|&;\\[\]]/.test(script)))(
    'is refused in a list: %s',
    (script, why) => {
      expect(() => compileCommand(script.split(' '))).toThrow(why)
    },
  )

  it.each(accepted)('is not: %s', (script) => {
    expect(() => compileCommand(script)).not.toThrow()
  })
})

it('docs/notify.md lists the programs that get no values', async () => {
  const docs = await readFile(new URL('../../../docs/notify.md', import.meta.url), 'utf8')
  const listed = new Set(Array.from(docs.matchAll(/`([^`\s]+)`/g), ([, name]) => name))
  expect([...refusedPrograms].filter((name) => !listed.has(name))).toEqual([])
})
