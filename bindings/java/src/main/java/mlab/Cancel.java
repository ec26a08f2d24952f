package mlab;

import mlab.internal.Library;

/** Ends one blocking call from another thread. */
final class Cancel implements AutoCloseable {
    private long address = Library.RAW.mlab_cancel_new();

    /** For the call that it is to end. */
    long address() {
        return address;
    }

    /** To no effect once it was closed. */
    synchronized void trigger() {
        Library.RAW.mlab_cancel_trigger(address);
    }

    @Override
    public synchronized void close() {
        Library.RAW.mlab_cancel_free(address);
        address = 0;
    }
}
