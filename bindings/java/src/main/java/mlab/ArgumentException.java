// Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.
package mlab;

/** You passed something wrong; nothing was sent. */
public final class ArgumentException extends MlabException {
    private static final long serialVersionUID = 1L;

    ArgumentException(int number, String message, Result result) {
        super(number, message, result);
    }
}
