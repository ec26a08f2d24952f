package mlab;

/** Too many requests: {@link #retryAfter()} says how long to wait. */
public final class RateLimitException extends AccountException {
    private static final long serialVersionUID = 1L;

    RateLimitException(int number, String message, Result result) {
        super(number, message, result);
    }
}
