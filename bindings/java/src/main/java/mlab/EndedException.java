// Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.
package mlab;

/** You ended it, or its time was over: cancel, deadline, shutdown, fork. */
public class EndedException extends MlabException {
    private static final long serialVersionUID = 1L;

    EndedException(int number, String message, Result result) {
        super(number, message, result);
    }
}
