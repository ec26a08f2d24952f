// Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.
package mlab;

/** The key, and what its account may do and pay for. */
public class AccountException extends MlabException {
    private static final long serialVersionUID = 1L;

    AccountException(int number, String message, Result result) {
        super(number, message, result);
    }
}
