import { expect, it } from 'vitest'
import { readBodyWithin } from '../../../src/lib/http/limited-body.ts'

it.each([
  ['', 0],
  ['café', 5],
])('reads %j, which has %i bytes', async (text, most) => {
  expect(await readBodyWithin(new Response(text), most)).toBe(text)
})

it('refuses a body that is larger', async () => {
  await expect(readBodyWithin(new Response('café'), 4)).rejects.toThrow('its answer is larger than 4 bytes')
})
