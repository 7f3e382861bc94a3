import { cut, oneLine } from '../../lib/text/text.ts'
import type { Notification } from '../channel.ts'

/** What is to be said about the message itself, as a sentence; empty where there is nothing. */
export function remarkOf({ remark }: Pick<Notification, 'remark'>): string {
  if (remark === undefined) return ''
  return `${remark.slice(0, 1).toUpperCase()}${cut(oneLine(remark.slice(1)), 300)}.`
}
