// Jaeger, cut to what the native stack's configuration names.
package main

import (
	"log"

	"github.com/jaegertracing/jaeger/cmd/jaeger/internal"
)

func main() {
	if err := internal.Command().Execute(); err != nil {
		log.Fatal(err)
	}
}
