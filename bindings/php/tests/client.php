<?php
// Run by tests/bindings/php.rs against the stand-in, whose addresses it puts into the environment, beside vendor/.
declare(strict_types=1);

use Mlab\Client;

require getcwd() . '/vendor/autoload.php';

const KEY = 'test-key-not-real';
const FAST = ['eta' => 0.6, 'poll' => [1, 15]];
$endpoint = getenv('MLAB_TEST_HTTP') ?: throw new Exception('tests/bindings/php.rs says where the servers are');
$client = new Client(KEY, endpoint: $endpoint);

function same(mixed $wanted, mixed $got): void
{
    if ($wanted !== $got) {
        throw new Exception('wanted ' . var_export($wanted, true) . ', got ' . var_export($got, true));
    }
}

function check(bool $holds, string $what): void
{
    if (!$holds) {
        throw new Exception($what);
    }
}

/** Expects an exception of this class. */
function thrown(string $class, callable $call): Throwable
{
    try {
        $call();
    } catch (Throwable $error) {
        check($error instanceof $class, get_class($error) . " in place of $class: {$error->getMessage()}");
        return $error;
    }
    throw new Exception("$class was not thrown");
}

/** Seconds that a call takes. */
function seconds(callable $call): float
{
    $at = hrtime(true);
    $call();
    return (hrtime(true) - $at) / 1e9;
}

/** Whatever else the machine does may hold a call up: the best of three tries counts, each of which gives its seconds. */
function bestOfThree(float $limit, callable $try): void
{
    for ($took = INF, $count = 0; $took >= $limit && $count < 3; $count++) {
        $took = $try($count);
    }
    check($took < $limit, "$took s");
}

class Alarm extends Exception
{
}

/** Lets an alarm throw in so many seconds. */
function alarm(int $seconds): void
{
    pcntl_async_signals(true);
    pcntl_signal(SIGALRM, fn () => throw new Alarm());
    pcntl_alarm($seconds);
}

/** Runs a child; its exit code. */
function child(callable $run): int
{
    $pid = pcntl_fork();
    if ($pid === 0) {
        try {
            $run();
            $code = 0;
        } catch (Throwable $error) {
            fwrite(STDERR, "in the child: $error\n");
            $code = 1;
        }
        exit($code);
    }
    pcntl_waitpid($pid, $status);
    return pcntl_wexitstatus($status);
}

$tests = [
    'a ready job gives its images under both names' => function () use ($client) {
        $result = $client->fetch('12202888');
        same(4, count($result->urls));
        same($result->urls, $result->output);
        check($result->isReady() && isset($result->output), 'it is ready');
    },
    'a job that is not ready is a result and no exception' => function () use ($client) {
        $result = $client->fetch('never-fetch');
        same([1, false, []], [$result->status, $result->isReady(), $result->urls]);
    },
    'each failure is an exception of its group with the result on it' => function () use ($client) {
        same('MLAB_E_JOB_FAILED', thrown(Mlab\JobException::class, fn () => $client->wait('fail-1', ...FAST))->name);
        $refused = thrown(Mlab\AccountException::class, fn () => $client->fetch('auth-1'));
        same(['MLAB_E_AUTH', -40, 'auth-1'], [$refused->name, $refused->getCode(), $refused->result->id]);
        check(!str_contains((string) $refused, KEY), 'the key is in no error');
        same('MLAB_E_DEADLINE', thrown(Mlab\DeadlineException::class, fn () => $client->wait('never-2', deadline: 0.05))->name);
    },
    'a rate limit tells its time' => function () use ($endpoint) {
        $impatient = new Client(KEY, endpoint: $endpoint, retries: 0);
        $error = thrown(Mlab\RateLimitException::class, fn () => $impatient->fetch('rate-1'));
        check($error->isRetryable() && $error->retryAfter() > 0, 'it has its time');
    },
    'a server that is not there is a network error' => function () {
        $lost = new Client(KEY, endpoint: getenv('MLAB_TEST_UNREACHABLE'), retries: 0);
        same('MLAB_E_CONNECT', thrown(Mlab\NetworkException::class, fn () => $lost->fetch('1'))->name);
    },
    'what is wrong is refused by its name before anything is sent' => function () use ($client) {
        $cases = [
            'key: has a NUL inside' => fn () => new Client("a\0b"),
            'endpoints: there is no such option' => fn () => new Client(KEY, endpoints: 'x'),
            'id: has a NUL inside' => fn () => $client->fetch("a\0b"),
            'downloadDir: has a NUL inside' => fn () => $client->wait('1', downloadDir: "a\0b"),
            'eta: must be a number of seconds' => fn () => $client->wait('1', eta: 'soon'),
            'workers: must be a whole number from 0 to 4294967295' => fn () => new Client(KEY, workers: (1 << 32) + 1),
            'downloadMemory: must be a whole number from 0 to' => fn () => $client->wait('1', downloadMemory: -1),
            'httpStatus: must be a whole number from 0 to' => fn () => Client::parse('{}', (1 << 32) + 200),
            "roots: must be 'bundled' or 'system'" => fn () => new Client(KEY, roots: true),
            'systemRoots: there is no such option' => fn () => new Client(KEY, systemRoots: true),
            'endpoint: ' => fn () => new Client(KEY, endpoint: 'ftp://x/{id}'),
            'id' => fn () => $client->wait('a b'),
        ];
        foreach ($cases as $words => $call) {
            $message = thrown(Mlab\ArgumentException::class, $call)->getMessage();
            check(str_starts_with($message, $words), "$words: $message");
        }
    },
    "roots are the system's or the bundled ones" => function () {
        foreach (['bundled', 'system'] as $roots) {
            same(0, (new Client(KEY, roots: $roots))->pending());
        }
    },
    'an id of 64 bits stays whole' => function () use ($client) {
        same('18446744073709551615', $client->wait('18446744073709551615')->id);
    },
    'text beyond ASCII comes through' => function () {
        $result = (new Client(KEY, endpoint: getenv('MLAB_TEST_UTF8')))->wait('1');
        same(['fertig: 日本', ['https://images.example/é/😀']], [$result->message, $result->urls]);
        same($result->urls, Client::parse($result->body)->urls);
    },
    'a body is bytes, whatever is in it' => function () {
        $body = "\0a\0\xffb\0";
        $binary = new Client(KEY, endpoint: getenv('MLAB_TEST_BINARY'));
        foreach ([fn () => $binary->fetch('1'), fn () => $binary->wait('1'), fn () => Client::parse($body, 401)] as $call) {
            same($body, thrown(Mlab\AccountException::class, $call)->result->body);
        }
    },
    'a signal ends a wait and a fetch within 300 ms' => function () use ($client) {
        foreach ([fn () => $client->wait('never-3'), fn () => $client->fetch('slow-30-signal')] as $call) {
            bestOfThree(1.3, function () use ($call) {
                alarm(1);
                try {
                    return seconds(fn () => thrown(Alarm::class, $call));
                } finally {
                    pcntl_alarm(0);
                }
            });
        }
    },
    '30 waits at once take 3 s at most' => function () use ($client) {
        bestOfThree(3, function ($try) use ($client) {
            $ready = 0;
            $took = seconds(function () use ($client, $try, &$ready) {
                $ids = array_map(fn ($i) => "many-$try-$i", range(1, 30));
                foreach ($client->events($ids, ...FAST) as $event) {
                    $ready += (int) ($event->kind === 'done' && $event->result->isReady());
                }
            });
            same(30, $ready);
            return $took;
        });
    },
    'progress is told, and what it throws ends the wait' => function () use ($client) {
        $seen = [];
        // A job's end drops the progress before it: the second poll comes late.
        $late = ['poll' => [3, 15]] + FAST;
        $client->wait('progress-1', ...$late, onProgress: function ($event) use (&$seen) { $seen[] = $event; });
        same(['progress', 1], [$seen[0]->kind, $seen[0]->polls]);
        thrown(RangeException::class, fn () => $client->wait('never-5', onProgress: fn () => throw new RangeException()));
    },
    'events end after the last job, and leaving them cancels the rest' => function () use ($client) {
        $ends = [];
        foreach ($client->events(['events-1', 'fail-events', 12202888], ...FAST) as $event) {
            if ($event->kind === 'done') {
                $ends[$event->id] = $event->result->status;
            }
        }
        ksort($ends);
        same([12202888 => 0, 'events-1' => 0, 'fail-events' => -47], $ends);
        foreach ($client->events(['never-6', 'never-7']) as $event) {
            break;
        }
        unset($event);
        for ($until = hrtime(true) + 10e9; $client->pending() > 0 && hrtime(true) < $until;) {
            $client->pull(10);
        }
        same(0, $client->pending());
    },
    'what was left makes room for others' => function () use ($endpoint) {
        $small = new Client(KEY, endpoint: $endpoint, maxJobs: 2);
        foreach ($small->events(['never-11', 'never-12'], ...FAST) as $event) {
            break;
        }
        unset($event);
        same(0, $small->wait(12202888)->status);
        $held = [$small->submit('never-13'), $small->submit('never-14')];
        thrown(Mlab\MlabException::class, fn () => $small->submit('never-15'));
    },
    'cancelling a job ends it at once, and no other' => function () use ($client) {
        $other = $client->submit('cancel-1', ...FAST);
        bestOfThree(0.3, function () use ($client, &$one) {
            $one = $client->submit('never-10');
            return seconds(function () use ($client, $one) {
                $one->cancel();
                while (!$one->hasEnded()) {
                    $client->pull(10);
                }
            });
        });
        for ($ends = []; count($ends) < 2; $client->pull(10)) {
            foreach ([$one, $other] as $job) {
                while (($event = $job->next()) !== null) {
                    $ends += $event->kind === 'done' ? [$job->id => $event->status] : [];
                }
            }
        }
        same(['never-10' => -2, 'cancel-1' => 0], $ends);
    },
    'stream_select wakes for a job beside other streams' => function () use ($client) {
        [$stream, $job] = [$client->stream(), $client->submit('select-1', ...FAST)];
        while (!$job->hasEnded()) {
            [$read, $write, $except] = [[$stream], null, null];
            $due = $client->nextDue() ?? 5;
            stream_select($read, $write, $except, (int) $due, (int) (fmod($due, 1) * 1e6));
            $client->pull(0);
        }
        fclose($stream);
        check($client->wait('select-1')->isReady(), 'closing the stream left the client alone');
    },
    'a time that has passed is waited for no longer' => function () use ($client) {
        $job = $client->submit('never-past');
        while ($job->next() === null) {
            $client->pull(10);
        }
        check(seconds(fn () => $client->pull(-1)) < 1, 'it waits for nothing');
    },
    'images come into memory, into a folder and one by one' => function () use ($client) {
        $folder = sys_get_temp_dir() . '/bilder-é-' . getmypid();
        mkdir($folder);
        $saved = $client->wait('12202888', downloadDir: $folder);
        same(6, count(scandir($folder)));
        $held = $client->wait('12202888', downloadMemory: 1 << 20);
        same(4, count($held->images));
        foreach ($held->images as $i => $image) {
            same(file_get_contents($saved->images[$i]->path), $image->bytes);
            check($image->width > 0, $image->type);
        }
        $client->download($held->urls[0], "$folder/eins.png");
        same(file_get_contents("$folder/eins.png"), $client->downloadMemory($held->urls[0])->images[0]->bytes);
        $indexes = [];
        foreach ($client->events('12202888', downloadMemory: 1 << 20, imageEvents: true) as $event) {
            if ($event->kind === 'image') {
                $indexes[] = $event->result->images[$event->index]->bytes === '' ?: $event->index;
            }
        }
        sort($indexes);
        same([0, 1, 2, 3], $indexes);
        thrown(Mlab\ImageException::class, fn () => $client->wait('12202888', downloadDir: "$folder/none"));
        array_map('unlink', glob("$folder/*"));
        rmdir($folder);
    },
    'close ends the client, and calls after it' => function () use ($endpoint) {
        bestOfThree(0.3, function () use ($endpoint, &$closing, &$job) {
            $closing = new Client(KEY, endpoint: $endpoint);
            $job = $closing->submit('never-8');
            return seconds(fn () => $closing->close());
        });
        thrown(Mlab\EndedException::class, fn () => $closing->fetch('1'));
        thrown(Mlab\EndedException::class, fn () => $job->next());
        $closing->close();
    },
    'a client is made anew in a forked child' => function () use ($client) {
        $job = $client->submit('never-9');
        same(0, child(function () use ($client, $job) {
            same(4, count($client->wait('12202888')->urls));
            same('MLAB_E_FORKED', thrown(Mlab\EndedException::class, fn () => $job->next())->name);
        }));
        same(4, count($client->fetch('12202888')->urls));
    },
    "a child whose client is refused frees its parent's once" => function () use ($endpoint) {
        $file = tempnam(sys_get_temp_dir(), 'ca');
        copy(getenv('MLAB_TEST_CA_FILE'), $file);
        $client = new Client(KEY, endpoint: $endpoint, caFile: $file);
        unlink($file);
        same(0, child(function () use ($client, $file) {
            foreach ([1, 2] as $ignored) {
                thrown(Mlab\ImageException::class, fn () => $client->fetch('12202888'));
                same(0, $client->pending());
                check(str_contains(print_r($client, true), 'pending'), 'print_r shows it');
            }
            copy(getenv('MLAB_TEST_CA_FILE'), $file);
            same(4, count($client->fetch('12202888')->urls));
        }));
        unlink($file);
    },
    'the process ends with jobs open' => function () {
        $code = 'require "vendor/autoload.php"; $c = new Mlab\Client("' . KEY . '", endpoint: getenv("MLAB_TEST_HTTP"));' .
            '$jobs = array_map(fn ($i) => $c->submit("never-$i"), range(1, 20)); $c->pull(200);';
        $took = seconds(function () use ($code, &$status) {
            passthru(PHP_BINARY . ' -r ' . escapeshellarg($code), $status);
        });
        same(0, $status);
        check($took < 15, "$took s");
    },
    'calls do not grow the process' => function () use ($client) {
        $resident = fn () => 4096 * (int) explode(' ', file_get_contents('/proc/self/statm'))[1];
        $body = '{"status":"success","output":["' . str_repeat('a', 2000) . '"]}';
        $calls = function (int $count) use ($client, $body) {
            for ($i = 0; $i < $count; $i++) {
                Client::parse($body, 200);
                if ($i % 20 === 0) {
                    $client->fetch('12202888');
                    $client->wait('12202888', eta: 0, onProgress: fn () => null);
                }
            }
        };
        $calls(4000);
        [$before, $own] = [$resident(), memory_get_usage()];
        $calls(10_000);
        check($resident() - $before < 1 << 20, 'the process has grown by ' . ($resident() - $before));
        check(memory_get_usage() - $own < 1 << 16, 'PHP has grown by ' . (memory_get_usage() - $own));
    },
    'the key comes from the environment, and stays out of dumps' => function () use ($client, $endpoint) {
        thrown(Mlab\ArgumentException::class, fn () => new Client());
        putenv('API_KEY=' . KEY);
        same(4, count((new Client(endpoint: $endpoint))->fetch('12202888')->urls));
        putenv('MODELSLAB_API_KEY=not-this');
        thrown(Mlab\AccountException::class, fn () => (new Client(endpoint: $endpoint))->fetch('12202888'));
        check(!str_contains(print_r($client, true), KEY), 'print_r shows no key');
        thrown(Error::class, fn () => serialize($client));
    },
];

$failures = 0;
foreach ($tests as $name => $test) {
    try {
        $test();
        echo "ok $name\n";
    } catch (Throwable $error) {
        $failures++;
        echo "not ok $name: $error\n";
    }
}
exit($failures === 0 ? 0 : 1);
