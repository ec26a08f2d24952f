package mlab;

import java.time.Duration;
import java.util.Optional;

/** Numbers and times as C has them: milliseconds, and -1 for what was not said. */
final class Numbers {
    /** What the library takes longer times for. */
    private static final Duration DAY = Duration.ofDays(1);

    private Numbers() {}

    /** Rounded up. */
    static int milliseconds(String name, Duration duration) {
        if (duration == null || duration.isNegative()) {
            throw MlabException.refuse(name, duration == null ? "it is null" : "it is negative");
        }
        if (duration.compareTo(DAY) >= 0) {
            return (int) DAY.toMillis();
        }
        return (int) duration.plusNanos(999_999).toMillis();
    }

    static Optional<Duration> said(long milliseconds) {
        return milliseconds < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(milliseconds));
    }

    /** A number for a parameter of C's that has no sign. */
    static long unsigned(String name, long value) {
        if (value < 0) {
            throw MlabException.refuse(name, "it is negative");
        }
        return value;
    }
}
