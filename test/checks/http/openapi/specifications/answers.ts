import { publicApi, type PublicApi } from './specifications.ts'

/** A document that a change may take apart as it likes. */
// oxlint-disable-next-line typescript/no-explicit-any
type Loose = any

export interface PublicAnswer {
  readonly operation: keyof typeof documents
  readonly what: string
  /** What makes this answer of the good one. Default: nothing. */
  readonly change?: (document: Loose) => void
  /** What is said of it, with `()` for the operation. Absent: it is good. */
  readonly message?: string
}

interface Documented {
  readonly file: PublicApi
  readonly path: string
  /** A good answer. */
  readonly base: () => unknown
}

const exampleOf = (name: string) => (): unknown =>
  (publicApi('github.json') as Loose).components.examples[name].value
const user = { id: '7', handle: 'ada', img_url: 'https://img.example/7' }
const at = '2026-11-29T12:00:00Z'

/** Operations of public APIs, with a good answer of each. */
export const documents = {
  limits: { file: 'github.json', path: '/rate_limit', base: exampleOf('rate-limit-overview') },
  release: {
    file: 'github.json',
    path: '/repos/{owner}/{repo}/releases/latest',
    base: exampleOf('release'),
  },
  licence: { file: 'github.json', path: '/repos/{owner}/{repo}/license', base: exampleOf('license-content') },
  languages: { file: 'github.json', path: '/repos/{owner}/{repo}/languages', base: exampleOf('language') },
  user: { file: 'github.json', path: '/users/{username}', base: exampleOf('public-user-default-response') },
  me: { file: 'figma.yaml', path: '/v1/me', base: () => ({ ...user, email: 'ada@example.com' }) },
  versions: {
    file: 'figma.yaml',
    path: '/v1/files/{file_key}/versions',
    base: () => ({
      versions: [{ id: '1', created_at: at, label: null, description: 'first', user }],
      pagination: { next_page: 'https://api.figma.example/2' },
    }),
  },
  styles: {
    file: 'figma.yaml',
    path: '/v1/teams/{team_id}/styles',
    base: () => ({
      status: 200,
      error: false,
      meta: {
        styles: [
          {
            ...{ key: 'k', file_key: 'f', node_id: '1:2', style_type: 'FILL', name: 'Blue' },
            ...{ description: '', created_at: at, updated_at: at, user, sort_position: '1' },
          },
        ],
        cursor: { before: 1, after: 2 },
      },
    }),
  },
  comments: {
    file: 'figma.yaml',
    path: '/v1/files/{file_key}/comments',
    base: () => ({
      comments: [
        {
          ...{ id: '1', client_meta: { node_id: '1:2', node_offset: { x: 1, y: 2 } }, file_key: 'f', user },
          ...{ created_at: at, message: 'hello', reactions: [], order_id: null },
        },
      ],
    }),
  },
  animals: {
    file: 'star-trek.json',
    path: '/animal/search',
    base: () => ({
      page: { pageNumber: 0, pageSize: 50, firstPage: true },
      sort: { clauses: [{ name: 'name', direction: 'ASC', clauseOrder: 0 }] },
      animals: [{ uid: 'ANMA0000264633', name: 'Tribble', earthAnimal: false }],
    }),
  },
  branches: {
    file: 'readme.json',
    path: '/branches',
    base: () => ({
      ...{ total: 1, page: 1, per_page: 10, type: 'version' },
      paging: { next: null, previous: null, first: null, last: null },
      data: [
        {
          ...{
            base: null,
            display_name: null,
            name: '1.0',
            privacy: { view: 'public' },
            uri: '/branches/1.0',
          },
          ...{ release_stage: 'release', source: 'readme', state: 'current', updated_at: at },
        },
      ],
    }),
  },
} satisfies Readonly<Record<string, Documented>>

/** Good answers and bad ones. */
export const answers: readonly PublicAnswer[] = [
  { operation: 'limits', what: 'as its example' },
  {
    operation: 'limits',
    what: 'a field that is new',
    change: (limits) => {
      limits.resources.new = { limit: 'none' }
    },
  },
  {
    operation: 'limits',
    what: 'a missing property',
    change: (limits) => {
      delete limits.rate
    },
    message: 'expected $ to have the property "rate" (), got an object',
  },
  {
    operation: 'limits',
    what: 'a missing property below',
    change: (limits) => {
      delete limits.resources.core.used
    },
    message: 'expected $.resources.core to have the property "used" (), got an object',
  },
  {
    operation: 'limits',
    what: 'a number as text',
    change: (limits) => {
      limits.resources.core.limit = '60'
    },
    message: 'expected $.resources.core.limit to be a whole number (), got text',
  },
  {
    operation: 'limits',
    what: 'a fraction',
    change: (limits) => {
      limits.resources.search.reset = 1.5
    },
    message: 'expected $.resources.search.reset to be a whole number (), got a number',
  },
  { operation: 'release', what: 'as its example' },
  {
    operation: 'release',
    what: 'null where it may be',
    change: (release) => {
      release.body = null
      release.assets[0].uploader = null
    },
  },
  {
    operation: 'release',
    what: 'no assets',
    change: (release) => {
      release.assets = []
    },
  },
  {
    operation: 'release',
    what: 'null where it may not be',
    change: (release) => {
      release.draft = null
    },
    message: 'expected $.draft to be true or false (), got null',
  },
  {
    operation: 'release',
    what: 'a broken link',
    change: (release) => {
      release.html_url = 'not a link'
    },
    message: 'expected $.html_url to be a valid uri (), got other text',
  },
  {
    operation: 'release',
    what: 'a time that is not one',
    change: (release) => {
      release.created_at = 'yesterday'
    },
    message: 'expected $.created_at to be a valid date-time (), got other text',
  },
  {
    operation: 'release',
    what: 'an unknown value',
    change: (release) => {
      release.assets[0].state = 'lost'
    },
    message: 'expected $.assets[0].state to be one of ["uploaded","open"] (), got other text',
  },
  {
    operation: 'release',
    what: 'text for an object that may be null',
    change: (release) => {
      release.assets[0].uploader = 'octocat'
    },
    message: 'expected $.assets[0].uploader to be an object or null (), got text',
  },
  {
    operation: 'release',
    what: 'an object for a list',
    change: (release) => {
      release.assets = {}
    },
    message: 'expected $.assets to be an array (), got an object',
  },
  {
    operation: 'release',
    what: 'another type below a reference',
    change: (release) => {
      release.author.id = '1'
    },
    message: 'expected $.author.id to be a whole number (), got text',
  },
  { operation: 'licence', what: 'as its example' },
  {
    operation: 'licence',
    what: 'no licence',
    change: (licence) => {
      licence.license = null
    },
  },
  {
    operation: 'licence',
    what: 'a licence without a key',
    change: (licence) => {
      delete licence.license.key
    },
    message: 'expected $.license to have the property "key" (), got an object',
  },
  {
    operation: 'licence',
    what: 'null for a link',
    change: (licence) => {
      licence._links.self = null
    },
    message: 'expected $._links.self to be text (), got null',
  },
  { operation: 'languages', what: 'as its example' },
  {
    operation: 'languages',
    what: 'a value of another type',
    change: (languages) => {
      languages['C++'] = 'many'
    },
    message: 'expected $["C++"] to be a whole number (), got text',
  },
  { operation: 'user', what: 'as its example' },
  {
    operation: 'user',
    what: 'neither of two schemas',
    change: (found) => {
      delete found.login
    },
    message: 'expected $ to be valid against one of several schemas (), got an object',
  },
  { operation: 'me', what: 'all of it' },
  {
    operation: 'me',
    what: 'what the second of two schemas requires',
    change: (me) => {
      delete me.email
    },
    message: 'expected $ to have the property "email" (), got an object',
  },
  {
    operation: 'me',
    what: 'a number for an identifier',
    change: (me) => {
      me.id = 7
    },
    message: 'expected $.id to be text (), got a number',
  },
  { operation: 'versions', what: 'all of it' },
  {
    operation: 'versions',
    what: 'a missing property that may be null',
    change: ({ versions }) => {
      delete versions[0].label
    },
    message: 'expected $.versions[0] to have the property "label" (), got an object',
  },
  {
    operation: 'versions',
    what: 'neither of two types',
    change: ({ versions }) => {
      versions[0].description = false
    },
    message: 'expected $.versions[0].description to be text or null (), got a boolean',
  },
  {
    operation: 'versions',
    what: 'null for an object',
    change: (document) => {
      document.pagination = null
    },
    message: 'expected $.pagination to be an object (), got null',
  },
  { operation: 'styles', what: 'all of it' },
  {
    operation: 'styles',
    what: 'another number',
    change: (styles) => {
      styles.status = 201
    },
    message: 'expected $.status to be one of [200] (), got another number',
  },
  {
    operation: 'styles',
    what: 'the other truth',
    change: (styles) => {
      styles.error = true
    },
    message: 'expected $.error to be one of [false] (), got a boolean',
  },
  {
    operation: 'styles',
    what: 'an unknown value behind a reference',
    change: ({ meta }) => {
      meta.styles[0].style_type = 'STRIPES'
    },
    message:
      'expected $.meta.styles[0].style_type to be one of ["FILL","TEXT","EFFECT","GRID"] (), got other text',
  },
  {
    operation: 'styles',
    what: 'text for a number',
    change: ({ meta }) => {
      meta.cursor.after = 'end'
    },
    message: 'expected $.meta.cursor.after to be a number (), got text',
  },
  { operation: 'comments', what: 'all of it' },
  {
    operation: 'comments',
    what: 'none of several schemas',
    change: ({ comments }) => {
      comments[0].client_meta = { x: 1 }
    },
    message:
      'expected $.comments[0].client_meta to be valid against one of several schemas (), got an object',
  },
  {
    operation: 'comments',
    what: 'more than one of several schemas',
    change: ({ comments }) => {
      comments[0].client_meta = {
        x: 1,
        y: 2,
        region_height: 3,
        region_width: 4,
        comment_pin_corner: 'top-left',
      }
    },
    message:
      'expected $.comments[0].client_meta to be valid against exactly one of several schemas, and not against 0 and 2 (counted from 0) (), got an object',
  },
  { operation: 'animals', what: 'all of it' },
  {
    operation: 'animals',
    what: 'an unknown value',
    change: ({ sort }) => {
      sort.clauses[0].direction = 'UP'
    },
    message: 'expected $.sort.clauses[0].direction to be one of ["ASC","DESC"] (), got other text',
  },
  {
    operation: 'animals',
    what: 'a missing property',
    change: ({ animals }) => {
      delete animals[0].uid
    },
    message: 'expected $.animals[0] to have the property "uid" (), got an object',
  },
  {
    operation: 'animals',
    what: 'a number out of its format',
    change: ({ page }) => {
      page.pageSize = 3_000_000_000
    },
    message: 'expected $.page.pageSize to be a valid int32 (), got another number',
  },
  { operation: 'branches', what: 'null, as version 3.0 wrote it' },
  {
    operation: 'branches',
    what: 'a property that none of several schemas has',
    change: ({ data }) => {
      data[0].colour = 'red'
    },
    message: 'expected $ to be valid against one of several schemas (), got an object',
  },
]
