package mlab

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

const testKey = "test-key-not-real"

var background = context.Background()

// soon is for jobs that are ready half a second after their first poll.
var soon = &WaitOptions{ETA: 600 * time.Millisecond, MinPoll: time.Second}

func client(t testing.TB, options *Options) *Client {
	t.Helper()
	if os.Getenv("MLAB_TEST_HTTP") == "" {
		t.Skip("MLAB_TEST_HTTP is not set: cargo test runs these tests against the stand-in")
	}
	if options == nil {
		options = &Options{}
	}
	if options.Endpoint == "" {
		options.Endpoint = os.Getenv("MLAB_TEST_HTTP")
	}
	made, err := NewClient(testKey, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { made.Close() })
	return made
}

func is(t testing.TB, err error, targets ...error) {
	t.Helper()
	for _, target := range targets {
		if !errors.Is(err, target) {
			t.Fatalf("is %v (%T) and should be %v", err, err, target)
		}
	}
}

func no(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func within(t testing.TB, limit time.Duration, act func()) {
	t.Helper()
	at := time.Now()
	act()
	if took := time.Since(at); took > limit {
		t.Fatalf("took %v", took)
	}
}

func TestWaitGivesTheURLsOfAReadyJob(t *testing.T) {
	result, err := client(t, nil).Wait(background, "12202888", nil)
	no(t, err)
	if len(result.URLs) != 4 || len(result.Output()) != 4 || !result.Ready() || result.HTTPStatus != 200 {
		t.Fatalf("%+v", result)
	}
}

func TestFetchOfAJobThatIsNotReadyIsNoError(t *testing.T) {
	result, err := client(t, nil).Fetch(background, "never-go-fetch")
	no(t, err)
	if result.Status != Processing || result.Ready() || len(result.URLs) != 0 {
		t.Fatalf("%+v", result)
	}
}

func TestErrorsAreFoundByStatusAndByGroup(t *testing.T) {
	c := client(t, &Options{Retries: -1})
	_, err := c.Wait(background, "fail-go", nil)
	is(t, err, ErrJobFailed, GroupJob)
	_, err = c.Fetch(background, "auth-go")
	is(t, err, ErrAuth, GroupAccount)
	_, err = c.Fetch(background, "rate-go")
	is(t, err, ErrRateLimited, GroupAccount)
	var failed *Error
	if !errors.As(err, &failed) || failed.Result.RetryAfter <= 0 || !failed.Result.Retryable {
		t.Fatalf("%+v", failed)
	}
	_, err = c.Fetch(background, "busy-go")
	is(t, err, ErrServer, GroupNetwork)
}

func TestAnUnreachableServerIsANetworkError(t *testing.T) {
	_, err := client(t, &Options{Endpoint: os.Getenv("MLAB_TEST_UNREACHABLE"), Retries: -1}).Fetch(background, "1")
	is(t, err, ErrConnect, GroupNetwork)
}

func TestTextIsUTF8BothWays(t *testing.T) {
	result, err := client(t, &Options{Endpoint: os.Getenv("MLAB_TEST_UTF8")}).Fetch(background, "1")
	no(t, err)
	if result.Message != "fertig: 日本" || result.URLs[0] != "https://images.example/é/😀" {
		t.Fatalf("%+v", result)
	}
}

func TestABodyIsBytesWhateverIsInIt(t *testing.T) {
	body := []byte("\x00a\x00\xffb\x00")
	c := client(t, &Options{Endpoint: os.Getenv("MLAB_TEST_BINARY")})
	for name, call := range map[string]func() error{
		"fetch": func() error { _, err := c.Fetch(background, "1"); return err },
		"wait":  func() error { _, err := c.Wait(background, "1", nil); return err },
	} {
		err := call()
		is(t, err, ErrAuth)
		var failed *Error
		if !errors.As(err, &failed) || !bytes.Equal(failed.Result.Body, body) {
			t.Errorf("%s: %+v", name, failed)
		}
	}
	_, err := Parse(body, 401)
	is(t, err, ErrAuth)
	var failed *Error
	if !errors.As(err, &failed) || !bytes.Equal(failed.Result.Body, body) {
		t.Errorf("%+v", failed)
	}
}

func TestParseFailsAsAFetchDoes(t *testing.T) {
	ready, err := Parse([]byte(`{"status":"success","output":["https://images.example/1.png"]}`), 200)
	no(t, err)
	if !ready.Ready() || len(ready.URLs) != 1 {
		t.Fatalf("%+v", ready)
	}
	waiting, err := Parse([]byte(`{"status":"processing"}`), 0)
	no(t, err)
	if waiting.Status != Processing {
		t.Fatalf("%+v", waiting)
	}
	_, err = Parse([]byte("{}"), 429)
	is(t, err, ErrRateLimited, GroupAccount)
	for _, status := range []int{-1, 7, 1<<32 + 200} {
		_, err = Parse([]byte("{}"), status)
		is(t, err, ErrInvalidArgument)
	}
}

func TestAnIDOf64BitsSurvives(t *testing.T) {
	result, err := client(t, nil).Wait(background, "18446744073709551615", soon)
	no(t, err)
	if result.ID != "18446744073709551615" {
		t.Fatal(result.ID)
	}
}

func TestAStringThatCWouldCutIsRefused(t *testing.T) {
	c := client(t, nil)
	_, err := c.Fetch(background, "12202888\x00x")
	is(t, err, GroupArgument)
	_, err = c.Wait(background, "12202888\x00x", nil)
	is(t, err, GroupArgument)
	_, err = c.Download(background, "https://a.example/1.png", "a\x00b", nil)
	is(t, err, GroupArgument)
	_, err = NewClient("a\x00b", nil)
	is(t, err, GroupArgument)
	if c.Pending() != 0 {
		t.Fatal("there are jobs")
	}
}

func TestOptionsAreRefusedByName(t *testing.T) {
	client(t, nil)
	for name, options := range map[string]*Options{
		"Endpoint":       {Endpoint: "no url"},
		"ConnectTimeout": {ConnectTimeout: -time.Second},
		"CAPEM":          {CAPEM: "no certificate"},
		"Retries":        {Retries: 1 << 32},
		"Roots":          {Roots: 2},
	} {
		_, err := NewClient(testKey, options)
		is(t, err, ErrInvalidArgument)
		if !strings.HasPrefix(err.Error(), "mlab: "+name+": ") {
			t.Errorf("%v", err)
		}
	}
}

func TestRootsAreTheSystemsOrTheBundledOnes(t *testing.T) {
	for _, roots := range []Roots{RootsBundled, RootsSystem} {
		client(t, &Options{Endpoint: os.Getenv("MLAB_TEST_HTTP"), Roots: roots})
	}
}

func TestTheKeyComesFromTheEnvironment(t *testing.T) {
	client(t, nil)
	options := &Options{Endpoint: os.Getenv("MLAB_TEST_HTTP")}
	t.Setenv("API_KEY", "")
	_, err := NewClient("", options)
	is(t, err, GroupArgument)
	for _, set := range [][2]string{{"", testKey}, {testKey, "another-key-not-real"}} {
		t.Setenv("MODELSLAB_API_KEY", set[0])
		t.Setenv("API_KEY", set[1])
		c, err := NewClient("", options)
		no(t, err)
		_, err = c.Fetch(background, "12202888")
		no(t, err)
		c.Close()
	}
}

func TestAContextEndsADownloadAndLeavesNoFile(t *testing.T) {
	c, folder, url := client(t, nil), t.TempDir(), os.Getenv("MLAB_TEST_STALLED")
	took := time.Hour
	for try := 0; try < 3 && took >= 300*time.Millisecond; try++ {
		ctx, cancel := context.WithCancel(background)
		var at time.Time
		time.AfterFunc(200*time.Millisecond, func() { at = time.Now(); cancel() })
		_, err := c.Download(ctx, url, filepath.Join(folder, "1.png"), nil)
		took = time.Since(at)
		is(t, err, context.Canceled, ErrCancelled)
	}
	if took >= 300*time.Millisecond {
		t.Error(took)
	}
	// A worker removes what has come, a moment after the download's end.
	for at := time.Now(); ; runtime.Gosched() {
		left, err := os.ReadDir(folder)
		no(t, err)
		if len(left) == 0 {
			break
		}
		if time.Since(at) > 5*time.Second {
			t.Fatal(left)
		}
	}
}

func TestImagesComeIntoMemoryAndFiles(t *testing.T) {
	c := client(t, nil)
	folder := filepath.Join(t.TempDir(), "bilder-é-日本")
	no(t, os.Mkdir(folder, 0o777))
	result, err := c.Wait(background, "12202888", &WaitOptions{DownloadMemory: 1 << 20})
	no(t, err)
	saved, err := c.Wait(background, "12202888", &WaitOptions{DownloadDir: folder})
	no(t, err)
	for i, kind := range []string{"image/png", "image/jpeg", "image/webp", "image/gif"} {
		read, err := os.ReadFile(saved.Images[i].Path)
		no(t, err)
		if in := result.Images[i]; in.Type != kind || in.Width != 64 || in.Path != "" || !bytes.Equal(in.Bytes, read) {
			t.Errorf("image %d: %s, %d bytes, file %d bytes", i, in.Type, len(in.Bytes), len(read))
		}
	}
	path := filepath.Join(folder, "eins-é.png")
	one, err := c.Download(background, result.URLs[0], path, nil)
	no(t, err)
	if one.Images[0].Path != path {
		t.Error(one.Images[0].Path)
	}
	in, err := c.Download(background, result.URLs[0], "", nil)
	no(t, err)
	if !bytes.Equal(in.Images[0].Bytes, result.Images[0].Bytes) {
		t.Error("other bytes")
	}
	_, err = c.Wait(background, "12202888", &WaitOptions{DownloadMemory: 10})
	is(t, err, ErrTooLarge)
}
