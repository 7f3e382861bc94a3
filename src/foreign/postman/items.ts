import { isMapping, type Mapping } from '../../config/document/parts.ts'
import { Fields } from '../shared/fields.ts'
import type { Entry, Names } from '../shared/render.ts'
import { Translation, type Remark } from '../shared/translation.ts'
import { translateRequest } from './request.ts'
import type { Variables } from './variables.ts'

/** What is around a request or a folder. */
export interface Around {
  readonly variables: Variables
  readonly names: Names
  /** Whether a folder of requests becomes one target with steps. */
  readonly transactions: boolean
}

/** A folder, or the collection. */
interface Folder {
  /** Of the folders, from the outside. */
  readonly names: readonly string[]
  readonly auth: Fields | undefined
}

/** Requests of a transaction. */
const maxSteps = 50

/** Makes targets of the items of a collection or of a folder. */
export function targetsOf(parent: Fields, folder: Folder, around: Around): (Entry | Remark)[] {
  const items = parent.items('item')
  const requests = items.filter((item) => item.has('request'))
  const isTransaction =
    around.transactions && folder.names.length > 0 && requests.length > 1 && requests.length <= maxSteps
  const own = isTransaction
    ? [transactionOf(requests, folder, around)]
    : requests.map((item) => targetOf(item, folder, around))
  return [
    ...own,
    ...items
      .filter((item) => !item.has('request'))
      .flatMap((item) => {
        const names = [...folder.names, item.text('name') ?? 'unnamed']
        return targetsOf(item, { names, auth: authOf(item) ?? folder.auth }, around)
      }),
  ]
}

function authOf(fields: Fields): Fields | undefined {
  return isMapping(fields.take('auth')) ? fields.below('auth') : undefined
}

function targetOf(item: Fields, folder: Folder, around: Around): Entry {
  const name = [...folder.names, item.text('name') ?? 'unnamed'].join(' / ')
  const translation = new Translation()
  translation.set(['name'], around.names.unique(name, 'request'), item.at('name'))
  const request = requestOf(item)
  translateRequest({
    ...{ item, request, translation, variables: around.variables },
    ...{ auth: authOf(request) ?? folder.auth, captured: new Set<string>(), name },
  })
  const { capture, ...keys } = translation.keys
  if (capture !== undefined)
    translation.lose(
      item.at('event'),
      'what is captured is not used: import with --transactions, so that the folder is one target',
    )
  return { keys, remarks: [...translation.lost, ...translation.notes] }
}

/** A request is a mapping, or its URL. */
function requestOf(item: Fields): Fields {
  const written = item.take('request')
  return isMapping(written) ? item.below('request') : new Fields({ url: written }, item.at('request'))
}

/** Makes one target of the requests of a folder: each is a step, and knows what earlier ones have captured. */
function transactionOf(requests: readonly Fields[], folder: Folder, around: Around): Entry {
  const name = folder.names.join(' / ')
  const captured = new Set<string>()
  const remarks: Remark[] = []
  const names = new Set<string>()
  const steps = requests.map((item): Mapping => {
    const translation = new Translation()
    const step = stepName(item.text('name') ?? 'step', names)
    const request = requestOf(item)
    translateRequest({
      ...{ item, request, translation, variables: around.variables },
      ...{ auth: authOf(request) ?? folder.auth, captured, name: `${name} ${step}` },
    })
    for (const variable of Object.keys(translation.keys['capture'] ?? {})) captured.add(variable)
    remarks.push(...translation.lost, ...translation.notes)
    return { name: step, ...translation.keys }
  })
  return { keys: { name: around.names.unique(name, 'folder').replaceAll('${', '$${'), steps }, remarks }
}

/** The name of a step: letters, digits and `_.-`, and only once. */
function stepName(written: string, taken: Set<string>): string {
  const plain =
    written
      .replaceAll(/[^A-Za-z0-9_.-]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 50) || 'step'
  let name = plain
  for (let number = 2; taken.has(name); number++) name = `${plain}-${number}`
  taken.add(name)
  return name
}
