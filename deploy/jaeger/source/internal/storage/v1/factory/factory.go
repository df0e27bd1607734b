// Package factory names what is not built: the choice between storages of the first version.
package factory

import "github.com/jaegertracing/jaeger/internal/storage/v1/api/spanstore"

// ArchiveStorage is never made; the page for queries asks for its type.
type ArchiveStorage struct {
	Reader spanstore.Reader
	Writer spanstore.Writer
}
