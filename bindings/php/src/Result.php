<?php
declare(strict_types=1);

namespace Mlab;

use FFI;

/** An image that was downloaded: its bytes, or the path of its file. Width and height in pixels, 0 if it does not say. */
final class Image
{
    public function __construct(
        public readonly string $type,
        public readonly int $width,
        public readonly int $height,
        public readonly ?string $bytes,
        public readonly ?string $path,
    ) {
    }
}

/**
 * A status, the image URLs, a message and more, copied out of the library. Times are in seconds, and null where the server
 * did not say.
 *
 * @property-read list<string> $output the same as $urls, as the vendor's reply calls them
 */
final class Result
{
    public readonly int $status;
    /** @var list<string> */
    public readonly array $urls;
    public readonly string $message;
    public readonly string $id;
    /** 0 if there was no reply. */
    public readonly int $httpStatus;
    public readonly ?float $eta;
    public readonly ?float $retryAfter;
    public readonly bool $retryable;
    public readonly int $attempts;
    public readonly float $elapsed;
    /** @var list<?Image> null where an image is missing */
    public readonly array $images;
    /** The reply as it came, with *** for the key. */
    public readonly string $body;

    /** Read once: FFI would read the declaration for each result. */
    private static ?FFI\CType $size = null;

    private function __construct(FFI\CData $handle)
    {
        $f = Library::get();
        $this->status = $f->mlab_result_status($handle);
        $urls = [];
        for ($i = 0, $count = $f->mlab_result_url_count($handle); $i < $count; $i++) {
            $urls[] = $f->mlab_result_url($handle, $i);
        }
        $this->urls = $urls;
        $this->message = $f->mlab_result_message($handle);
        $this->id = $f->mlab_result_id($handle);
        $this->httpStatus = $f->mlab_result_http_status($handle);
        $this->eta = ($ms = $f->mlab_result_eta_ms($handle)) < 0 ? null : $ms / 1000;
        $this->retryAfter = ($ms = $f->mlab_result_retry_after_ms($handle)) < 0 ? null : $ms / 1000;
        $this->retryable = $f->mlab_result_is_retryable($handle) !== 0;
        $this->attempts = $f->mlab_result_attempts($handle);
        $this->elapsed = $f->mlab_result_elapsed_ms($handle) / 1000;
        $length = $f->new(self::$size ??= $f->type('size_t[1]'));
        $body = $f->mlab_result_body($handle, $length);
        $this->body = $length[0] > 0 ? FFI::string($body, $length[0]) : '';
        $images = [];
        for ($i = 0, $count = $f->mlab_result_image_count($handle); $i < $count; $i++) {
            $images[] = self::image($f, $handle, $i, $length);
        }
        $this->images = $images;
    }

    private static function image(FFI $f, FFI\CData $handle, int $index, FFI\CData $length): ?Image
    {
        $type = $f->mlab_result_image_type($handle, $index);
        if ($type === null) {
            return null;
        }
        $bytes = $f->mlab_result_image($handle, $index, $length);
        return new Image(
            $type,
            $f->mlab_result_image_width($handle, $index),
            $f->mlab_result_image_height($handle, $index),
            $bytes === null ? null : FFI::string($bytes, $length[0]),
            $f->mlab_result_image_path($handle, $index),
        );
    }

    /**
     * Copies a result and ends it.
     *
     * @internal
     */
    public static function take(FFI\CData $handle): self
    {
        try {
            return new self($handle);
        } finally {
            Library::get()->mlab_result_free($handle);
        }
    }

    /**
     * Milliseconds as seconds; those that are not known as null.
     *
     * @internal
     */
    public static function seconds(int $milliseconds): ?float
    {
        return $milliseconds < 0 ? null : $milliseconds / 1000;
    }

    /** Whether the images are there. */
    public function isReady(): bool
    {
        return $this->status === 0;
    }

    /** This result, unless it tells of an error. */
    public function check(): self
    {
        if ($this->status < 0) {
            throw MlabException::of($this->status, $this->message, $this);
        }
        return $this;
    }

    public function __get(string $name): mixed
    {
        if ($name === 'output') {
            return $this->urls;
        }
        throw new \Error("a result has no \$$name");
    }

    public function __isset(string $name): bool
    {
        return $name === 'output';
    }
}
