// Package slogor has what lego asks of the logger of this name, whose module the proxies do not serve: lines of slog.
package slogor

import (
	"io"
	"log/slog"
)

// OptionFn sets one option of the handler.
type OptionFn func(*slog.HandlerOptions)

// SetLevel sets the lowest level that is written.
func SetLevel(level slog.Leveler) OptionFn {
	return func(options *slog.HandlerOptions) { options.Level = level }
}

// SetTimeFormat changes nothing: slog writes RFC 3339.
func SetTimeFormat(string) OptionFn { return func(*slog.HandlerOptions) {} }

// DisableColor changes nothing: there are no colours.
func DisableColor() OptionFn { return func(*slog.HandlerOptions) {} }

// NewHandler is slog's handler for text.
func NewHandler(out io.Writer, options ...OptionFn) slog.Handler {
	chosen := &slog.HandlerOptions{}
	for _, option := range options {
		option(chosen)
	}
	return slog.NewTextHandler(out, chosen)
}
