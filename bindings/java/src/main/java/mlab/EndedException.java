package mlab;

/** You ended it, or its time was over: see {@link DeadlineException}; CLOSED is the end of the client. */
public class EndedException extends MlabException {
    private static final long serialVersionUID = 1L;

    EndedException(int number, String message, Result result) {
        super(number, message, result);
    }
}
