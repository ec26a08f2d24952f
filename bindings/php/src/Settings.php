<?php
declare(strict_types=1);

namespace Mlab;

use FFI\CData;

/**
 * Options by name, checked by the library's own setters.
 *
 * @internal
 */
final class Settings
{
    /** What is set how: the setter behind `mlab_config_set_`, and the kind of its value. */
    private const CONFIG = [
        'endpoint' => ['endpoint', 'text'],
        'connectTimeout' => ['connect_timeout_ms', 'time'],
        'requestTimeout' => ['request_timeout_ms', 'time'],
        'bodyLimit' => ['body_limit', 'whole'],
        'userAgent' => ['user_agent', 'text'],
        'proxy' => ['proxy', 'text'],
        'caFile' => ['ca_file', 'text'],
        'caPem' => ['ca_pem', 'text'],
        'roots' => ['roots', 'roots'],
        'retries' => ['retries', 'u32'],
        'requestsPerSecond' => ['requests_per_second', 'number'],
        'workers' => ['workers', 'u32'],
        'maxJobs' => ['max_jobs', 'u32'],
        'imageLimit' => ['image_limit', 'whole'],
        'maxImages' => ['max_images', 'u32'],
    ];

    /** The same for `mlab_request_set_`. */
    private const REQUEST = [
        'deadline' => ['deadline_ms', 'time'],
        'eta' => ['eta_ms', 'time'],
        'poll' => ['poll_ms', 'times'],
        'downloadDir' => ['download_dir', 'folder'],
        'downloadMemory' => ['download_memory', 'whole'],
        'downloadFile' => ['download_file', 'text'],
        'imageEvents' => ['image_events', 'flag'],
    ];

    public static function config(CData $config, array $options): void
    {
        self::apply(self::CONFIG, 'mlab_config', $config, $options);
    }

    public static function request(CData $request, array $options): void
    {
        // An id or URL that cannot be used is known at once.
        $message = Library::get()->mlab_request_message($request);
        if ($message !== '') {
            throw MlabException::argument($message);
        }
        self::apply(self::REQUEST, 'mlab_request', $request, $options);
    }

    private static function apply(array $setters, string $object, CData $handle, array $options): void
    {
        $f = Library::get();
        foreach ($options as $name => $value) {
            [$setter, $kind] = $setters[$name] ?? throw MlabException::argument("$name: there is no such option");
            if ($value === null) {
                continue;
            }
            $status = $f->{"{$object}_set_$setter"}($handle, ...self::values((string) $name, $kind, $value));
            if ($status !== $f->MLAB_OK) {
                // The library names its own parameter, which is called otherwise here.
                throw MlabException::of($status, "$name: " . $f->{"{$object}_message"}($handle));
            }
        }
    }

    private static function values(string $name, string $kind, mixed $value): array
    {
        return match ($kind) {
            'text' => [self::text($name, $value)],
            'folder' => [self::text($name, $value), 0],
            'time' => [self::milliseconds($name, $value)],
            'times' => is_array($value) && count($value) === 2
                ? array_map(fn ($each) => self::milliseconds($name, $each), array_values($value))
                : throw MlabException::argument("$name: must be [least, most] in seconds"),
            'u32' => [self::whole($name, $value, 0xffffffff)],
            'whole' => [self::whole($name, $value, PHP_INT_MAX)],
            'number' => is_int($value) || is_float($value) ? [(float) $value] : throw MlabException::argument("$name: must be a number"),
            'flag' => [$value ? 1 : 0],
            'roots' => match ($value) {
                'bundled' => [Library::get()->MLAB_ROOTS_BUNDLED],
                'system' => [Library::get()->MLAB_ROOTS_SYSTEM],
                default => throw MlabException::argument("$name: must be 'bundled' or 'system'"),
            },
        };
    }

    /** A string that C reads as it is: it would end at a NUL. */
    public static function text(string $name, mixed $value): string
    {
        if (!is_string($value)) {
            throw MlabException::argument("$name: must be a string");
        }
        if (str_contains($value, "\0")) {
            throw MlabException::argument("$name: has a NUL inside");
        }
        return $value;
    }

    /** A number that C takes as it is: of one that does not fit it would take the lower bits. */
    public static function whole(string $name, mixed $value, int|float $most): int
    {
        if (!is_int($value) || $value < 0 || $value > $most) {
            throw MlabException::argument("$name: must be a whole number from 0 to $most");
        }
        return $value;
    }

    /** Seconds in; more than a setter can take is as good as the day that it clamps to. */
    private static function milliseconds(string $name, mixed $seconds): int
    {
        if (!(is_int($seconds) || is_float($seconds)) || !($seconds >= 0)) {
            throw MlabException::argument("$name: must be a number of seconds");
        }
        return (int) min(ceil($seconds * 1000), 0xffffffff);
    }
}
