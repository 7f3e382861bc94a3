import { succeeded, type Example } from '../../../support/example.ts'

export const example: Example = {
  target: { docker: 'shop-db-1' },
  result: { ...succeeded, docker: { state: 'running', health: 'healthy', restarts: 2, oomKilled: false } },
  facts: [
    ['state', 'running'],
    ['health', 'healthy'],
    ['restarts', '2'],
  ],
}
