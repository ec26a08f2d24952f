// Waits for a queued image of ModelsLab: prints its URLs, or saves the images into a folder. Ctrl-C stops at once.
//
//	wait 12202888 [FOLDER]
//
// The key comes from MODELSLAB_API_KEY, then API_KEY; MLAB_ENDPOINT asks another server.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	mlab "example.com/mlab/bindings/go"
)

func main() {
	if len(os.Args) < 2 || len(os.Args) > 3 {
		fmt.Fprintln(os.Stderr, "usage: wait ID [FOLDER]")
		os.Exit(64)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	options := mlab.WaitOptions{Progress: func(now mlab.Event) {
		fmt.Fprintf(os.Stderr, "%s: poll %d, %.1f s\n", now.ID, now.Polls, now.Elapsed.Seconds())
	}}
	if len(os.Args) == 3 {
		options.DownloadDir = os.Args[2]
	}
	if err := wait(ctx, os.Args[1], &options); errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "stopped; the job goes on at the server")
		os.Exit(130)
	} else if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func wait(ctx context.Context, id string, options *mlab.WaitOptions) error {
	client, err := mlab.NewClient("", &mlab.Options{Endpoint: os.Getenv("MLAB_ENDPOINT")})
	if err != nil {
		return err
	}
	defer client.Close()
	result, err := client.Wait(ctx, id, options)
	if err != nil {
		return err
	}
	for i, url := range result.URLs {
		if options.DownloadDir != "" {
			url = result.Images[i].Path
		}
		fmt.Println(url)
	}
	return nil
}
