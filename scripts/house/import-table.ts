/**
 * The rooms of the house, the lowest first: what each folder of src/ may import from the others. A folder that is missing
 * here may import nothing but packages. test/house/house.test.ts enforces the table, and holds it against the arrows that
 * exist, so that none is allowed without need.
 */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  settings: ['lib'],
  net: ['settings', 'lib'],
  tokens: ['settings', 'lib'],
  access: ['tokens', 'settings', 'lib'],
  checks: ['net', 'settings', 'lib'],
  config: ['checks', 'net', 'settings', 'lib'],
  foreign: ['config', 'checks', 'net', 'settings', 'lib'],
  metrics: ['config', 'checks', 'lib'],
  channels: ['net', 'settings', 'lib'],
  scheduler: ['config', 'lib'],
  vendors: ['metrics', 'config', 'checks', 'lib'],
  exporter: ['metrics', 'foreign', 'config', 'checks', 'net', 'settings', 'lib'],
  calls: ['metrics', 'tokens', 'config', 'checks', 'settings', 'lib'],
  history: ['metrics', 'config', 'checks', 'lib'],
  alerts: ['metrics', 'channels', 'config', 'checks', 'net', 'settings', 'lib'],
  web: ['config', 'checks', 'net', 'lib'],
  app: [
    'web',
    'alerts',
    'history',
    'calls',
    'exporter',
    'scheduler',
    'vendors',
    'channels',
    'metrics',
    'access',
    'tokens',
    'foreign',
    'config',
    'checks',
    'settings',
    'lib',
  ],
}
