import { ZodError } from 'zod'
import type { StatusFormat } from '../config/document/vendor-status.ts'
import { messageOf } from '../lib/errors.ts'
import { aws } from './formats/aws.ts'
import { betterstack } from './formats/betterstack.ts'
import type { ReadOptions, StatusReader } from './formats/format.ts'
import { google } from './formats/google.ts'
import { instatus } from './formats/instatus.ts'
import { statuspage } from './formats/statuspage.ts'
import { says, VendorFormatError, type VendorSays } from './said.ts'

/** The formats in JSON. A new one is a file and a row here, and in `statusFormats`. */
const readers: Readonly<Record<Exclude<StatusFormat, 'feed'>, StatusReader>> = {
  statuspage,
  instatus,
  betterstack,
  google,
  aws,
}

/** Bytes of a document in XML: its parser takes longer than that of JSON. */
const maxXmlBytes = 2 * 1024 * 1024

export interface DocumentOptions extends ReadOptions {
  /** Absent: the content says it. */
  readonly format?: StatusFormat
}

/**
 * Reads what a vendor publishes.
 *
 * @param body Text in UTF-8, or in UTF-16 with its mark.
 * @throws VendorFormatError in words for a person.
 */
export async function readVendorDocument(
  body: Buffer,
  { format, ...options }: DocumentOptions,
): Promise<VendorSays> {
  const text = decode(body)
  try {
    if (format === 'feed' || (format === undefined && /^\s*</.test(text.slice(0, 1000))))
      return await readXml(text, options)
    const document = parseJson(text)
    // Google and AWS say with an empty list that nothing goes on.
    if (Array.isArray(document) && document.length === 0) return says('operational', [])
    const reader =
      format === undefined ? Object.values(readers).find((one) => one.recognizes(document)) : readers[format]
    if (!reader)
      throw new VendorFormatError(
        'the document has none of the known formats: check the URL, or say the format',
      )
    return reader.read(document, options)
  } catch (error) {
    if (error instanceof VendorFormatError) throw error
    if (!(error instanceof ZodError))
      throw new VendorFormatError(`it cannot be read: ${messageOf(error)}`, { cause: error })
    const [issue] = error.issues
    const place = issue?.path.map(String).join('.') ?? ''
    throw new VendorFormatError(
      `the document is not in the format${format ? ` ${format}` : ''}: ${place}: ${issue?.message ?? ''}`,
      {
        cause: error,
      },
    )
  }
}

function decode(body: Buffer): string {
  const [first, second] = body
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding).decode(body)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new VendorFormatError('the document is neither JSON nor XML', { cause })
  }
}

async function readXml(text: string, options: ReadOptions): Promise<VendorSays> {
  if (text.length > maxXmlBytes) throw new VendorFormatError('the feed is larger than 2 MiB')
  // Feeds are rare, and everything else needs no parser.
  const { readFeed } = await import('./formats/feed.ts')
  return readFeed(text, options)
}
