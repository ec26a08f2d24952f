package mlab;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Platform threads for what hangs on a future of ours, which may block, and for a close on a virtual thread. They end when
 * nobody has needed them for a second, and keep no process from ending. The common pool is for others: a few that block
 * would stop it.
 */
final class Helpers {
    private static final AtomicLong COUNT = new AtomicLong();
    private static final ThreadPoolExecutor POOL = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                Thread thread = new Thread(work, "mlab-helper-" + COUNT.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });

    /** Thread.isVirtual() of Java 21; null before that. */
    private static final MethodHandle IS_VIRTUAL = findIsVirtual();

    private Helpers() {}

    private static MethodHandle findIsVirtual() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** Whether a call that blocks in C would hold up other threads than this one. */
    static boolean isOnVirtualThread() {
        try {
            return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** For what somebody waits for: where the system has no thread left, this one does it, and others wait meanwhile. */
    static void runSurely(Runnable work) {
        try {
            POOL.execute(work);
        } catch (OutOfMemoryError e) {
            work.run();
        }
    }

    /** Waits for a future; an interrupt cancels it. */
    static <T> T get(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof Error) {
                throw (Error) cause;
            }
            throw (RuntimeException) cause; // Ours throw nothing that is checked.
        }
    }
}
