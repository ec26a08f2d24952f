package mlab;

/** The way to the server, or the server itself. Most of it passes: see {@link #isRetryable()}. */
public final class NetworkException extends MlabException {
    private static final long serialVersionUID = 1L;

    NetworkException(int number, String message, Result result) {
        super(number, message, result);
    }
}
