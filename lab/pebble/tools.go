//go:build tools

// Package pebble pins the ACME directory, and the DNS server for it, that tests/integration/tls runs the store against.
package pebble

import (
	_ "github.com/letsencrypt/pebble/v2/cmd/pebble"
	_ "github.com/letsencrypt/pebble/v2/cmd/pebble-challtestsrv"
)
