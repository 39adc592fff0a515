import { Gauge, type Registry } from 'prom-client'

/** Metrics that had another name. The old one is shown beside the new one for a release. */
export const RENAMED_METRICS: readonly { readonly was: string; readonly is: string }[] = [
  { was: 'akart_engine_troubles_total', is: 'akart_engine_errors_total' },
  { was: 'akart_guessing_sources_total', is: 'akart_enumeration_sources_total' },
  { was: 'akart_unfolded_age_seconds', is: 'akart_projection_lag_seconds' },
  { was: 'akart_unchained_age_seconds', is: 'akart_audit_chain_lag_seconds' },
  { was: 'akart_undelivered_age_seconds', is: 'akart_upstream_saf_lag_seconds' },
  { was: 'akart_webhook_unsent_age_seconds', is: 'akart_webhook_send_lag_seconds' },
  { was: 'akart_webhook_behind_age_seconds', is: 'akart_webhook_delivery_lag_seconds' },
  { was: 'akart_upstream_owed', is: 'akart_upstream_saf_messages' },
  { was: 'akart_upstream_owed_seconds', is: 'akart_upstream_saf_age_seconds' },
]

/** Adds the old names. Called once all metrics are registered; the value of an old name is read from the new one. */
export function showOldNames(registry: Registry): void {
  for (const { was, is } of RENAMED_METRICS) {
    const metric = registry.getSingleMetric(is)
    if (metric === undefined) continue
    // A gauge also for counters, because its value is set and not incremented.
    void new Gauge({
      name: was,
      help: `Deprecated: called ${is} now; the old name goes with the next release`,
      labelNames: labelsOf(metric),
      registers: [registry],
      async collect() {
        this.reset()
        const { values } = await metric.get()
        for (const { labels, value } of values) this.set(labels, value)
      },
    })
  }
}

/** The label names of a metric, which prom-client keeps but does not declare in its types. */
const labelsOf = (metric: unknown): string[] => [...((metric as { labelNames?: readonly string[] }).labelNames ?? [])]
