<?php
declare(strict_types=1);

namespace Mlab;

use FFI\CData;

/** What happened to a job. Times are in seconds, and null where they are not known. */
final class Event
{
    private function __construct(
        /** "progress", "image" or "done". */
        public readonly string $kind,
        /** The id of the job. */
        public readonly string $id,
        public readonly int $status,
        public readonly int $polls,
        public readonly float $elapsed,
        public readonly ?float $eta,
        /** Since the job began. */
        public readonly ?float $nextPoll,
        public readonly int $bytesDone,
        public readonly ?int $bytesTotal,
        /** Which image is there; null unless this is an "image". */
        public readonly ?int $index,
        /** null for "progress". */
        public readonly ?Result $result,
    ) {
    }

    /** @internal */
    public static function read(CData $event, string $id): ?self
    {
        $f = Library::get();
        $kind = match ($f->mlab_event_kind($event)) {
            $f->MLAB_EVENT_PROGRESS => 'progress',
            $f->MLAB_EVENT_IMAGE => 'image',
            $f->MLAB_EVENT_DONE => 'done',
            default => null, // A later library's.
        };
        if ($kind === null) {
            return null;
        }
        $result = $f->mlab_event_take_result($event);
        $total = $f->mlab_event_bytes_total($event);
        return new self(
            $kind,
            $id,
            $f->mlab_event_status($event),
            $f->mlab_event_polls($event),
            $f->mlab_event_elapsed_ms($event) / 1000,
            Result::seconds($f->mlab_event_eta_ms($event)),
            Result::seconds($f->mlab_event_next_poll_ms($event)),
            $f->mlab_event_bytes_done($event),
            $total < 0 ? null : $total,
            $kind === 'image' ? $f->mlab_event_index($event) : null,
            $result === null ? null : Result::take($result),
        );
    }
}
