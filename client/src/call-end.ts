import { types } from 'node:util'
import { errorName } from './error-name.ts'
import { isAbort } from './wire/call.ts'
import { httpStatusOfGrpc } from './wire/grpc-status.ts'

/** How a call ended, as it is reported. */
export interface CallEnd {
  /** The code or the name of what was thrown. Empty when nothing was, or when it does not count as an error. */
  readonly error: string
  /** The HTTP status of the API's answer, where what was thrown carries one. */
  readonly status?: number
}

/** The end of a call that returned. */
export const returned: CallEnd = { error: '' }

/** Whether what a call threw says that the API failed. */
export type IsError = (thrown: unknown) => boolean

/**
 * The end of a call that threw. The status decides where there is one: a card that is declined with 402 is an answer of
 * the API. `isError` overrules it, and one that throws has no say.
 */
export function endOf(thrown: unknown, isError?: IsError): CallEnd {
  const error = errorName(thrown)
  const status = statusOf(thrown)
  switch (verdict(thrown, isError)) {
    case true:
      return { error: isAbort(error) ? 'Error' : error }
    case false:
      return returned
    case undefined:
      return status === undefined ? { error } : { error, status }
  }
}

function verdict(thrown: unknown, isError: IsError | undefined): boolean | undefined {
  try {
    // Programs without types return whatever is true or false enough, or a promise, which says nothing yet.
    const said: unknown = isError?.(thrown)
    return said === undefined || types.isPromise(said) ? undefined : Boolean(said)
  } catch {
    return undefined
  }
}

type Fields = Partial<Record<string, unknown>>

/** Where the SDKs keep the status, the most explicit place first. */
const places: readonly ((error: Fields) => unknown)[] = [
  ({ status }) => status, // OpenAI, Twilio, gaxios
  ({ statusCode }) => statusCode, // Stripe, Elasticsearch
  ({ response }) => (response as Fields | undefined)?.status, // axios, fetch wrappers
  ({ response }) => (response as Fields | undefined)?.statusCode, // got, request
  ({ $metadata }) => ($metadata as Fields | undefined)?.httpStatusCode, // AWS SDK v3
  ({ meta }) => (meta as Fields | undefined)?.statusCode, // Elasticsearch
  ({ code, metadata, details }) =>
    metadata !== undefined || details !== undefined ? httpStatusOfGrpc(code) : undefined,
]

function statusOf(thrown: unknown): number | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined
  for (const place of places) {
    try {
      const status = place(thrown)
      if (Number.isInteger(status) && (status as number) >= 100 && (status as number) <= 599) {
        return status as number
      }
    } catch {
      // A getter threw. The others may still say it.
    }
  }
  return undefined
}
