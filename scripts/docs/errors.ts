import { errorCodes } from '../../src/lib/error-codes.ts'

/** docs/errors.md: every code that Probity gives an error. */
export function errorsDoc(): string {
  const rows = Object.entries(errorCodes).map(([code, { when, remedy }]) => `| \`${code}\` | ${when} | ${remedy} |`)
  return `# Errors

<!-- Generated from src/lib/error-codes.ts by \`npm run generate\`. -->

Each error that Probity itself raises has a message and a code, which logs show as \`code\`. The message may change from version to
version; the code does not. A failed check is not an error: its reasons are in [Kinds of checks](checks.md).

| code | when | what to do |
|---|---|---|
${rows.join('\n')}
`
}
