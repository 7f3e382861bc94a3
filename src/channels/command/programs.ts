/**
 * Decides whether a value that comes from outside may stand where it does in a simple command.
 *
 * A list of what is dangerous can never be whole, so the rule is positive: it says where a value may stand. That is an argument,
 * or a part of one, of a program that is named in plain characters, behind wrappers without options; and of an interpreter only
 * behind its script. There a hostile value is data for the program that is named, and what this does with its arguments is its
 * own affair. Nothing else rests on the table below: it turns away programs that are known to read arguments or stdin as code.
 */

/** Stands for something in a word. A word that has such a character already is judged the more strictly. */
export const mark = {
  /** A text that strangers may have written. */
  text: '\0',
  /** A text that begins with the name of a target or of an alert. */
  name: '\u0001',
  /** What a shell puts in there: a variable, for example. */
  other: '\u0002',
} as const

const named = (names: string): ReadonlySet<string> => new Set(names.split(/\s+/))

const shells = named('sh ash bash dash fish ksh mksh yash zsh csh tcsh')

/** They run the file that is their first argument; what follows is for that file. */
const languages = named('perl php python pypy node nodejs ruby lua luajit tclsh wish rscript julia')

/** Filters: a program in their arguments, data on stdin. */
const filters = named('awk gawk mawk nawk sed gsed jq gojq yq')

/** Programs that read their arguments or their stdin as code, or run what they name. docs/notify.md lists them for users. */
export const refusedPrograms = named(
  `. alias bg bind break builtin cd compgen complete continue coproc declare enable eval exit export fc fg getopts hash jobs kill
  let local mapfile popd pushd read readarray readonly return set shift source trap type typeset ulimit umask unset wait
  at batch bwrap caffeinate cgexec chpst chronic chroot chrt crontab daemonize dumb-init eatmydata entr env envdir fakeroot fd
  find firejail flock gosu ionice ltrace nsenter numactl parallel perf pkexec prlimit proxychains run-parts run0 runuser
  s6-setuidgid screen script setarch setlock setpriv setuidgid sg ssh-agent start-stop-daemon stdbuf strace su su-exec
  systemd-run taskset tini tmux torsocks unbuffer unshare valgrind watch xargs xvfb-run
  busybox toybox
  ansible autossh dbclient docker docker-compose incus kubectl lxc machinectl mosh nerdctl oc plink podman pssh rsh salt socat
  ssh sshpass systemd-nspawn vagrant virsh
  bun bunx conda deno nix nix-shell npm npx pipenv pipx pnpm poetry uv uvx yarn
  bc dc ed emacs ex expect gdb ghci gmake irb lldb m4 make nvim osascript powershell pwsh r vi vim
  clickhouse-client duckdb influx mariadb mongo mongosh mysql psql redis-cli sqlcmd sqlite sqlplus`,
)

/** They run the program behind them, after so many arguments. */
const wrappers: ReadonlyMap<string, number> = new Map([
  ...[...named('command doas exec nice nohup setsid sudo time')].map((name) => [name, 0] as const),
  ['timeout', 1],
])

export const hasValue = (word = ''): boolean => word.includes(mark.text) || word.includes(mark.name)
const isLiteral = (word = ''): boolean => word !== '' && !hasValue(word) && !word.includes(mark.other)
const isOption = (word = ''): boolean => /^[-+]/.test(word)

const fileOf = (word = ''): string => word.replace(/^.*\//s, '')
const isPlainName = (word = ''): boolean => !hasValue(word) && /^[\w.+@-]+$/.test(fileOf(word))

/** `python3.11` is `python`, but `run0` is not `run`. */
function nameOf(word?: string): string {
  const name = fileOf(word)
    .toLowerCase()
    .replace(/\.exe$/, '')
  return refusedPrograms.has(name) ? name : name.replace(/(?<=[a-z])-?[\d.]+$/, '')
}

/** Whether a list is a shell and a script for it. */
export function isShellScript([program, option]: readonly string[]): boolean {
  return shells.has(nameOf(program)) && /^-[elux]*c$/.test(option ?? '')
}

/**
 * Why a command may not have the values that are in it; nothing where it may.
 *
 * @param words Its words as its shell leaves them, with a mark for each value.
 * @param fed Whether a value may come in on its stdin.
 */
export function whyRefused(words: readonly string[], fed: boolean): string | undefined {
  const start = programAt(words)
  const program = words[start]
  if (start === -1 || !(isPlainName(program) || program === '['))
    return 'expected a program that is named plainly, without a value, a variable or options of a wrapper such as sudo'
  const args = words.slice(start + 1)
  const name = nameOf(program)
  if (filters.has(name) ? args.some(hasValue) || readsCodeFromFile(args) : refusedPrograms.has(name))
    return `expected a program that takes it as data, got ${name}, which may take it as code`
  const builtin = builtins.get(name)
  if (builtin !== undefined) return args.some(hasValue) ? builtin(args) : undefined
  return whyScript(words.slice(start), fed) ?? whyArgument(words.slice(start))
}

/** What is a part of the shell and takes values. */
const builtins: ReadonlyMap<string, (args: readonly string[]) => string | undefined> = new Map([
  ['echo', () => undefined],
  ['printf', whyPrintf],
  ['test', whyTest],
  ['[', whyTest],
])

/** A number may be an expression, which some shells calculate. */
function whyPrintf([format]: readonly string[]): string | undefined {
  const isText = isLiteral(format) && !isOption(format) && /^(?:[^%]|%[-\d.]*[sb%])*$/.test(format ?? '')
  return isText ? undefined : 'expected it behind a format of printf that has only %s'
}

/** A shell may run a part of what stands next to other operators. */
function whyTest(args: readonly string[]): string | undefined {
  const operands = args.at(-1) === ']' ? args.slice(0, -1) : args
  const [first = '', second = ''] = operands
  const isKnown =
    operands.length === 3 ? /^!?=$/.test(second) : operands.length === 2 && /^-[nz]$/.test(first)
  return isKnown ? undefined : 'expected test A = B, test A != B, test -n A or test -z A'
}

/** The program behind wrappers; -1 where it is not certain which that is. */
function programAt(words: readonly string[]): number {
  let at = 0
  for (;;) {
    const count = wrappers.get(nameOf(words[at]))
    if (count === undefined || hasValue(words[at])) return at
    const operands = words.slice(at + 1, at + 1 + count)
    at += 1 + count
    if (!operands.every((word) => /^[\w.]+$/.test(word)) || isOption(words[at])) return -1
  }
}

const readsCodeFromFile = (args: readonly string[]): boolean =>
  args.some((word) => /^-\w*f|^--(?:from-)?file|^\/dev\//.test(word))

/** An interpreter among the words gets values only behind its script, whatever runs the interpreter. */
function whyScript(words: readonly string[], fed: boolean): string | undefined {
  const at = words.findIndex((word) => shells.has(nameOf(word)) || languages.has(nameOf(word)))
  const command = at === -1 ? [] : words.slice(at)
  if (!(fed || command.some(hasValue)) || command.length === 0 || hasScript(command)) return undefined
  return `expected it behind the script of ${nameOf(words[at])}, where it is not read as code`
}

function hasScript(words: readonly string[]): boolean {
  const script = isShellScript(words) ? words[2] : words[1]
  if (isOption(script)) return false
  if (isShellScript(words)) return isLiteral(script)
  // `node inspect FILE` has none.
  return isPlainName(script) && /[./]/.test(script ?? '') && !/^\/(?:dev|proc)\//.test(script ?? '')
}

function whyArgument(words: readonly string[]): string | undefined {
  const isOwn = hasScript(words) || /\.\w+$/.test(fileOf(words[0]))
  for (const [at, word] of words.entries()) {
    if (!hasValue(word)) continue
    // Nobody has expanded it so far: somebody will.
    if (/\$[\w({]|&&|\|\|/.test(word)) return 'expected text around it, got what looks like a script'
    // A program of one's own reads no options, as a rule; those of others do.
    if (
      word.startsWith(mark.text) &&
      !isOwn &&
      !isOption(words[at - 1]) &&
      !words.slice(0, at).includes('--')
    )
      return 'expected text, an option or -- before it, because a text that begins with - would be an option'
  }
  return undefined
}
