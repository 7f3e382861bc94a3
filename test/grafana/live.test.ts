import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ask,
  promDashboards,
  defaultValues,
  interpolate,
  openingRange,
  optionsOf,
  queriesOf,
  type DashboardJson,
  type TimeRange,
} from '../support/grafana.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { prometheuses } from '../support/programs/prometheus.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { waitFor } from '../support/time/wait-for.ts'
import { startDashboardStack, type DashboardStack } from './stack.ts'
import { findings, type Finding } from './findings.ts'
import { emptyWhenAllIsWell, situations } from './when-empty.ts'

const queries = promDashboards.flatMap((dashboard) =>
  queriesOf(dashboard).map((query) => ({
    dashboard,
    query,
    name: `${dashboard.title}, ${query.panel.title}, ${query.refId}`,
    until: emptyWhenAllIsWell.find(
      ({ uid, panel, refId }) =>
        uid === dashboard.uid && panel === query.panel.title && refId === query.refId,
    )?.until,
  })),
)
const variables = promDashboards.flatMap((dashboard) =>
  dashboard.templating.list
    .filter(({ type }) => type === 'query')
    .map((variable) => ({ dashboard, variable, name: `${dashboard.title}, $${variable.name}` })),
)
const annotations = promDashboards.flatMap((dashboard) =>
  dashboard.annotations.list.map((annotation) => ({
    dashboard,
    ...annotation,
    name: `${dashboard.title}, ${annotation.name}`,
  })),
)

/** Every query of every dashboard, with every variable's default, asked of the real Prometheus. */
describeWithTool(['prometheus', 'promtool', 'prometheus-alertmanager'], 'the dashboards', () => {
  describe.each(prometheuses)('on %s', (program) => {
    let stack: DashboardStack
    let known: Map<string, ReturnType<typeof defaultValues>>
    let knownSince = 0

    beforeAll(async () => {
      stack = await startDashboardStack(program, await tempFolder())
    })

    afterAll(async () => {
      await stack.stop()
    })

    /**
     * The answer to a query as its panel opens. The hours of a dashboard are zoomed in on, because there is nothing yet to fill
     * them; to the next point of a graph, so that what is there now shows.
     */
    async function answer({ dashboard, query }: Pick<(typeof queries)[number], 'dashboard' | 'query'>) {
      const now = Date.now() / 1000
      const opening = openingRange(dashboard, query.panel, now)
      const range = opening.from < now - 86_400 ? opening : { from: now - 900, to: now + 15 }
      return ask(stack.prometheus, query, await valuesOf(dashboard, range), range)
    }

    /** The defaults of a dashboard. The queries of its panels share them for a moment, as those of an open dashboard do. */
    function valuesOf(dashboard: DashboardJson, range: TimeRange): ReturnType<typeof defaultValues> {
      if (performance.now() - knownSince > 2000) {
        known = new Map()
        knownSince = performance.now()
      }
      const key = `${dashboard.uid} ${Math.round(range.to - range.from)}`
      const values = known.get(key) ?? defaultValues(dashboard, stack.prometheus, range)
      known.set(key, values)
      values.catch(() => known.delete(key))
      return values
    }

    async function returnsData(which: (typeof queries)[number]): Promise<void> {
      const { remarks } = await waitFor('data', async () => {
        const found = await answer(which)
        return found.series.some(({ values }) => values.length > 0) ? found : undefined
      })
      expect(remarks).toEqual([])
    }

    /** Whether the answer has a series with these labels, whose newest value is this one. */
    async function says({ uid, panel, refId, labels, value }: Finding): Promise<boolean> {
      const which = queries.find(
        ({ dashboard, query }) =>
          dashboard.uid === uid && query.panel.title === panel && query.refId === refId,
      )!
      const { series } = await answer(which)
      return series.some(
        ({ metric, values }) =>
          Object.entries(labels).every(([name, is]) => metric[name] === is) &&
          (value === undefined || Math.abs(Number(values.at(-1)?.[1]) - value) < 1e-6),
      )
    }

    const inThis = (situation: Finding['when']) =>
      findings
        .filter(({ when }) => when === situation)
        .map((finding) => ({
          finding,
          name: `${finding.uid}, ${finding.panel}: ${JSON.stringify(finding.labels)} ${finding.value ?? ''}`,
        }))

    describe('while all is well', () => {
      it.each(queries.filter(({ until }) => until === undefined))('$name: returns data', returnsData)

      it.each(queries.filter(({ until }) => until !== undefined))('$name: is empty', async (which) => {
        // A busy machine may have been late with a scrape: what that shows is over soon.
        const { remarks } = await waitFor('nothing is left', async () => {
          const found = await answer(which)
          return found.series.length === 0 ? found : undefined
        })
        expect(remarks).toEqual([])
      })

      it.each(inThis('all is well'))('$name', async ({ finding }) => {
        await waitFor('it says so', () => says(finding))
      })

      it.each(variables)('$name: has options', async ({ dashboard, variable }) => {
        const range = { from: Date.now() / 1000 - 3600, to: Date.now() / 1000 }
        const values = await defaultValues(dashboard, stack.prometheus, range)
        expect((await optionsOf(variable, values, stack.prometheus, range)).length).toBeGreaterThan(0)
      })
    })

    describe.each(situations)('when %s', (situation) => {
      beforeAll(async () => {
        if (situation === 'targets are down') stack.fail()
        else await stack.recover()
      })

      it.each(queries.filter(({ until }) => until === situation))('$name: returns data', returnsData)

      it.each(inThis(situation))('$name', async ({ finding }) => {
        await waitFor('it says so', () => says(finding))
      })

      it.each(annotations)('$name: is answered without remarks', async ({ dashboard, expr }) => {
        const range = { from: Date.now() / 1000 - 900, to: Date.now() / 1000 }
        const values = await defaultValues(dashboard, stack.prometheus, range)
        const { remarks } = await stack.prometheus.queryRange(
          interpolate(expr, values),
          range.from,
          range.to,
          60,
        )
        expect(remarks).toEqual([])
      })

      it('every query is answered without remarks', async () => {
        const answers = await Promise.all(
          queries.map(async (which) => ({ name: which.name, ...(await answer(which)) })),
        )
        expect(answers.filter(({ remarks }) => remarks.length > 0)).toEqual([])
      })
    })
  })
})
