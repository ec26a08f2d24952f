package mlab;

/** An argument is wrong and nothing was sent: the message names it. */
public final class ArgumentException extends MlabException {
    private static final long serialVersionUID = 1L;

    ArgumentException(int number, String message, Result result) {
        super(number, message, result);
    }
}
