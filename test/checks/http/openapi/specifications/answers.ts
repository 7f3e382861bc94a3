import type { documents } from './documents.ts'

/** Takes a property away. */
export const gone = Symbol('gone')

export interface PublicAnswer {
  readonly operation: keyof typeof documents
  readonly what: string
  /** What the good answer has at these places instead, such as `items.0.id`. Default: nothing. */
  readonly change?: Readonly<Record<string, unknown>>
  /** What is said of it, with `()` for the operation. Absent: it is good. */
  readonly message?: string
}

/** Good answers and bad ones. */
export const answers: readonly PublicAnswer[] = [
  { operation: 'limits', what: 'as its example' },
  {
    operation: 'limits',
    what: 'a field that is new',
    change: { 'resources.new': { limit: 'none' } },
  },
  {
    operation: 'limits',
    what: 'a missing property',
    change: { rate: gone },
    message: 'expected $ to have the property "rate" (), got an object',
  },
  {
    operation: 'limits',
    what: 'a missing property below',
    change: { 'resources.core.used': gone },
    message: 'expected $.resources.core to have the property "used" (), got an object',
  },
  {
    operation: 'limits',
    what: 'a number as text',
    change: { 'resources.core.limit': '60' },
    message: 'expected $.resources.core.limit to be a whole number (), got text',
  },
  {
    operation: 'limits',
    what: 'a fraction',
    change: { 'resources.search.reset': 1.5 },
    message: 'expected $.resources.search.reset to be a whole number (), got a number',
  },
  { operation: 'release', what: 'as its example' },
  {
    operation: 'release',
    what: 'null where it may be',
    change: { body: null, 'assets.0.uploader': null },
  },
  {
    operation: 'release',
    what: 'no assets',
    change: { assets: [] },
  },
  {
    operation: 'release',
    what: 'null where it may not be',
    change: { draft: null },
    message: 'expected $.draft to be true or false (), got null',
  },
  {
    operation: 'release',
    what: 'a broken link',
    change: { html_url: 'not a link' },
    message: 'expected $.html_url to be a valid uri (), got other text',
  },
  {
    operation: 'release',
    what: 'a time that is not one',
    change: { created_at: 'yesterday' },
    message: 'expected $.created_at to be a valid date-time (), got other text',
  },
  {
    operation: 'release',
    what: 'an unknown value',
    change: { 'assets.0.state': 'lost' },
    message: 'expected $.assets[0].state to be one of ["uploaded","open"] (), got other text',
  },
  {
    operation: 'release',
    what: 'text for an object that may be null',
    change: { 'assets.0.uploader': 'octocat' },
    message: 'expected $.assets[0].uploader to be an object or null (), got text',
  },
  {
    operation: 'release',
    what: 'an object for a list',
    change: { assets: {} },
    message: 'expected $.assets to be an array (), got an object',
  },
  {
    operation: 'release',
    what: 'another type below a reference',
    change: { 'author.id': '1' },
    message: 'expected $.author.id to be a whole number (), got text',
  },
  { operation: 'licence', what: 'as its example' },
  {
    operation: 'licence',
    what: 'no licence',
    change: { license: null },
  },
  {
    operation: 'licence',
    what: 'a licence without a key',
    change: { 'license.key': gone },
    message: 'expected $.license to have the property "key" (), got an object',
  },
  {
    operation: 'licence',
    what: 'null for a link',
    change: { '_links.self': null },
    message: 'expected $._links.self to be text (), got null',
  },
  { operation: 'languages', what: 'as its example' },
  {
    operation: 'languages',
    what: 'a value of another type',
    change: { 'C++': 'many' },
    message: 'expected $["C++"] to be a whole number (), got text',
  },
  { operation: 'user', what: 'as its example' },
  {
    operation: 'user',
    what: 'neither of two schemas',
    change: { login: gone },
    message: 'expected $ to be valid against one of several schemas (), got an object',
  },
  { operation: 'me', what: 'all of it' },
  {
    operation: 'me',
    what: 'what the second of two schemas requires',
    change: { email: gone },
    message: 'expected $ to have the property "email" (), got an object',
  },
  {
    operation: 'me',
    what: 'a number for an identifier',
    change: { id: 7 },
    message: 'expected $.id to be text (), got a number',
  },
  { operation: 'versions', what: 'all of it' },
  {
    operation: 'versions',
    what: 'a missing property that may be null',
    change: { 'versions.0.label': gone },
    message: 'expected $.versions[0] to have the property "label" (), got an object',
  },
  {
    operation: 'versions',
    what: 'neither of two types',
    change: { 'versions.0.description': false },
    message: 'expected $.versions[0].description to be text or null (), got a boolean',
  },
  {
    operation: 'versions',
    what: 'null for an object',
    change: { pagination: null },
    message: 'expected $.pagination to be an object (), got null',
  },
  { operation: 'styles', what: 'all of it' },
  {
    operation: 'styles',
    what: 'another number',
    change: { status: 201 },
    message: 'expected $.status to be one of [200] (), got another number',
  },
  {
    operation: 'styles',
    what: 'the other truth',
    change: { error: true },
    message: 'expected $.error to be one of [false] (), got a boolean',
  },
  {
    operation: 'styles',
    what: 'an unknown value behind a reference',
    change: { 'meta.styles.0.style_type': 'STRIPES' },
    message:
      'expected $.meta.styles[0].style_type to be one of ["FILL","TEXT","EFFECT","GRID"] (), got other text',
  },
  {
    operation: 'styles',
    what: 'text for a number',
    change: { 'meta.cursor.after': 'end' },
    message: 'expected $.meta.cursor.after to be a number (), got text',
  },
  { operation: 'comments', what: 'all of it' },
  {
    operation: 'comments',
    what: 'none of several schemas',
    change: { 'comments.0.client_meta': { x: 1 } },
    message:
      'expected $.comments[0].client_meta to be valid against one of several schemas (), got an object',
  },
  {
    operation: 'comments',
    what: 'more than one of several schemas',
    change: {
      'comments.0.client_meta': {
        x: 1,
        y: 2,
        region_height: 3,
        region_width: 4,
        comment_pin_corner: 'top-left',
      },
    },
    message:
      'expected $.comments[0].client_meta to be valid against exactly one of several schemas, and not against 0 and 2 (counted from 0) (), got an object',
  },
  { operation: 'animals', what: 'all of it' },
  {
    operation: 'animals',
    what: 'an unknown value',
    change: { 'sort.clauses.0.direction': 'UP' },
    message: 'expected $.sort.clauses[0].direction to be one of ["ASC","DESC"] (), got other text',
  },
  {
    operation: 'animals',
    what: 'a missing property',
    change: { 'animals.0.uid': gone },
    message: 'expected $.animals[0] to have the property "uid" (), got an object',
  },
  {
    operation: 'animals',
    what: 'a number out of its format',
    change: { 'page.pageSize': 3_000_000_000 },
    message: 'expected $.page.pageSize to be a valid int32 (), got another number',
  },
  { operation: 'branches', what: 'null, as version 3.0 wrote it' },
  {
    operation: 'branches',
    what: 'a property that none of several schemas has',
    change: { 'data.0.colour': 'red' },
    message: 'expected $ to be valid against one of several schemas (), got an object',
  },
]
