package mlab;

/** The job was not ready in time: wait again with the same id. The result has the last thing known. */
public final class DeadlineException extends EndedException {
    private static final long serialVersionUID = 1L;

    DeadlineException(int number, String message, Result result) {
        super(number, message, result);
    }
}
