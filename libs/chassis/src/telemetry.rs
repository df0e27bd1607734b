//! Logs, traces and metrics of a process.

use opentelemetry::global;
use opentelemetry::propagation::{Extractor, Injector};
use opentelemetry::trace::{TraceContextExt, TracerProvider as _};
use opentelemetry_otlp::{Protocol, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, SdkTracerProvider};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

/// Ended spans that wait to be sent, and so many make a batch. The queue is allocated whole, 360 bytes a span.
const QUEUE: usize = 512;
const BATCH: usize = 128;

/// Keeps the exporter alive; dropping it loses the last spans.
#[derive(Debug)]
pub struct Telemetry {
    provider: SdkTracerProvider,
}

impl Telemetry {
    /// Sends out what is still there.
    pub fn flush(&self) {
        if let Err(error) = self.provider.shutdown() {
            tracing::warn!(%error, "the last spans were not taken");
        }
    }
}

/// Starts logging as JSON lines to standard output and, if an endpoint is given, exporting spans. Without one there
/// are traces all the same: their ids stand in logs, problem documents and events.
pub fn start(name: &str, log: &str, otlp: Option<&str>) -> anyhow::Result<Telemetry> {
    global::set_text_map_propagator(TraceContextPropagator::new());
    let provider = provider(name, otlp)?;
    let spans = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("mall"))
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false);
    let lines =
        tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(false);
    tracing_subscriber::registry()
        .with(lines.with_filter(EnvFilter::try_new(log)?))
        .with(spans.with_filter(EnvFilter::try_new("info")?))
        .try_init()?;
    Ok(Telemetry { provider })
}

fn provider(name: &str, otlp: Option<&str>) -> anyhow::Result<SdkTracerProvider> {
    let resource = Resource::builder().with_service_name(format!("{name}-service")).build();
    let provider = SdkTracerProvider::builder().with_resource(resource);
    let Some(endpoint) = otlp else { return Ok(provider.build()) };
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .build()?;
    let queue =
        BatchConfigBuilder::default().with_max_queue_size(QUEUE).with_max_export_batch_size(BATCH);
    let processor = BatchSpanProcessor::builder(exporter).with_batch_config(queue.build()).build();
    Ok(provider.with_span_processor(processor).build())
}

struct Carrier(String);

impl Injector for Carrier {
    fn set(&mut self, key: &str, value: String) {
        if key == "traceparent" {
            self.0 = value;
        }
    }
}

impl Extractor for Carrier {
    fn get(&self, key: &str) -> Option<&str> {
        (key == "traceparent" && !self.0.is_empty()).then_some(self.0.as_str())
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent"]
    }
}

/// The W3C trace parent of the current span, or empty outside of any trace.
pub fn traceparent() -> String {
    let mut carrier = Carrier(String::new());
    let context = Span::current().context();
    global::get_text_map_propagator(|p| p.inject_context(&context, &mut carrier));
    carrier.0
}

/// The current trace's id, or empty.
pub fn trace_id() -> String {
    let context = Span::current().context();
    let span = context.span();
    let id = span.span_context();
    if id.is_valid() { id.trace_id().to_string() } else { String::new() }
}

/// Makes `span` a child of the trace parent, if that is one.
pub fn adopt(span: &Span, traceparent: &str) {
    if traceparent.is_empty() {
        return;
    }
    let carrier = Carrier(traceparent.to_owned());
    let parent = global::get_text_map_propagator(|p| p.extract(&carrier));
    // Fails only when no exporter is installed: then there is nothing to connect.
    span.set_parent(parent).ok();
}
