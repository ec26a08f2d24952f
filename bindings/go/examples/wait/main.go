// Waits for one queued job with a progress line, and prints the URLs of its images, or saves them and prints where.
// Ctrl-C stops it at once.
//
//	MODELSLAB_API_KEY=... wait 12202888 [eta in seconds, as the generation call said]
//
// MLAB_IMAGES is a folder to save the images into; MLAB_ENDPOINT and MLAB_CA_FILE are for a server of your own.
//
// Exit code: 0 the images are there, 3 not yet when the deadline came, 130 stopped by Ctrl-C, 1 something went wrong,
// 2 wrong use.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"time"

	mlab "example.com/mlab/bindings/go"
)

func main() {
	options := mlab.WaitOptions{DownloadDir: os.Getenv("MLAB_IMAGES"), Progress: show}
	if len(os.Args) == 3 {
		eta, err := strconv.ParseFloat(os.Args[2], 64)
		if err != nil || !(eta >= 0) {
			misused()
		}
		options.ETA = time.Duration(eta * float64(time.Second))
	} else if len(os.Args) != 2 {
		misused()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := wait(ctx, os.Args[1], &options)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code(err))
}

func misused() {
	fmt.Fprintln(os.Stderr, "usage: wait ID [ETA IN SECONDS]")
	os.Exit(2)
}

func show(now mlab.Event) {
	fmt.Fprintf(os.Stderr, "%.1f s, poll %d", now.Elapsed.Seconds(), now.Polls)
	if now.NextPoll != mlab.Unknown {
		fmt.Fprintf(os.Stderr, ", next in %.1f s", (now.NextPoll - now.Elapsed).Seconds())
	}
	if now.ETA != mlab.Unknown {
		fmt.Fprintf(os.Stderr, ", the server expects %.1f s more", now.ETA.Seconds())
	}
	fmt.Fprintln(os.Stderr)
}

func wait(ctx context.Context, id string, options *mlab.WaitOptions) error {
	client, err := mlab.NewClient("", &mlab.Options{
		Endpoint: os.Getenv("MLAB_ENDPOINT"), CAFile: os.Getenv("MLAB_CA_FILE"),
	})
	if err != nil {
		return err
	}
	defer client.Close()
	result, err := client.Wait(ctx, id, options)
	if err != nil {
		return err
	}
	for _, image := range result.Images {
		fmt.Printf("%s (%s, %d x %d)\n", image.Path, image.Type, image.Width, image.Height)
	}
	if len(result.Images) == 0 {
		for _, url := range result.URLs {
			fmt.Println(url)
		}
	}
	return nil
}

func code(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, context.Canceled): // The job goes on at the server.
		return 130
	case errors.Is(err, mlab.ErrDeadline):
		return 3
	}
	return 1
}
