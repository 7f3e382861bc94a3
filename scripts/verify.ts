import { verify, type Step } from './verify/verify.ts'

const npmRun = (script: string, ...args: string[]): Step => ({
  name: script,
  command: ['npm', 'run', '--silent', script, '--', ...args],
})

const passed = await verify({
  steps: [npmRun('build')],
  beside: [
    npmRun('lint'),
    npmRun('typecheck'),
    npmRun('format:check'),
    npmRun('knip'),
    npmRun('generate', '--check'),
  ],
  tests: npmRun('test'),
  print: console.log,
  now: () => performance.now(),
})
process.exitCode = passed ? 0 : 1
