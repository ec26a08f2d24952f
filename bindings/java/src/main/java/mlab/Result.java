package mlab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import mlab.internal.Bridge;
import mlab.internal.Library;
import mlab.internal.Raw;

/** What a call came back with: a copy, which any thread may keep. */
public final class Result {
    private static final Raw RAW = Library.RAW;
    private static final Bridge BRIDGE = Library.BRIDGE;

    private final int status;
    private final List<String> urls;
    private final String message;
    private final String id;
    private final int httpStatus;
    private final long etaMs;
    private final long retryAfterMs;
    private final boolean isRetryable;
    private final int attempts;
    private final long elapsedMs;
    private final byte[] body;
    private final List<Image> images;

    private Result(long lent) {
        status = RAW.mlab_result_status(lent);
        message = BRIDGE.text(RAW.mlab_result_message(lent));
        id = BRIDGE.text(RAW.mlab_result_id(lent));
        httpStatus = RAW.mlab_result_http_status(lent);
        etaMs = RAW.mlab_result_eta_ms(lent);
        retryAfterMs = RAW.mlab_result_retry_after_ms(lent);
        isRetryable = RAW.mlab_result_is_retryable(lent) != 0;
        attempts = RAW.mlab_result_attempts(lent);
        elapsedMs = RAW.mlab_result_elapsed_ms(lent);
        try (Lent size = Lent.out()) {
            urls = copyUrls(RAW.mlab_result_urls(lent, size.address), (int) size.pointer());
            long bytes = RAW.mlab_result_body(lent, size.address);
            body = BRIDGE.bytes(bytes, (int) size.pointer());
            images = copyImages(lent, (int) RAW.mlab_result_image_count(lent), size);
        }
    }

    /** Copies a result, and frees it. */
    static Result take(long owned) {
        try {
            return new Result(owned);
        } finally {
            RAW.mlab_result_free(owned);
        }
    }

    private static List<String> copyUrls(long first, int count) {
        String[] copied = new String[count];
        for (int i = 0; i < count; i++) {
            copied[i] = BRIDGE.text(BRIDGE.readPointer(first + (long) i * BRIDGE.pointerSize()));
        }
        return Collections.unmodifiableList(Arrays.asList(copied));
    }

    private static List<Image> copyImages(long lent, int count, Lent size) {
        if (count == 0) {
            return Collections.emptyList();
        }
        List<Image> copied = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            copied.add(new Image(lent, i, size));
        }
        return Collections.unmodifiableList(copied);
    }

    /**
     * Rules on a reply that came some other way, such as a webhook's body.
     *
     * @param httpStatus the HTTP status code; 0 if it is not known
     * @throws MlabException as {@link Client#fetch} would for this reply
     */
    public static Result parse(byte[] body, int httpStatus) {
        if (body == null) {
            throw MlabException.refuse("body", "it is null");
        }
        try (Lent bytes = Lent.bytes(body); Lent out = Lent.out()) {
            RAW.mlab_parse(bytes.address, body.length, httpStatus, out.address);
            return take(out.pointer()).orThrow();
        }
    }

    /** This, unless its status is an error. */
    Result orThrow() {
        if (status < 0) {
            throw MlabException.of(status, message, this);
        }
        return this;
    }

    /** What happened. */
    public Status status() {
        return Status.of(status);
    }

    /** The number of the status, also where {@link #status()} does not know it. */
    public int statusNumber() {
        return status;
    }

    /** Whether the images are there. If not: not yet, poll again. */
    public boolean isReady() {
        return status == Raw.MLAB_OK;
    }

    /** The image URLs, byte for byte as the server lists them; none until the job is ready. They work for 24 hours. */
    public List<String> urls() {
        return urls;
    }

    /** The same as {@link #urls()}, under the server's name for them. */
    public List<String> output() {
        return urls;
    }

    /** One line for people: what went wrong and what to do, or what the server said. */
    public String message() {
        return message;
    }

    /** The id of the job, as text. */
    public String id() {
        return id;
    }

    /** The HTTP status code of the reply; 0 if there was none to go by. */
    public int httpStatus() {
        return httpStatus;
    }

    /** How much longer the server expects the job to take; empty if it did not say. */
    public Optional<Duration> eta() {
        return Numbers.said(etaMs);
    }

    /** How long the server wants to be left alone; empty if it did not say. */
    public Optional<Duration> retryAfter() {
        return Numbers.said(retryAfterMs);
    }

    /** Whether the same call may succeed later without anything being changed. */
    public boolean isRetryable() {
        return isRetryable;
    }

    /** How often the server was asked. */
    public int attempts() {
        return attempts;
    }

    /** How long the call took. */
    public Duration elapsed() {
        return Duration.ofMillis(elapsedMs);
    }

    /** The body of the reply, with your key replaced by ***, for logs and bug reports: the bytes themselves and no copy. */
    public byte[] body() {
        return body;
    }

    /** The downloaded images, in the order of the URLs; none if they were not asked for. */
    public List<Image> images() {
        return images;
    }

    @Override
    public String toString() {
        return status() + " id=" + id + " urls=" + urls + " message=" + message;
    }
}
