// Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.
package mlab;

/** mlab_roots_kinds of mlab.h. */
public enum RootsKind {
    /** Mozilla's root certificates, built into the library. The default. */
    BUNDLED(0),
    /** The system's verifier and root certificates, with what a company or user added to them. */
    SYSTEM(1),
    /** One that this version does not know. */
    UNKNOWN(Integer.MIN_VALUE);

    private static final RootsKind[] ALL = values();

    private final int number;

    RootsKind(int number) {
        this.number = number;
    }

    /** The number that C has for it. */
    public int number() {
        return number;
    }

    static RootsKind of(int number) {
        for (RootsKind one : ALL) {
            if (one.number == number) {
                return one;
            }
        }
        return UNKNOWN;
    }
}
