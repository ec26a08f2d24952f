// Times calls for `cargo bench --bench bindings`, and prints nanoseconds a call:
//
//	bench fetch SAMPLES BATCH URL
//	bench parse SAMPLES BATCH FILE
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"sort"
	"strconv"
	"time"

	mlab "example.com/mlab/bindings/go"
)

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		log.Fatal(err)
	}
	return n
}

const warming = 400 * time.Millisecond

func main() {
	if len(os.Args) != 5 {
		log.Fatal("usage: bench MODE SAMPLES BATCH (URL | FILE)")
	}
	mode, samples, batch, target := os.Args[1], number(os.Args[2]), number(os.Args[3]), os.Args[4]
	var call func() *mlab.Result
	if mode == "fetch" {
		client, err := mlab.NewClient("test-key-not-real", &mlab.Options{Endpoint: target})
		if err != nil {
			log.Fatal(err)
		}
		defer client.Close()
		call = func() *mlab.Result {
			result, err := client.Fetch(context.Background(), "12202888")
			if err != nil {
				log.Fatal(err)
			}
			return result
		}
	} else {
		body, err := os.ReadFile(target)
		if err != nil {
			log.Fatal(err)
		}
		call = func() *mlab.Result {
			result, err := mlab.Parse(body, 200)
			if err != nil {
				log.Fatal(err)
			}
			return result
		}
	}
	for begun := time.Now(); time.Since(begun) < warming; {
		call()
	}
	var result *mlab.Result
	took := make([]float64, samples)
	for i := range took {
		start := time.Now()
		for j := 0; j < batch; j++ {
			result = call()
		}
		took[i] = float64(time.Since(start).Nanoseconds()) / float64(batch)
	}
	sort.Float64s(took)
	length := 0
	for _, url := range result.URLs {
		length += len(url)
	}
	fmt.Printf("bytes=%d min=%.1f median=%.1f p90=%.1f\n", length, took[0], took[samples/2], took[samples*9/10])
}
