import { describe, expect, it } from 'vitest'
import { join } from 'node:path'
import { root } from '../../../scripts/stack/shipped-files.ts'
import { createMatcher } from '../../../src/calls/matcher.ts'
import { metristImporter } from '../../../src/foreign/metrist/import.ts'
import { importDocument, importFile } from '../support.ts'

const fixture = join(root, 'test/commands/import/fixtures/metrist.yml')

/** The target that gets a call. */
async function targetOf(method: string, host: string, path: string): Promise<string | undefined> {
  const { config } = await importFile(metristImporter, fixture)
  return createMatcher(config.callTargets)({ method, host, path, operation: '' })?.name
}

describe('probity import metrist', () => {
  it('makes a target that is judged on calls of every pattern, in the order of the file', async () => {
    const { config, text } = await importFile(metristImporter, fixture)
    expect(config.targets).toEqual([])
    expect(config.callTargets.map(({ name }) => name)).toEqual([
      'braintree.Transaction',
      'stripe.Charge.create',
      'stripe.Refund',
      'everything.Else',
      'number.Path',
      'dollars.Path',
    ])
    expect(text).toContain(
      '  - name: braintree.Transaction\n    calls:\n      host: api.*.braintreegateway.com\n      path: /transaction$\n',
    )
  })

  it.each([
    ['POST', 'api.sandbox.braintreegateway.com', '/merchants/1/transaction', 'braintree.Transaction'],
    ['POST', 'api.stripe.com', '/v1/charges', 'stripe.Charge.create'],
    ['GET', 'api.stripe.com', '/v1/charges', 'stripe.Refund'],
    ['GET', 'other.example', '/', 'everything.Else'],
  ])('finds the pattern of %s %s%s', async (method, host, path, name) => {
    expect(await targetOf(method, host, path)).toBe(name)
  })

  it('says what is different, and where', async () => {
    const { notes } = await importFile(metristImporter, fixture)
    expect(notes).toEqual([
      'patterns["stripe.Charge.create"].url: the query is not compared, because Probity removes it from every call',
      'patterns["stripe.Refund"].host: the port is not compared, because Probity removes it from every call',
      'patterns["everything.Else"]: matches every call, so the patterns after it get none',
      'patterns["dollars.Path"].colour: is not supported here',
      expect.stringMatching(
        /^patterns\["lookbehind\.Charge"\]\.host: left out, because "\(\?<!test\)\S+ is not a valid RE2 regex/,
      ) as unknown,
      'logging: is not supported here',
    ])
  })

  it('refuses a file without patterns', async () => {
    await expect(importDocument(metristImporter, { targets: [] })).rejects.toThrow(
      /source\.yml is not a configuration of Metrist's orchestrator: it has no patterns:/,
    )
  })
})
