import { listedTargets, watchedNames, type Config } from '../../config/config.ts'
import { followPosts } from '../../config/posts/store.ts'
import { createConfigStore } from '../../config/store.ts'
import { listenExporter } from './listen.ts'
import { exporterApp } from '../../exporter/app.ts'
import { assertOriginsGuarded } from '../../exporter/cross-origin.ts'
import { ownMetrics } from '../../exporter/own-metrics.ts'
import { targetInfo } from '../../exporter/target-info.ts'
import { SharedProbes, type Observation } from '../../exporter/shared-probes.ts'
import { systemClock } from '../../lib/time/clock.ts'
import { systemTimers } from '../../lib/time/timers.ts'
import { createClosing } from '../../lib/io/closing.ts'
import { createLeaving } from '../../lib/http/leaving.ts'
import { createKeeping } from '../../lib/io/keeping.ts'
import { discoveryMetrics } from '../../metrics/discovery.ts'
import { keepingMetric, lastCrashMetric } from '../../metrics/keeping.ts'
import { refuseSpans, tracesPath } from '../../calls/otlp/route.ts'
import { statusApi } from '../../web/api/routes.ts'
import { startCallsReceiver } from '../calls/receiver.ts'
import type { ExporterDependencies, ExporterOptions } from '../start-options.ts'
import { startRecording } from '../recording/recording.ts'
import { startReporting } from '../recording/reporting.ts'
import { openApiRoute } from '../openapi.ts'
import { judgeNews, openHeartbeats } from '../heartbeats.ts'
import { startExplaining } from '../explain/running.ts'
import { openSilences } from '../silences/open.ts'
import { recordSilences } from '../silences/record.ts'
import { labelsOfTargets } from '../silences/silenced-targets.ts'
import { createSilencing } from '../silences/silencing.ts'
import { silencesRoute } from '../../web/api/silences.ts'
import { commandRunsRoute } from '../../web/api/command-runs.ts'
import { explanationRoute } from '../../web/api/explanation.ts'
import { historyRoutes, storedReports } from '../report/stored.ts'
import { watchCalls } from '../calls/seen.ts'
import { openSubscribing } from '../subscribing/open.ts'
import { startStatus } from '../status/status.ts'
import { reloadAll } from '../../settings/reload/reload-all.ts'
import { foreignFormats } from '../../foreign/index.ts'
import { createDriftLog } from '../probing/drift.ts'
import { logObservation, logRemarks } from './log.ts'
import { adHocProbes } from '../probing/ad-hoc.ts'
import { createPictures } from '../status/pictures.ts'
import { startWitnesses } from '../status/witnesses.ts'
import { startProbing } from '../probing/probing.ts'
import { openAccess } from '../access.ts'
import { withOwnAddress } from '../setup/own-address.ts'
import { builtAssets } from '../../web/pages/assets.ts'
import { createSendLogin } from '../../web/pages/login.ts'
import { exporterPages } from './pages.ts'
import type { Exporter } from './running.ts'

/**
 * Starts an exporter.
 *
 * @throws ProbityError When the configuration is invalid, a folder cannot be used, or the address cannot be bound.
 */
export async function startExporter(
  options: ExporterOptions,
  dependencies: ExporterDependencies,
): Promise<Exporter> {
  const { log, clock = systemClock, timers = systemTimers, deciding } = dependencies
  const env = withOwnAddress(dependencies.env ?? process.env, options)
  const {
    keeping = createKeeping({ log, now: clock.now }),
    alsoReload = () => Promise.resolve(),
    onObservation = (observation: Observation) => {
      logObservation(log, observation)
    },
  } = dependencies
  const { remote, configFile, configStorage, routePrefix = '', corsOrigins = [] } = options
  const { location = 'default' } = options
  const store = createConfigStore({
    file: configFile,
    env,
    foreign: foreignFormats,
    log,
    ...(remote && { remote }),
    ...(configStorage !== undefined && { storagePath: configStorage }),
    kept: keeping.reader,
    clock,
    timers,
  })
  const config = (): Config => store.current
  const closing = createClosing()
  try {
    await store.start()
    closing.push(() => store.stop())
    const metrics = ownMetrics(() => store.status)
    const { registry } = metrics
    const posts = await followPosts({ configFile, log })
    closing.push(posts.stop)
    const assets = builtAssets()
    const access = await openAccess(
      {
        ...options,
        registry,
        sendLogin: createSendLogin(assets),
        refuse: { [tracesPath]: refuseSpans },
        pathOfHost: (name) => store.current.publicPages?.find(({ host }) => host === name)?.path,
      },
      { env, clock, log },
    )
    closing.push(access.stop)
    const tokenRequired = (): boolean => access.tokens.required('calls')
    assertOriginsGuarded(corsOrigins, tokenRequired)
    keepingMetric(registry, keeping)
    lastCrashMetric(registry, options.lastCrash)
    discoveryMetrics(registry, store.sources)
    const recording =
      options.history && (await startRecording(options.history, { location, registry, keeping, clock, log }))
    closing.push(() => recording?.stop() ?? Promise.resolve())
    const report = recording && storedReports(recording, config, clock)
    const reporting = await startReporting(options, { location, registry, keeping, clock, timers, log })
    closing.push(reporting.stop)
    const onReport = judgeNews({ config, probes: () => probes, log })
    const keptBy = { keeping, clock, timers, log, onReport, sql: recording?.sharedSql }
    const heartbeats = await openHeartbeats(options.storagePath, keptBy)
    closing.push(() => heartbeats.stop())
    const probers = { heartbeat: () => Promise.resolve(heartbeats.probe) }
    const probing = startProbing(options.probeThreads ?? 0, { probers, registry, clock, log })
    closing.push(probing.end)
    const logDrift = createDriftLog(log, clock)
    const shared = {
      clock,
      timers,
      run: probing.probe,
      onObservation: (observation: Observation) => {
        metrics.probeEnded(observation)
        recording?.observe(observation)
        reporting.observe(observation)
        status.observe(observation.target, observation.result)
        logDrift(observation)
        witnesses.observe(observation.target, observation.result)
        pictures.observe(observation.target, observation.result)
        onObservation(observation)
      },
    }
    const probes = new SharedProbes(shared)
    closing.push(() => probes.end())
    const pictures = createPictures({ storagePath: options.storagePath, log })
    closing.push(pictures.stop)
    const seenCalls = watchCalls({ location, clock, timers, own: deciding })
    closing.push(seenCalls.stop)
    seenCalls.setTargets(store.current.callTargets)
    const kept = { ...options, own: dependencies.silences, ownLinks: dependencies.links, keeping }
    const { keeper, links, ...silences } = await openSilences({ ...kept, clock, timers, log })
    closing.push(silences.stop)
    const labels = labelsOfTargets(config, location)
    const silencing = keeper && createSilencing({ keeper, config, labels, clock, log })
    closing.push(recordSilences(keeper, recording?.history, { labels, location, clock, timers, log }))
    const asked = { config, last: probes, calls: seenCalls, recording, registry, env }
    const witnesses = startWitnesses({ ...asked, clock, timers, log })
    closing.push(witnesses.stop)
    const status = startStatus({
      config,
      silenced: silencing?.marks,
      lastResult: (target) => probes.last(target)?.result,
      calls: seenCalls,
      vendorSays: witnesses.says,
      failing: witnesses.failing,
      recording,
      location,
      clock,
      log,
    })
    const subscribing = openSubscribing(
      options,
      deciding?.notify,
      { config, recording, source: status, posts: posts.current, location, access },
      { env, clock, timers, log },
    )
    closing.push(subscribing.stop)
    const explain =
      recording &&
      startExplaining({
        ...asked,
        configFile,
        documents: store.documents,
        history: recording.history,
        location,
        clock,
        silences: keeper,
        deciding,
      })
    const calls = await startCallsReceiver(
      { udp: options.calls, otlpGrpc: options.otlpGrpcAddress },
      { store, clock, tokens: access.tokens, tls: access.tls, log },
    )
    closing.push(() => calls.stop())
    calls.onCall(seenCalls.observe)
    if (recording) calls.onCall(recording.observeCall)
    const leaving = createLeaving({ delayMs: options.shutdownDelayMs ?? 0, timers })
    const reload = (): Promise<void> => reloadAll(store.reload, access.reload, alsoReload)
    logRemarks(store.current, log)
    recording?.configChanged(store.current)
    await heartbeats.configChanged(store.current)
    store.onChange((changed) => {
      probing.forget()
      logRemarks(changed, log)
      recording?.configChanged(changed)
      subscribing.configChanged()
      // What was seen of a target before it was paused is still shown.
      probes.retain(listedTargets(changed))
      status.retain(listedTargets(changed))
      void pictures.retain(listedTargets(changed))
      seenCalls.setTargets(changed.callTargets)
      witnesses.configChanged(changed)
      void heartbeats.configChanged(changed)
    })
    const app = exporterApp(
      {
        config,
        reload,
        lifecycle: options.lifecycle ?? false,
        ...(options.externalUrl && { externalUrl: options.externalUrl }),
        routePrefix,
        location,
        registry,
        *moreMetrics(request) {
          yield* targetInfo(store.current)
          yield* calls.metrics(request)
        },
        probes,
        adHocProbes: adHocProbes({ clock, run: probing.probe, onObservation: metrics.probeEnded, log }),
        ready: () => !leaving.begun(),
        keeping,
        heartbeats,
        crossOrigin: { origins: corsOrigins, tokenRequired },
        access: { ...access, reportsForAll: (request) => access.isKnownTo(request, 'heartbeat') },
        clock,
        log,
      },
      [
        ...access.routes,
        ...(dependencies.moreRoutes?.(access) ?? []),
        ...calls.routes,
        ...(recording && report ? historyRoutes(recording, report, { ...options, config, clock }) : []),
        ...(explain ? [explanationRoute(explain)] : []),
        ...(silencing ? [silencesRoute({ silencing, ...silences, ...access })] : []),
        commandRunsRoute(status),
        ...subscribing.routes((request) => access.isKnownTo(request, 'subscribers')),
        openApiRoute(),
        statusApi({ source: status, now: clock.now }),
        exporterPages(options, dependencies, {
          access,
          status,
          keeping,
          sources: store.sources,
          explain,
          silencing,
          links,
          subscribing: subscribing.subscribing,
          pictureOf: pictures.of,
          callsUrl: calls.udpUrl,
          posts: posts.current,
          assets,
          clock,
        }),
      ],
    )
    const url = await listenExporter(leaving.announce(access.door(app)), options, { access, closing, log })
    const { udpUrl: callsUrl, otlpGrpcUrl } = calls
    log.info(
      { url, callsUrl, otlpGrpcUrl, targets: watchedNames(store.current).length },
      `${deciding ? 'solo' : 'exporter'} is listening`,
    )
    return {
      url,
      registry,
      ...(callsUrl !== undefined && { callsUrl }),
      ...(otlpGrpcUrl !== undefined && { otlpGrpcUrl }),
      onCall: calls.onCall,
      heartbeatLedger: heartbeats.ledger,
      report,
      reload,
      config,
      onConfig: (listener) => void store.onChange(listener),
      probe: (target) => probes.begin({ target, timeoutSeconds: target.timeout }),
      last: (target) => probes.last(target),
      calls: status.calls,
      commandRuns: status,
      testimony: witnesses.testimony,
      leave: leaving.leave,
      async stop() {
        // First, because it ends answers that would go on forever.
        await calls.stop()
        await closing.close()
      },
    }
  } catch (error) {
    await closing.close()
    throw error
  }
}
