// Starts a render under a business key, or joins it, and waits for the video. Safe to run again at any time.
//
//	go run . order-12345-thumbnail movie.json
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"log/slog"
)

func main() {
	args := os.Args[1:]
	if len(args) == 2 && args[0] == "--vectors" {
		count, err := checkVectors(args[1])
		exitOn(err)
		fmt.Printf("%d vectors hold\n", count)
		return
	}
	if len(args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: <key> <movie.json> [task queue]")
		os.Exit(2)
	}
	taskQueue := "renderonce"
	if len(args) > 2 {
		taskQueue = args[2]
	}
	exitOn(render(context.Background(), taskQueue, args[0], args[1]))
}

func render(ctx context.Context, taskQueue, key, path string) error {
	movie, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	// Reads TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and similar variables, or a TOML profile.
	options, err := envconfig.LoadDefaultClientOptions()
	if err != nil {
		return err
	}
	options.Logger = log.NewStructuredLogger(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	c, err := client.DialContext(ctx, options)
	if err != nil {
		return noEngine{cmp.Or(options.HostPort, client.DefaultHostPort), err}
	}
	defer c.Close()
	replayed, err := submit(ctx, c, taskQueue, key, movie)
	if err != nil {
		return err
	}
	ended, err := outcome(ctx, c, key)
	if err != nil {
		return err
	}
	ended["replayed"] = replayed
	if err := json.NewEncoder(os.Stdout).Encode(ended); err != nil {
		return err
	}
	if ended["status"] != "done" {
		return fmt.Errorf("the render ended %v", ended["status"])
	}
	return nil
}

type noEngine struct {
	address string
	cause   error
}

func (e noEngine) Error() string {
	return fmt.Sprintf("no engine answers at %s: %v; try `npx renderonce dev`", e.address, e.cause)
}

func exitOn(err error) {
	var away noEngine
	var reused keyReused
	var failure *temporal.ApplicationError
	var late *client.WorkflowUpdateServiceTimeoutOrCanceledError
	switch {
	case err == nil:
		return
	case errors.As(err, &reused):
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	case errors.As(err, &away):
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	case errors.As(err, &failure):
		// The type is MovieRejected, RenderAbandoned, IdempotencyKeyReused or RenderCancelled.
		fmt.Fprintf(os.Stderr, "%s: %s\n", failure.Type(), failure.Message())
	case errors.As(err, &late):
		fmt.Fprintln(os.Stderr, "not accepted yet: the render goes on, run this again")
	default:
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(1)
}
