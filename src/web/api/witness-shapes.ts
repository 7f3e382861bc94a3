import { z } from 'zod'
import { saidStates } from '../status/vendor.ts'
import { seconds, time } from './scalars.ts'

/** What the vendor of a target says of itself. */
export const vendorSaid = z
  .strictObject({
    name: z.string().describe('As the configuration names it.'),
    state: z.enum(saidStates).describe('unknown: its page could not be read for ten minutes.'),
    title: z.string().optional().describe('What it calls the worst of what goes on; absent if nothing does.'),
    readAt: time.optional().describe('When its page was last read; absent if it never was.'),
  })
  .describe('What the vendor says of itself; present if its `status` is configured.')

/** Whether a vendor admitted an incident. */
export const admission = z
  .strictObject({
    afterSeconds: seconds
      .optional()
      .describe('After the incident began; 0: the vendor had said so before. Absent: it did not say so.'),
  })
  .describe('Whether the vendor admitted it; absent if its page was not read at that time.')

/** What had changed before an incident. */
export const changeBefore = z
  .strictObject({
    title: z.string(),
    seconds: seconds.describe('From the change to the first failed check.'),
  })
  .describe('The last change of the target in the hour before it, as marks say; absent if none is known.')

/** Something that has changed. */
export const markShape = z.strictObject({
  at: time,
  title: z.string().describe('What has changed, such as checkout 1.4.2.'),
  source: z.string().describe('Who said it: api, github, gitlab or calls.'),
  url: z.string().optional(),
  target: z.string().optional().describe('The target that it is about.'),
  labels: z
    .record(z.string(), z.string())
    .optional()
    .describe('The labels of the targets that it is about. Without target and labels: all targets.'),
})
