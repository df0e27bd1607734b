// Package jaegerstorage keeps traces in memory and nowhere else.
package jaegerstorage

import (
	"context"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"

	"github.com/jaegertracing/jaeger/internal/storage/v1"
	v1memory "github.com/jaegertracing/jaeger/internal/storage/v1/memory"
	"github.com/jaegertracing/jaeger/internal/storage/v2/api/tracestore"
	"github.com/jaegertracing/jaeger/internal/storage/v2/memory"
	"github.com/jaegertracing/jaeger/internal/telemetry"
)

// ID names the extension in a configuration.
var ID = component.NewID(component.MustNewType("jaeger_storage"))

// Config has the shape of the whole Jaeger's, so that it takes the same file.
type Config struct {
	Backends map[string]Backend `mapstructure:"backends"`
}

// Backend is one named storage.
type Backend struct {
	Memory v1memory.Configuration `mapstructure:"memory"`
}

type storages struct {
	config    *Config
	telemetry component.TelemetrySettings
	factories map[string]tracestore.Factory
}

// NewFactory makes the extension.
func NewFactory() extension.Factory {
	empty := func() component.Config { return &Config{} }
	return extension.NewFactory(ID.Type(), empty, create, component.StabilityLevelBeta)
}

func create(_ context.Context, set extension.Settings, config component.Config) (extension.Extension, error) {
	factories := make(map[string]tracestore.Factory)
	return &storages{config: config.(*Config), telemetry: set.TelemetrySettings, factories: factories}, nil
}

func (s *storages) Start(_ context.Context, host component.Host) error {
	for name, backend := range s.config.Backends {
		factory, err := memory.NewFactory(backend.Memory, telemetry.FromOtelComponent(s.telemetry, host))
		if err != nil {
			return fmt.Errorf("storage %q: %w", name, err)
		}
		s.factories[name] = factory
	}
	return nil
}

func (*storages) Shutdown(context.Context) error { return nil }

// GetTraceStoreFactory finds a storage by its name.
func GetTraceStoreFactory(name string, host component.Host) (tracestore.Factory, error) {
	if found, ok := host.GetExtensions()[ID].(*storages); ok {
		if factory, ok := found.factories[name]; ok {
			return factory, nil
		}
	}
	return nil, fmt.Errorf("%s has no backend %q", ID, name)
}

// GetMetricStorageFactory refuses: the numbers are kept by Prometheus.
func GetMetricStorageFactory(name string, _ component.Host) (storage.MetricStoreFactory, error) {
	return nil, fmt.Errorf("there is no storage of metrics %q", name)
}
