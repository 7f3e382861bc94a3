import { connected, type Example } from '../../support/example.ts'

export const example: Example = {
  target: { sql: 'postgres://monitor@db.example.com/shop', query: 'select 1' },
  result: { ...connected, sql: { rows: 1 } },
  facts: [
    ['connected', 'to 192.0.2.7'],
    ['rows', '1'],
  ],
}
