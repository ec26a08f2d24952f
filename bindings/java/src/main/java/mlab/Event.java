package mlab;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import mlab.internal.Library;
import mlab.internal.Raw;

/** What happened to a job: a copy, which any thread may keep. */
public final class Event {
    private final String id;
    private final EventKind kind;
    private final int status;
    private final int polls;
    private final long elapsedMs;
    private final long etaMs;
    private final long nextPollMs;
    private final int index;
    private final long bytesDone;
    private final long bytesTotal;
    private final Result result;

    /** Copies an event, which stays the caller's, but for its result. */
    Event(long lent, String id) {
        Raw raw = Library.RAW;
        this.id = id;
        kind = EventKind.of(raw.mlab_event_kind(lent));
        status = raw.mlab_event_status(lent);
        polls = raw.mlab_event_polls(lent);
        elapsedMs = raw.mlab_event_elapsed_ms(lent);
        etaMs = raw.mlab_event_eta_ms(lent);
        nextPollMs = raw.mlab_event_next_poll_ms(lent);
        index = raw.mlab_event_index(lent);
        bytesDone = raw.mlab_event_bytes_done(lent);
        bytesTotal = raw.mlab_event_bytes_total(lent);
        long owned = raw.mlab_event_take_result(lent);
        result = owned == 0 ? null : Result.take(owned);
    }

    /** The id, or the URL of a download, as it was asked for. */
    public String id() {
        return id;
    }

    /** What happened. */
    public EventKind kind() {
        return kind;
    }

    /** Whether the job has ended; see the result. */
    public boolean isDone() {
        return kind == EventKind.DONE;
    }

    /** How the job stands. */
    public Status status() {
        return Status.of(status);
    }

    /** How often the job was polled so far. */
    public int polls() {
        return polls;
    }

    /** How long the job has run. */
    public Duration elapsed() {
        return Duration.ofMillis(elapsedMs);
    }

    /** How much longer the server expects the job to take; empty if it did not say. */
    public Optional<Duration> eta() {
        return Numbers.said(etaMs);
    }

    /** When the next poll is due, counted from the start of the job; empty if there is none. */
    public Optional<Duration> nextPoll() {
        return Numbers.said(nextPollMs);
    }

    /** Which image is there, as an index of the job's URLs; empty unless the kind is IMAGE. */
    public OptionalInt index() {
        return index < 0 ? OptionalInt.empty() : OptionalInt.of(index);
    }

    /** How many bytes of the job's images have come. It can become less: an image that turns out bad is begun again. */
    public long bytesDone() {
        return bytesDone;
    }

    /** How many bytes they have in all; empty while that is not known. */
    public OptionalLong bytesTotal() {
        return bytesTotal < 0 ? OptionalLong.empty() : OptionalLong.of(bytesTotal);
    }

    /** Of a job that has ended, whatever its status, or the image that is there; empty for PROGRESS. */
    public Optional<Result> result() {
        return Optional.ofNullable(result);
    }

    @Override
    public String toString() {
        return id + " " + kind + " " + status() + ", " + polls + " polls";
    }
}
