// Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.
package mlab;

/** mlab_status_groups of mlab.h. */
public enum StatusGroup {
    /** No failure, or no status of this version. */
    NONE(0),
    /** You passed something wrong; nothing was sent. */
    ARGUMENT(1),
    /** You ended it, or its time was over: cancel, deadline, shutdown, fork. */
    ENDED(2),
    /** This library, or the system under it: too much at once, no memory, a defect. */
    SYSTEM(3),
    /** The way to the server, or the server itself; most of it passes. */
    NETWORK(4),
    /** The key, and what its account may do and pay for. */
    ACCOUNT(5),
    /** The job: unknown, failed, or refused for a reason of its own. */
    JOB(6),
    /** An image or its file. */
    IMAGE(7),
    /** One that this version does not know. */
    UNKNOWN(Integer.MIN_VALUE);

    private static final StatusGroup[] ALL = values();

    private final int number;

    StatusGroup(int number) {
        this.number = number;
    }

    /** The number that C has for it. */
    public int number() {
        return number;
    }

    static StatusGroup of(int number) {
        for (StatusGroup one : ALL) {
            if (one.number == number) {
                return one;
            }
        }
        return UNKNOWN;
    }
}
