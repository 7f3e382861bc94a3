import prettier from 'eslint-config-prettier'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

/**
 * The import table: what each folder of src/ may import from the others. Siblings on a level stay apart, and the
 * composition roots in commands/ wire them. A folder that is missing here may import nothing but node modules.
 */
const mayImport: Record<string, string[]> = {
  lib: [],
  config: ['lib'],
  probers: ['config', 'lib'],
  metrics: ['config', 'lib'],
  channels: ['config', 'lib'],
  exporter: ['probers', 'metrics', 'channels', 'config', 'lib'],
  web: ['probers', 'metrics', 'channels', 'config', 'lib'],
  alerts: ['probers', 'metrics', 'channels', 'config', 'lib'],
  history: ['probers', 'metrics', 'channels', 'config', 'lib'],
  calls: ['probers', 'metrics', 'channels', 'config', 'lib'],
  scheduler: ['config', 'lib'],
  dashboards: ['metrics', 'lib'],
}
const folders = [...Object.keys(mayImport), 'commands']

/** The types of a probe's result are the one thing that siblings share. */
const probeResultTypes = {
  regex: '^\\.\\./probers/prober\\.ts$',
  allowTypeImports: true,
  message: 'Types only.',
}

const importTable = Object.entries(mayImport).map(([folder, allowed]) => {
  const forbidden = folders.filter((other) => other !== folder && !allowed.includes(other))
  const patterns = forbidden.map((other) => ({
    regex: `^\\.\\./(\\.\\./)*${other}/(?!prober\\.ts$)`,
    message: `src/${folder} may import only: ${allowed.join(', ') || 'nothing of src'} (see ARCHITECTURE.md).`,
  }))
  return {
    files: [`src/${folder}/**/*.ts`],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error' as const,
        { patterns: allowed.includes('probers') ? patterns : [...patterns, probeResultTypes] },
      ] as ['error', object],
    },
  }
})

export default defineConfig(
  globalIgnores(['dist', 'node_modules', 'client/dist', 'bin/probity.cjs', 'scripts/verify/sequencer.mjs']),
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
    },
  },
  ...importTable,
  {
    files: ['test/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts'],
    rules: { 'no-console': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  prettier,
)
