<?php
declare(strict_types=1);

namespace Mlab;

use FFI;
use FFI\CData;

/** A key, settings and kept connections, for any number of calls and jobs. Make one for each key. */
final class Client
{
    /** How long the library waits for an event before PHP may run its signal handlers. */
    private const SLICE_MS = 100;

    private ?CData $handle = null;
    private int $process = 0;
    private int $lastTag = 0;
    /** @var array<int, \WeakReference<Job>> open jobs by tag */
    private array $jobs = [];
    private readonly string $key;
    private readonly array $options;

    /**
     * @param ?string $key without one, that of MODELSLAB_API_KEY, then API_KEY
     * @param mixed ...$options by name, times in seconds: endpoint, connectTimeout, requestTimeout, bodyLimit, userAgent,
     *   proxy, caFile, caPem, roots ('bundled' or 'system'), retries, requestsPerSecond, workers, maxJobs, imageLimit, maxImages
     */
    public function __construct(#[\SensitiveParameter] ?string $key = null, mixed ...$options)
    {
        $key ??= getenv('MODELSLAB_API_KEY') ?: getenv('API_KEY') ?: throw MlabException::argument(
            'key: none was given, and neither MODELSLAB_API_KEY nor API_KEY is set'
        );
        $this->key = Settings::text('key', $key);
        $this->options = $options;
        $this->open();
    }

    private function open(): void
    {
        $f = Library::get();
        $config = $f->mlab_config_new();
        try {
            Settings::config($config, $this->options);
            $out = $f->new('mlab_client *');
            $status = $f->mlab_client_new($this->key, $config, FFI::addr($out));
        } finally {
            $f->mlab_config_free($config);
        }
        if ($status !== $f->MLAB_OK) {
            $message = $f->mlab_client_message($out);
            $f->mlab_client_free($out);
            throw MlabException::of($status, $message);
        }
        $this->handle = $out;
        $this->process = getmypid();
    }

    /** The library's client: a new one after a fork, since the parent's is of no use to its child. */
    private function handle(): CData
    {
        if ($this->handle === null) {
            throw MlabException::of(Library::get()->MLAB_E_CLOSED);
        }
        if ($this->process !== getmypid()) {
            $parents = $this->handle;
            // First of all: where it is refused, the parent's stays, to be freed once, and the next call tries again.
            $this->open();
            Library::get()->mlab_client_free($parents);
            $this->jobs = [];
        }
        return $this->handle;
    }

    /** Asks once: the images, or a result that is not ready. Takes at most the request timeout. */
    public function fetch(string|int $id): Result
    {
        $f = Library::get();
        $request = $f->mlab_request_new(Settings::text('id', (string) $id));
        $f->mlab_request_set_poll_once($request, 1);
        return $this->await($request, (string) $id, []);
    }

    /**
     * Waits for a job until its images are there.
     *
     * @param mixed ...$options by name, times in seconds: eta, deadline, poll ([least, most]), downloadDir, downloadMemory,
     *   onProgress (called with each Event before the last; what it throws ends the wait)
     */
    public function wait(string|int $id, mixed ...$options): Result
    {
        return $this->await(Library::get()->mlab_request_new(Settings::text('id', (string) $id)), (string) $id, $options);
    }

    /** Downloads one image into a file, whole or not at all. */
    public function download(string $url, string $path, mixed ...$options): Result
    {
        return $this->image($url, ['downloadFile' => $path] + $options);
    }

    /** Downloads one image: `$result->images[0]->bytes`. */
    public function downloadMemory(string $url, mixed ...$options): Result
    {
        return $this->image($url, $options);
    }

    /**
     * What happens to one or more jobs, as it happens, until the last has ended. Those left are cancelled if you stop. A job
     * that failed is a "done" with its result, and no exception.
     *
     * @param string|int|array<string|int> $ids
     * @return \Generator<int, Event>
     */
    public function events(string|int|array $ids, mixed ...$options): \Generator
    {
        $open = [];
        foreach ((array) $ids as $id) {
            $open[] = $this->submit($id, ...$options);
        }
        while ($open !== []) {
            foreach ($open as $key => $job) {
                while (($event = $job->next()) !== null) {
                    yield $event;
                    if ($event->kind === 'done') {
                        unset($open[$key]);
                    }
                }
            }
            if ($open !== []) {
                $this->pull(self::SLICE_MS);
            }
        }
    }

    /** Begins a job and returns at once; for loops of your own. Options as those of wait(), and imageEvents. */
    public function submit(string|int $id, mixed ...$options): Job
    {
        return $this->begin(Library::get()->mlab_request_new(Settings::text('id', (string) $id)), (string) $id, $options);
    }

    /**
     * A stream that is readable while pull() has something to deliver, for stream_select() and event loops. Do not read
     * from it. null where there is none: on Windows, and outside of the command line.
     *
     * @return ?resource
     */
    public function stream(): mixed
    {
        $descriptor = Library::get()->mlab_client_event_fd($this->handle());
        // PHP makes a copy of the descriptor, so closing the stream leaves the client's alone.
        return $descriptor < 0 || PHP_SAPI !== 'cli' ? null : (fopen("php://fd/$descriptor", 'r') ?: null);
    }

    /** When pull() has something to do by itself, in seconds from now; null if nothing is planned. */
    public function nextDue(): ?float
    {
        return Result::seconds(Library::get()->mlab_client_next_due_ms($this->handle()));
    }

    /** Delivers events to their jobs, after waiting for the first for so many milliseconds; less than none is none. */
    public function pull(int $timeoutMs): void
    {
        $f = Library::get();
        $timeoutMs = (int) min(max($timeoutMs, 0), 0xffffffff);
        // Not an array of one: reading a pointer out of it would leak its type, some 100 bytes each time.
        $event = $f->new('mlab_event *');
        while (($status = $f->mlab_client_next_event($this->handle(), $timeoutMs, FFI::addr($event))) === $f->MLAB_OK) {
            $timeoutMs = 0;
            try {
                $tag = $f->mlab_event_tag($event);
                $job = ($this->jobs[$tag] ?? null)?->get();
                $read = $job === null ? null : Event::read($event, $job->id);
                if ($f->mlab_event_kind($event) === $f->MLAB_EVENT_DONE) {
                    unset($this->jobs[$tag]);
                }
            } finally {
                $f->mlab_event_free($event);
            }
            if ($read !== null) {
                $job->deliver($read);
            }
        }
        if ($status < 0) {
            [$left, $this->jobs] = [$this->jobs, []];
            foreach ($left as $job) {
                $job->get()?->fail($status);
            }
        }
    }

    /** How many jobs are open. */
    public function pending(): int
    {
        // A parent's jobs are not its child's.
        $isOurs = $this->handle !== null && $this->process === getmypid();
        return $isOurs ? Library::get()->mlab_client_pending($this->handle) : 0;
    }

    /** Ends the client, and its jobs with it. */
    public function close(): void
    {
        if ($this->handle !== null) {
            Library::get()->mlab_client_free($this->handle);
            $this->handle = null;
            $this->jobs = [];
        }
    }

    /** @internal */
    public function cancelJob(int $number): void
    {
        // After its end there is no such job any more, which is no news; nor is a job of the parent's in a child.
        if ($this->handle !== null && $this->process === getmypid()) {
            Library::get()->mlab_client_cancel_job($this->handle, $number);
        }
    }

    private function image(string $url, array $options): Result
    {
        return $this->await(Library::get()->mlab_request_new_download(Settings::text('url', $url)), '', $options);
    }

    private function await(CData $request, string $id, array $options): Result
    {
        $onProgress = $options['onProgress'] ?? null;
        unset($options['onProgress']);
        $job = $this->begin($request, $id, $options);
        // What a signal handler or onProgress throws leaves here, and the job, which nobody holds then, is cancelled.
        for (;;) {
            while (($event = $job->next()) !== null) {
                if ($event->kind === 'done') {
                    return $event->result->check();
                }
                if ($onProgress !== null) {
                    $onProgress($event);
                }
            }
            $this->pull(self::SLICE_MS);
        }
    }

    private function begin(CData $request, string $id, array $options): Job
    {
        $f = Library::get();
        try {
            Settings::request($request, $options);
            $tag = ++$this->lastTag;
            $f->mlab_request_set_tag($request, $tag);
            $number = $f->new('uint64_t[1]');
            $status = $f->mlab_client_submit($this->handle(), $request, $number);
            if ($status === $f->MLAB_E_BUSY) {
                // Jobs that nobody holds any more count until their end is pulled.
                $this->pull(0);
                $status = $f->mlab_client_submit($this->handle(), $request, $number);
            }
        } finally {
            $f->mlab_request_free($request);
        }
        if ($status !== $f->MLAB_OK) {
            throw MlabException::of($status);
        }
        $job = new Job($this, $id, $number[0]);
        $this->jobs[$tag] = \WeakReference::create($job);
        return $job;
    }

    /** Rules on a reply that came some other way, such as a webhook's body. Sends nothing. */
    public static function parse(string $body, int $httpStatus = 0): Result
    {
        $f = Library::get();
        $out = $f->new('mlab_result *');
        $f->mlab_parse($body, strlen($body), Settings::whole('httpStatus', $httpStatus, 0x7fffffff), FFI::addr($out));
        return Result::take($out)->check();
    }

    public function __destruct()
    {
        $this->close();
    }

    /** Without the key. */
    public function __debugInfo(): array
    {
        return ['pending' => $this->pending()];
    }

    public function __serialize(): array
    {
        throw new \Error('a client cannot be serialized: it holds a key and connections');
    }
}
