// Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.
package mlab;

/** The way to the server, or the server itself; most of it passes. */
public final class NetworkException extends MlabException {
    private static final long serialVersionUID = 1L;

    NetworkException(int number, String message, Result result) {
        super(number, message, result);
    }
}
