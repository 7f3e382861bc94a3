import { basename } from 'node:path'
import { testRules } from '../../../prometheus/scratch.ts'
import {
  nameOf,
  readBy,
  rulesFiles,
  rulesOf,
  type AlertTest,
  type ExprTest,
  type RulesFile,
  type TestGroup,
} from '../../../prometheus/shipped.ts'
import { candidates, everyName, type Candidate, type Labels } from './candidates.ts'
import { seriesOf } from './series.ts'
import { keyOf, playSolo, type Moment } from './solo.ts'
import { evaluation, renamed, stepOf, type Story } from './story.ts'
import { flapsByEarlierChanges, isUnknown, remembering } from './unknown.ts'

interface Run {
  readonly firing: boolean
  readonly moments: readonly Moment[]
}

/** Stretches in which an alert fires, or does not, without a gap between two moments. */
function runsOf(moments: readonly Moment[], candidate: Candidate, story: Story): Run[] {
  const runs: { firing: boolean; moments: Moment[] }[] = []
  const key = keyOf(candidate.labels)
  const flaps = flapsByEarlierChanges(moments, candidate)
  let firedBefore: boolean | undefined
  let forgotten = false
  for (const moment of moments) {
    const firing = moment.firing.has(key)
    if (flaps.has(moment.at) || isUnknown(moment.at, candidate, story)) {
      firedBefore = undefined
      forgotten = moment.at > 0 && remembering.has(candidate.rule.id)
      continue
    }
    if (firedBefore !== undefined && firedBefore !== firing) forgotten = false
    firedBefore = firing
    if (forgotten) continue
    const run = runs.at(-1)
    const follows = run?.moments.at(-1)?.at === moment.at - evaluation
    if (run && follows && run.firing === firing) run.moments.push(moment)
    else runs.push({ firing, moments: [moment] })
  }
  return runs
}

const selector = (labels: Labels): string =>
  Object.entries({ ...labels, alertstate: 'firing' })
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')

/** What solo says of one alert, as questions to Prometheus that leave out one evaluation at each edge. */
function questions(story: Story, moments: readonly Moment[], candidate: Candidate): ExprTest[] {
  return runsOf(moments, candidate, story).flatMap((run): ExprTest[] => {
    const inner = run.moments.slice(1, -1)
    const [first, last] = [inner[0], inner.at(-1)]
    if (!first || !last) return []
    const seconds = last.at - first.at + Math.floor(evaluation / 2)
    return [
      {
        expr: `sum(count_over_time(ALERTS{${selector(candidate.labels)}}[${seconds}s]))`,
        eval_time: `${last.at}s`,
        exp_samples: run.firing ? [{ labels: '{}', value: inner.length }] : [],
      },
    ]
  })
}

/** What a comparison came to. */
export interface Compared {
  readonly passed: boolean
  readonly output: string
  /** The names of the alerts that solo said to fire, where Prometheus was asked about it. */
  readonly fired: ReadonlySet<string>
}

/** Stories that Prometheus is told at once: that costs little more than one. */
const together = 20

/**
 * Plays stories to solo, and asks Prometheus with the shipped rules whether it says the same.
 *
 * @param alertnames Those to compare. Default: all that can fire in a story.
 */
export async function compare(
  stories: readonly Story[],
  folder: string,
  alertnames: ReadonlySet<string> = everyName,
): Promise<Compared> {
  const fired = new Set<string>()
  const told = stories
    .map((story, index) => renamed(story, String(index)))
    .map((story) => ({ story, moments: playSolo(story) }))
    .sort((a, b) => a.story.length - b.story.length)
  const asked = ({ story, moments }: (typeof told)[number]): ExprTest[] =>
    candidates(story)
      .filter(({ rule }) => alertnames.has(rule.alertname))
      .flatMap((candidate) => {
        const found = questions(story, moments, candidate)
        if (found.some(({ exp_samples: samples }) => samples.length > 0)) fired.add(candidate.rule.alertname)
        return found
      })
  const groups = Array.from({ length: Math.ceil(told.length / together) }, (_, index) =>
    told.slice(index * together, (index + 1) * together),
  )
  const result = await ask(
    groups.map((some) => {
      const step = stepOf(some.map(({ story }) => story))
      return {
        name: some.map(({ story }) => story.name).join('; '),
        interval: `${step * 1000}ms`,
        input_series: some.flatMap(({ story }) => seriesOf(story, step)),
        promql_expr_test: some.flatMap(asked),
      }
    }),
    rulesNeeded(alertnames, false),
    folder,
  )
  return { ...result, fired }
}

/** Asks Prometheus for the words of alerts at the moments at which they begin. */
export function compareWords(
  stories: readonly { readonly story: Story; readonly alertname: string; readonly at: number }[],
  folder: string,
): ReturnType<typeof testRules> {
  return ask(
    stories.map(({ story, alertname, at }) => ({
      name: story.name,
      interval: `${stepOf([story]) * 1000}ms`,
      input_series: seriesOf(story, stepOf([story])),
      alert_rule_test: [wordsAt(playSolo(story), at, alertname)],
    })),
    rulesNeeded(new Set(stories.map(({ alertname }) => alertname)), true),
    folder,
  )
}

function ask(
  groups: readonly (TestGroup & { readonly interval: string })[],
  rules: readonly RulesFile[],
  folder: string,
): ReturnType<typeof testRules> {
  const tests = {
    file: 'stories.test.yml',
    rule_files: rules.map(({ file }) => `../rules/${basename(file)}`),
    evaluation_interval: `${evaluation}s`,
    group_eval_order: rules.flatMap((file) => file.groups.map(({ name }) => name)).reverse(),
    tests: groups,
  }
  return testRules({ rules, tests }, folder)
}

/** The alerts of a name as Prometheus should tell them: what solo adds from the messages of failed checks is left out. */
function wordsAt(moments: readonly Moment[], at: number, alertname: string): AlertTest {
  const { firing } = moments.find((moment) => moment.at === at)!
  const told = [...firing.values()].filter(({ labels }) => labels.alertname === alertname)
  return {
    eval_time: `${at}s`,
    alertname,
    exp_alerts: told.map(({ labels, annotations }) => {
      const without = (texts: Labels, names: readonly string[]): Labels =>
        Object.fromEntries(Object.entries(texts).filter(([name]) => !names.includes(name)))
      return {
        exp_labels: without(labels, ['alertname']),
        exp_annotations: without(annotations, ['seen', 'phases']),
      }
    }),
  }
}

/** The shipped rules for these alerts and what they read; without their words, which cost queries at every step. */
function rulesNeeded(alertnames: ReadonlySet<string>, withWords: boolean): RulesFile[] {
  const files = rulesFiles.filter(({ file }) => /\/(calls|targets)\.yml$/.test(file))
  const all = files.flatMap(rulesOf).map((rule) => (withWords ? rule : { ...rule, annotations: {} }))
  const needed = new Set(alertnames)
  for (let before = -1; before !== needed.size;) {
    before = needed.size
    for (const rule of all) if (needed.has(nameOf(rule))) for (const name of readBy(rule)) needed.add(name)
  }
  return files.map((file) => ({
    ...file,
    groups: file.groups.map((group) => ({
      ...group,
      rules: group.rules
        .filter((rule) => needed.has(nameOf(rule)))
        .map((rule) => (withWords ? rule : { ...rule, annotations: {} })),
    })),
  }))
}
