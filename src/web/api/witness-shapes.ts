import { z } from 'zod'
import { commandRun } from '../../lib/command-run/run.ts'
import { verdicts } from '../../lib/command-run/verdict.ts'
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

/** What a command channel ran for an alert. */
export const commandRunShape = z.strictObject({
  channel: z.string().describe('The channel, as notify.yml names it.'),
  alertname: z.string(),
  alertStartedAt: time,
  occasion: commandRun.shape.occasion.describe(
    'For what it was run: the first notification of the alert, a later one, or its end.',
  ),
  repairs: z.boolean().describe('Whether it is there to repair: it has guard rails.'),
  startedAt: time,
  durationSeconds: seconds,
  outcome: commandRun.shape.outcome,
  exitCode: z.int().optional().describe('Absent if it did not end by itself.'),
  failure: z.string().optional().describe('What went wrong; absent if it succeeded.'),
  output: z.string().describe('The last lines of what it printed, without secrets.'),
  verdict: z
    .enum(verdicts)
    .describe(
      'helped: the target failed before, the run succeeded, and so did the first two checks begun after it; not_helped: one of these checks failed, or the run; already_fine: the last check that had ended before the run had succeeded; unknown: there are no two checks yet, or what was before is not known; unjudged: it does not repair, or the alert is not about failed checks.',
    ),
  checksAfter: z
    .array(z.boolean())
    .max(2)
    .describe('Whether the first checks begun after its end succeeded.'),
})

export const route = z
  .strictObject({
    at: time,
    address: z.string(),
    words: z.string().describe('How far it leads, in one sentence.'),
    lines: z.array(z.string()).describe('What traceroute or tracepath has printed.'),
  })
  .describe('The way to it, as it was traced when its checks began to fail; only with `traceroute`.')
