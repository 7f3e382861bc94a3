import { expect, it } from 'vitest'
import { reloadAll } from '../../src/settings/reload/reload-all.ts'

it('loads the rest although one cannot be loaded, and says what is wrong with each', async () => {
  const done: string[] = []
  const good = (): Promise<void> => {
    done.push('good')
    return Promise.resolve()
  }
  const bad = (message: string) => (): Promise<void> => Promise.reject(new TypeError(message))
  await reloadAll(good)
  await expect(reloadAll(bad('a:1'), good)).rejects.toThrow(new TypeError('a:1'))
  await expect(reloadAll(bad('a:1'), good, bad('b:2'))).rejects.toThrow('a:1\nb:2')
  expect(done).toEqual(['good', 'good', 'good'])
})
