package mlab.internal;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Who takes the log of which client, by a number that goes through C as the user pointer. */
public final class LogReceivers {
    /** Takes one entry, on the thread whose call it was told in. */
    public interface Receiver {
        void take(int level, String area, String text);
    }

    private static final ConcurrentHashMap<Long, Receiver> ALL = new ConcurrentHashMap<>();
    private static final AtomicLong LAST = new AtomicLong();

    private LogReceivers() {}

    /** Gives a number, never 0. */
    public static long add(Receiver receiver) {
        long number = LAST.incrementAndGet();
        ALL.put(number, receiver);
        return number;
    }

    public static void remove(long number) {
        ALL.remove(number);
    }

    /** Called from C: nothing may be thrown from here. What a receiver throws goes where threads leave what ends them. */
    static void hand(long number, int level, String area, String text) {
        Receiver receiver = ALL.get(number);
        if (receiver == null) {
            return;
        }
        try {
            receiver.take(level, area, text);
        } catch (Throwable thrown) {
            report(thrown);
        }
    }

    private static void report(Throwable thrown) {
        Thread thread = Thread.currentThread();
        try {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
        } catch (Throwable again) {
            // There is nobody left to tell.
        }
    }
}
