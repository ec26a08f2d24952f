// Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.
package mlab;

/** This library, or the system under it: too much at once, no memory, a defect. */
public final class SystemException extends MlabException {
    private static final long serialVersionUID = 1L;

    SystemException(int number, String message, Result result) {
        super(number, message, result);
    }
}
