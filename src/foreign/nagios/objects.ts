/** An object of Nagios, or one of its templates, with what it inherits. */
export interface NagiosObject {
  /** Such as `service`. */
  readonly type: string
  /** `services.cfg:12`, where it begins. */
  readonly place: string
  /** In lower case, apart from custom variables. */
  readonly keys: ReadonlyMap<string, string>
}

/** What the files say. */
export interface NagiosFiles {
  readonly objects: readonly NagiosObject[]
  /** Command lines that stand alone: of NRPE (`command[load]=...`), or a plugin at the beginning of a line. */
  readonly lines: readonly { readonly name: string; readonly line: string; readonly place: string }[]
}

/** A file, and how it is named in messages. */
export interface NagiosText {
  readonly name: string
  readonly text: string
}

/**
 * Reads object files and command lines.
 *
 * Source of the format: https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/objectdefinitions.html
 */
export function readNagios(files: readonly NagiosText[]): NagiosFiles {
  const objects: NagiosObject[] = []
  const lines: NagiosFiles['lines'][number][] = []
  for (const { name, text } of files) {
    let open: { type: string; place: string; keys: Map<string, string> } | undefined
    for (const [index, written] of text.split(/\r?\n/).entries()) {
      const place = `${name}:${index + 1}`
      const line = written.replace(/^\s*#.*$/, '').trim()
      if (line === '' || line.startsWith(';')) continue
      const [, type] = /^define\s+(\w+)\s*\{?\s*$/.exec(line) ?? []
      if (type !== undefined) open = { type, place, keys: new Map() }
      else if (line === '{') continue
      else if (line.startsWith('}')) {
        if (open) objects.push(open)
        open = undefined
      } else if (open) setKey(open.keys, line)
      else {
        const [, label, command] = /^command\[([^\]]+)\]\s*=\s*(.*)$/.exec(line) ?? []
        const plain = /^(?:[\w./$-]*\/)?check_\w+(?:\s|$)/.test(line) ? line : undefined
        const found = command ?? plain
        if (found !== undefined) lines.push({ name: label ?? nameOf(found), line: found, place })
      }
    }
  }
  return { objects: inherited(objects), lines }
}

/** The name of a line that has none: the plugin and its host. */
function nameOf(line: string): string {
  const [program = ''] = line.split(/\s/)
  const [, host] = /\s(?:-H\s*|--hostname[= ])(\S+)/.exec(line) ?? []
  return `${program.replace(/^.*\//, '')}${host === undefined ? '' : ` ${host}`}`
}

function setKey(keys: Map<string, string>, line: string): void {
  const [, key = '', value = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? []
  // A semicolon begins a comment, unless a backslash stands before it.
  const [plain = ''] = /^(?:[^\\;]|\\.|\\$)*/.exec(value) ?? []
  keys.set(key.startsWith('_') ? key.toUpperCase() : key.toLowerCase(), plain.replaceAll('\\;', ';').trim())
}

/** How many templates may stand above one another: more are a circle. */
const maxDepth = 30

/** Gives every object what its templates say; templates alone are left out. */
function inherited(objects: readonly NagiosObject[]): NagiosObject[] {
  const templates = new Map<string, NagiosObject>()
  for (const object of objects) {
    const name = object.keys.get('name')
    if (name !== undefined && !templates.has(`${object.type} ${name}`))
      templates.set(`${object.type} ${name}`, object)
  }
  const completed = new Map<NagiosObject, ReadonlyMap<string, string>>()
  const open = new Set<NagiosObject>()
  const complete = (object: NagiosObject): ReadonlyMap<string, string> => {
    const known = completed.get(object)
    if (known) return known
    // Templates that stand above themselves say nothing more.
    if (open.has(object) || open.size > maxDepth) return new Map()
    open.add(object)
    const keys = new Map<string, string>()
    for (const name of (object.keys.get('use') ?? '').split(',')) {
      const template = templates.get(`${object.type} ${name.trim()}`)
      // The first template that has a key counts.
      for (const [key, value] of template ? complete(template) : [])
        if (!keys.has(key) && key !== 'register' && key !== 'name') keys.set(key, value)
    }
    for (const [key, value] of object.keys) keys.set(key, value)
    open.delete(object)
    completed.set(object, keys)
    return keys
  }
  return objects
    .filter(({ keys }) => keys.get('register') !== '0')
    .map((object) => ({ ...object, keys: complete(object) }))
}
