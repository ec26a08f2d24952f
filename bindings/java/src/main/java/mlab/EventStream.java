package mlab;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What happens to some jobs, in order: each has exactly one event of the kind DONE, whatever its end. Closing it stops
 * those that are still open. Iterating blocks; an interrupt closes the stream and throws a
 * {@link CancellationException}, with the thread's interrupt status set.
 */
public final class EventStream implements Iterable<Event>, AutoCloseable {
    /** Stands in the queue behind the last event. */
    private static final Object END = new Object();

    private final LinkedBlockingQueue<Object> queue = new LinkedBlockingQueue<>();
    private final List<Job> jobs = new ArrayList<>();
    private final AtomicInteger open;

    EventStream(int count) {
        open = new AtomicInteger(count);
        if (count == 0) {
            queue.add(END);
        }
    }

    /** A job whose events come here. */
    Job add(Jobs of, String id) {
        Job job = new StreamJob(of, id);
        jobs.add(job);
        return job;
    }

    /** Waits for the next event; null once every job has had its end. */
    public Event next() throws InterruptedException {
        Object next = queue.take();
        if (next == END) {
            queue.add(END);
            return null;
        }
        if (next instanceof Error) {
            throw (Error) next;
        }
        if (next instanceof RuntimeException) {
            throw (RuntimeException) next;
        }
        return (Event) next;
    }

    @Override
    public Iterator<Event> iterator() {
        return new Iterator<Event>() {
            private Event ahead;

            @Override
            public boolean hasNext() {
                try {
                    ahead = ahead == null ? EventStream.this.next() : ahead;
                } catch (InterruptedException e) {
                    close();
                    Thread.currentThread().interrupt();
                    throw new CancellationException("interrupted");
                }
                return ahead != null;
            }

            @Override
            public Event next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Event next = ahead;
                ahead = null;
                return next;
            }
        };
    }

    /** Stops the jobs that are open. Their ends still come, with the status CANCELLED. */
    @Override
    public void close() {
        for (Job job : jobs) {
            job.cancel();
        }
    }

    private void take(Object told, boolean isEnd) {
        queue.add(told);
        if (isEnd && open.decrementAndGet() == 0) {
            queue.add(END);
        }
    }

    private final class StreamJob extends Job {
        StreamJob(Jobs jobs, String id) {
            super(jobs, id);
        }

        @Override
        void deliver(Event event) {
            if (event.isDone()) {
                end();
            }
            take(event, event.isDone());
        }

        @Override
        void fail(Throwable why) {
            end();
            take(why, true);
        }
    }
}
