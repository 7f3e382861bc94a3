import type { CommandUnknownOpts } from '@commander-js/extra-typings'

/** A command with the words that may follow it. */
interface Completed {
  /** The words up to it, such as `token create`; empty for the program. */
  readonly path: string
  readonly words: readonly { readonly word: string; readonly description: string }[]
}

type Script = (commands: readonly Completed[]) => string

/** Every shell that can be taught: a row each. */
const scripts = { bash, zsh, fish } satisfies Record<string, Script>

export type Shell = keyof typeof scripts
export const shells = Object.keys(scripts) as Shell[]

/** A script that teaches a shell the commands and flags of a program, as they are now. */
export function completionScript(shell: Shell, program: CommandUnknownOpts): string {
  return scripts[shell](completed(program, ''))
}

function completed(command: CommandUnknownOpts, path: string): Completed[] {
  const commands = command.commands.map((each) => ({ word: each.name(), description: each.description() }))
  const options = command.options.map(({ long, description }) => ({ word: long ?? '', description }))
  const own = { path, words: [...commands, ...options].filter(({ word }) => word !== '') }
  return [own, ...command.commands.flatMap((each) => completed(each, `${path} ${each.name()}`.trim()))]
}

/** For both shells that have words in an array: the longest path of commands that was typed decides. */
function cases(commands: readonly Completed[], assign: (words: Completed['words']) => string): string {
  return commands
    .toReversed()
    .map(({ path, words }) => `    '${path}${path === '' ? '' : ' '}'*) ${assign(words)} ;;`)
    .join('\n')
}

function bash(commands: readonly Completed[]): string {
  return `# bash completion of probity: eval "$(probity completion bash)"
_probity() {
  local typed="\${COMP_WORDS[*]:1:COMP_CWORD-1} " words
  case "\${typed# }" in
${cases(commands, (words) => `words='${words.map(({ word }) => word).join(' ')}'`)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o filenames -F _probity probity
`
}

function zsh(commands: readonly Completed[]): string {
  const quoted = ({ word, description }: Completed['words'][number]): string =>
    `'${`${word.replaceAll(':', '\\:')}:${description}`.replaceAll("'", "'\\''")}'`
  return `#compdef probity
# zsh completion of probity: eval "$(probity completion zsh)"
_probity() {
  local typed="\${words[2,CURRENT-1]} "
  local -a known
  case "\${typed# }" in
${cases(commands, (words) => `known=(${words.map(quoted).join(' ')})`)}
  esac
  _describe 'probity' known || _files
}
compdef _probity probity
`
}

function fish(commands: readonly Completed[]): string {
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const lines = commands.flatMap(({ path, words }) =>
    words.map(({ word, description }) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`
      return `complete -c probity -n ${quoted(`__probity_at ${path}`.trim())} ${what} -d ${quoted(description)}`
    }),
  )
  return `# fish completion of probity: probity completion fish | source
function __probity_at
  set -l typed (commandline -opc)
  set -l path (string match -v -- '-*' $typed[2..])
  if test -z "$argv"
    test -z "$path"
  else
    string match -q -- "$argv*" "$path"
  end
end
${lines.join('\n')}
`
}
