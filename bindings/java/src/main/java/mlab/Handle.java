package mlab;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import mlab.internal.Library;
import mlab.internal.LogReceivers;
import mlab.internal.Raw;

/** A client of the library. Calls enter and leave it; the last one out frees it, once it was closed. */
final class Handle {
    private static final Raw RAW = Library.RAW;
    private static final ReferenceQueue<Handle> FORGOTTEN = new ReferenceQueue<>();
    private static final Set<Owned> ALL = ConcurrentHashMap.newKeySet();

    /**
     * What is freed, also for a handle that nobody has any more. Nobody is inside that one: who is has it, to leave it.
     */
    private static final class Owned extends PhantomReference<Handle> {
        private final long client;
        private final long logNumber;

        Owned(Handle handle, long client, long logNumber) {
            super(handle, FORGOTTEN);
            this.client = client;
            this.logNumber = logNumber;
            ALL.add(this);
        }

        void free() {
            if (ALL.remove(this)) {
                RAW.mlab_client_free(client);
                LogReceivers.remove(logNumber);
            }
        }
    }

    private final Owned owned;
    private int inside;
    private boolean isClosed;

    /** Takes a client, and the number of its log's receiver or 0. */
    Handle(long client, long logNumber) {
        owned = new Owned(this, client, logNumber);
    }

    /** Frees the clients that programs forgot to close. Java 8 has no cleaner, and finalizers are on their way out. */
    static void freeForgotten() {
        for (Reference<?> one = FORGOTTEN.poll(); one != null; one = FORGOTTEN.poll()) {
            ((Owned) one).free();
        }
    }

    /** The client, good until {@link #leave()}, which belongs in a finally. */
    synchronized long enter() {
        if (isClosed) {
            throw MlabException.of(Status.CLOSED.number(), null, null);
        }
        inside++;
        return owned.client;
    }

    void leave() {
        synchronized (this) {
            inside--;
            if (inside > 0 || !isClosed) {
                return;
            }
        }
        owned.free();
    }

    /** Ends every call and job, and waits at most so long for them to leave. */
    void close(int milliseconds) {
        synchronized (this) {
            if (isClosed) {
                return;
            }
            isClosed = true;
            inside++;
        }
        try {
            RAW.mlab_client_shutdown(owned.client, milliseconds);
        } finally {
            leave();
        }
    }
}
