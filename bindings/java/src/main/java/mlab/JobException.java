// Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.
package mlab;

/** The job: unknown, failed, or refused for a reason of its own. */
public final class JobException extends MlabException {
    private static final long serialVersionUID = 1L;

    JobException(int number, String message, Result result) {
        super(number, message, result);
    }
}
