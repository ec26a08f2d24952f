// Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.
package mlab;

/** An image or its file. */
public final class ImageException extends MlabException {
    private static final long serialVersionUID = 1L;

    ImageException(int number, String message, Result result) {
        super(number, message, result);
    }
}
