import type { TestsFile } from './shipped.ts'

/** The same tests, in series, expectations and texts, for somebody whose jobs have other names. */
export function withOtherJobs({ file, ...content }: TestsFile): TestsFile {
  const text = JSON.stringify(content)
    .replace(/\bjob=\\"(\w+)\\"/g, String.raw`job=\"other-$1\"`)
    .replace(/"job":"(\w+)"/g, '"job":"other-$1"')
    .replace(/"summary":"(\w+) rejected/g, '"summary":"other-$1 rejected')
  return { file, ...(JSON.parse(text) as Omit<TestsFile, 'file'>) }
}
