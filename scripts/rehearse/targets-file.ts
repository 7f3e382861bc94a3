import { readFile, rename, writeFile } from 'node:fs/promises'
import { isSeq, parseDocument } from 'yaml'

/** config/targets.yml, edited as a person would: comments stay, and saving replaces the file. */
export interface TargetsFile {
  readonly add: (target: object) => Promise<void>
  /** Appends text that is not YAML. */
  readonly breakIt: () => Promise<void>
  /** Puts back what was there before anything was changed. */
  readonly restore: () => Promise<void>
}

/** Opens the file and remembers what is in it. */
export async function openTargetsFile(path: string): Promise<TargetsFile> {
  const original = await readFile(path, 'utf8')
  const save = async (text: string): Promise<void> => {
    await writeFile(`${path}.new`, text)
    await rename(`${path}.new`, path)
  }
  return {
    async add(target) {
      const document = parseDocument(await readFile(path, 'utf8'))
      const targets = document.get('targets')
      if (!isSeq(targets)) throw new Error(`${path} has no list of targets`)
      targets.add(document.createNode(target))
      await save(document.toString({ lineWidth: 0 }))
    },
    async breakIt() {
      await save(`${await readFile(path, 'utf8')}\n  - ]`)
    },
    restore: () => save(original),
  }
}
