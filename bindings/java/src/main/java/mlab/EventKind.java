// Written by `cargo run -p mlab-bindings` from include/mlab.h: do not edit.
package mlab;

/** mlab_event_kinds of mlab.h. */
public enum EventKind {
    /** A poll was made that did not end the job, or bytes of its images came. */
    PROGRESS(1),
    /** The job has ended; the event has its result. */
    DONE(2),
    /** An image of the job is there: mlab_event_index() says which, and the event's result has it alone, at that index. Only where mlab_request_set_image_events() asks for it. */
    IMAGE(3),
    /** One that this version does not know. */
    UNKNOWN(Integer.MIN_VALUE);

    private static final EventKind[] ALL = values();

    private final int number;

    EventKind(int number) {
        this.number = number;
    }

    /** The number that C has for it. */
    public int number() {
        return number;
    }

    static EventKind of(int number) {
        for (EventKind one : ALL) {
            if (one.number == number) {
                return one;
            }
        }
        return UNKNOWN;
    }
}
