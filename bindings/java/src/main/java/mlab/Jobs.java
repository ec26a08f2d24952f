package mlab;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mlab.internal.Library;
import mlab.internal.Raw;

/** The open jobs of a client, and the thread that delivers their events, which is there only while jobs are open. */
final class Jobs {
    private static final Raw RAW = Library.RAW;

    /**
     * How long the thread may stay inside C. A runtime that ends, by System.exit() or Ctrl-C, waits up to 300 ms for threads
     * to come out, daemons too: HotSpot's VM_Exit does.
     */
    private static final int SLICE_MS = 50;

    private final Handle handle;
    private final Map<Long, Job> open = new HashMap<>();
    private long lastTag;
    private Thread thread;

    Jobs(Handle handle) {
        this.handle = handle;
    }

    /** Opens a job. The request stays the caller's. */
    void submit(Job job, long request) {
        long tag = register(job);
        try (Lent number = Lent.out()) {
            long client = handle.enter();
            try {
                WaitOptions.check("tag", request, RAW.mlab_request_set_tag(request, tag));
                int status = RAW.mlab_client_submit(client, request, number.address);
                if (status < 0) {
                    throw MlabException.of(status, Library.BRIDGE.text(RAW.mlab_request_message(request)), null);
                }
            } finally {
                handle.leave();
            }
            job.submitted(number.number());
            ensureThread();
        } catch (Throwable e) {
            abandon(tag, job); // There may be no thread to deliver its events: its caller will never have it.
            throw e;
        }
    }

    /** First of all: the first event may come before the submit has returned. */
    private synchronized long register(Job job) {
        open.put(++lastTag, job);
        return lastTag;
    }

    /** Stops a job whose events are for nobody any more. */
    private void abandon(long tag, Job job) {
        synchronized (this) {
            open.remove(tag);
        }
        job.cancel();
    }

    void cancel(long job) {
        long client;
        try {
            client = handle.enter();
        } catch (EndedException e) {
            return; // The end of the client was that of the job.
        }
        try {
            RAW.mlab_client_cancel_job(client, job);
        } finally {
            handle.leave();
        }
    }

    /** Waits until every job has been told of its end, after the client was closed. */
    void join(int milliseconds) {
        Thread running;
        synchronized (this) {
            running = thread;
        }
        if (running == null || running == Thread.currentThread()) {
            return;
        }
        try {
            running.join(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Throws where the caller is the thread that delivers, which cannot wait for itself. */
    synchronized void refuseToBlock() {
        if (thread == Thread.currentThread()) {
            throw new IllegalStateException("this thread delivers events, and would wait for itself");
        }
    }

    private synchronized void ensureThread() {
        if (thread == null && !open.isEmpty()) {
            Thread made = new Thread(this::run, "mlab-events");
            made.setDaemon(true);
            made.start(); // Where the system has no thread left it throws, and the next job is to try again.
            thread = made;
        }
    }

    private void run() {
        try {
            int status = Raw.MLAB_OK;
            long client = handle.enter();
            try {
                while (status >= 0 && isNeeded()) {
                    status = next(client);
                }
            } finally {
                handle.leave();
            }
            if (status < 0) {
                failAll(MlabException.of(status, null, null));
            }
        } catch (Throwable e) {
            failAll(e); // Closed before this thread had begun, or out of memory.
        }
    }

    /** Tells that it is not, once and for all, in the same breath as it sees that nothing is open. */
    private synchronized boolean isNeeded() {
        if (open.isEmpty()) {
            thread = null;
        }
        return thread != null;
    }

    private int next(long client) {
        try (Lent out = Lent.out()) {
            int status = RAW.mlab_client_next_event(client, SLICE_MS, out.address);
            if (status == Raw.MLAB_OK) {
                deliver(out.pointer());
            }
            return status;
        }
    }

    private void deliver(long lent) {
        long tag = RAW.mlab_event_tag(lent);
        Job job = null;
        Event event;
        try {
            int kind = RAW.mlab_event_kind(lent);
            job = find(tag, kind == Raw.MLAB_EVENT_DONE);
            if (job == null || EventKind.of(kind) == EventKind.UNKNOWN) {
                return;
            }
            event = new Event(lent, job.id);
        } catch (Throwable e) {
            if (job == null) {
                throw e;
            }
            // Most likely there is no memory for the images. Other jobs go on.
            abandon(tag, job);
            job.fail(e);
            return;
        } finally {
            RAW.mlab_event_free(lent);
        }
        job.deliver(event);
    }

    private synchronized Job find(long tag, boolean isDone) {
        return isDone ? open.remove(tag) : open.get(tag);
    }

    private void failAll(Throwable why) {
        List<Job> left;
        synchronized (this) {
            thread = null;
            left = new ArrayList<>(open.values());
            open.clear();
        }
        for (Job job : left) {
            job.fail(why);
        }
    }
}
