package mlab;

/** A job that is open: who is told of it, and how it is stopped. */
abstract class Job {
    /** The id or the URL, as it was asked for. */
    final String id;

    private final Jobs jobs;
    private long number; // 0 until the submit has returned, which may be after the first event.
    private boolean isCancelled;
    private boolean isEnded;

    Job(Jobs jobs, String id) {
        this.jobs = jobs;
        this.id = id;
    }

    /** Takes an event, on the thread that delivers for all jobs. It throws nothing. */
    abstract void deliver(Event event);

    /** Takes the end of a job that will have no event any more. */
    abstract void fail(Throwable why);

    final void submitted(long job) {
        synchronized (this) {
            number = job;
            if (!isCancelled || isEnded) {
                return;
            }
        }
        jobs.cancel(job);
    }

    /** Stops it; to no effect once it has ended. */
    final void cancel() {
        long job;
        synchronized (this) {
            isCancelled = true;
            job = isEnded ? 0 : number;
        }
        if (job != 0) {
            jobs.cancel(job);
        }
    }

    final synchronized void end() {
        isEnded = true;
    }
}
