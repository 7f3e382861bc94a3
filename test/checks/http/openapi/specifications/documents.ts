import { publicApi, type PublicApi } from './specifications.ts'

interface Documented {
  readonly file: PublicApi
  readonly path: string
  /** A good answer. */
  readonly base: () => unknown
}

function exampleOf(name: string): () => unknown {
  return () => {
    const { components } = publicApi('github.json')
    const { examples } = components as {
      readonly examples: Readonly<Record<string, { readonly value: unknown }>>
    }
    return examples[name]?.value
  }
}

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
