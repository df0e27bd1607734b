package internal

import (
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/otelcol"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/batchprocessor"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.opentelemetry.io/collector/service/telemetry/otelconftelemetry"

	"github.com/jaegertracing/jaeger/cmd/jaeger/internal/exporters/storageexporter"
	"github.com/jaegertracing/jaeger/cmd/jaeger/internal/extension/jaegerquery"
	"github.com/jaegertracing/jaeger/cmd/jaeger/internal/extension/jaegerstorage"
)

func factories[F component.Factory](parts ...F) map[component.Type]F {
	byType := make(map[component.Type]F, len(parts))
	for _, part := range parts {
		byType[part.Type()] = part
	}
	return byType
}

// Components lists what a configuration may name.
func Components() (otelcol.Factories, error) {
	return otelcol.Factories{
		Telemetry:  otelconftelemetry.NewFactory(),
		Extensions: factories[extension.Factory](jaegerstorage.NewFactory(), jaegerquery.NewFactory()),
		Receivers:  factories[receiver.Factory](otlpreceiver.NewFactory()),
		Processors: factories[processor.Factory](batchprocessor.NewFactory()),
		Exporters:  factories[exporter.Factory](storageexporter.NewFactory()),
	}, nil
}
