import { succeeded, type Example } from '../../../support/example.ts'

export const example: Example = {
  target: { systemd: 'nginx.service' },
  result: {
    ...succeeded,
    systemd: { activeState: 'active', subState: 'running', result: 'success', restarts: 2, exitStatus: 0 },
  },
  facts: [
    ['state', 'active (running)'],
    ['restarts', '2'],
  ],
}
