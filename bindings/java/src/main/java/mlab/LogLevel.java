// Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.
package mlab;

/** mlab_log_levels of mlab.h. */
public enum LogLevel {
    /** A call failed for good, or a job, which is logged when its end is delivered. Your own cancel is no failure. */
    ERROR(1),
    /** Something failed and will be tried again, or a deadline came. */
    WARNING(2),
    /** What was done; one entry a poll. */
    INFO(3),
    /** How it was done: pauses, redirects followed, waits for a turn under requests_per_second. */
    DEBUG(4),
    /** One that this version does not know. */
    UNKNOWN(Integer.MIN_VALUE);

    private static final LogLevel[] ALL = values();

    private final int number;

    LogLevel(int number) {
        this.number = number;
    }

    /** The number that C has for it. */
    public int number() {
        return number;
    }

    static LogLevel of(int number) {
        for (LogLevel one : ALL) {
            if (one.number == number) {
                return one;
            }
        }
        return UNKNOWN;
    }
}
