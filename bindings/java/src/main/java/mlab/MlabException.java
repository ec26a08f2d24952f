package mlab;

import java.time.Duration;
import java.util.Optional;
import mlab.internal.Library;

/**
 * What went wrong. There is one class a group of statuses, so that a catch clause names what it can mend; a status of a
 * later library finds its place by its group.
 */
public abstract class MlabException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int number;
    private final transient Result result;

    MlabException(int number, String message, Result result) {
        super(message);
        this.number = number;
        this.result = result;
    }

    /** The exception of a negative status; without a message it gets that of the status. */
    static MlabException of(int number, String message, Result result) {
        String said = message == null || message.isEmpty()
                ? Library.BRIDGE.text(Library.RAW.mlab_status_text(number)) : message;
        switch (StatusGroup.of(Library.RAW.mlab_status_group(number))) {
            case ARGUMENT:
                return new ArgumentException(number, said, result);
            case ENDED:
                return number == Status.DEADLINE.number()
                        ? new DeadlineException(number, said, result) : new EndedException(number, said, result);
            case NETWORK:
                return new NetworkException(number, said, result);
            case ACCOUNT:
                return number == Status.RATE_LIMITED.number()
                        ? new RateLimitException(number, said, result) : new AccountException(number, said, result);
            case JOB:
                return new JobException(number, said, result);
            case IMAGE:
                return new ImageException(number, said, result);
            default:
                return new SystemException(number, said, result);
        }
    }

    /** For an argument that does not get as far as the library. */
    static MlabException refuse(String name, String why) {
        return new ArgumentException(Status.INVALID_ARGUMENT.number(), name + ": " + why, null);
    }

    /** For a setter that refused its value. The message names the argument as Java has it. */
    static void check(String name, int status, long message) {
        if (status != 0) {
            throw of(status, name + ": " + Library.BRIDGE.text(message), null);
        }
    }

    /** What happened. */
    public Status status() {
        return Status.of(number);
    }

    /** The number of the status, also where {@link #status()} does not know it. */
    public int statusNumber() {
        return number;
    }

    /** The result of the call: its body, attempts, last known eta. Empty where the call makes none. */
    public Optional<Result> result() {
        return Optional.ofNullable(result);
    }

    /** Whether the same call may succeed later without anything being changed. */
    public boolean isRetryable() {
        return result != null && result.isRetryable();
    }

    /** How long the server wants to be left alone; empty if it did not say. */
    public Optional<Duration> retryAfter() {
        return result == null ? Optional.empty() : result.retryAfter();
    }

    @Override
    public String toString() {
        return Library.BRIDGE.text(Library.RAW.mlab_status_name(number)) + ": " + getMessage();
    }
}
