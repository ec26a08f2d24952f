import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import mlab.Client;
import mlab.EndedException;
import mlab.EventStream;
import mlab.Status;
import mlab.WaitOptions;

/** How calls end before their time. */
public final class Ends {
    private Ends() {}

    /** Interrupts a thread that does this, once it has been at it for a while: it ends at once with such an exception. */
    private static void interrupted(Class<? extends Throwable> kind, Checks.Act act) throws Exception {
        Checks.bestOfThree(Checks.AT_ONCE_MS, () -> {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread thread = new Thread(() -> {
                try {
                    act.run();
                } catch (Throwable e) {
                    thrown.set(e);
                }
            });
            thread.start();
            Thread.sleep(200);
            Checks.that(thread.isAlive(), "it has ended: " + thrown.get());
            long took = Checks.milliseconds(() -> {
                thread.interrupt();
                thread.join();
            });
            Checks.that(kind.isInstance(thrown.get()), thrown.get());
            return took;
        });
    }

    public static void anInterruptEndsEveryBlockingCall() throws Exception {
        try (Client client = Checks.make()) {
            for (Checks.Act call : Arrays.<Checks.Act>asList(
                    () -> client.fetch("slow-30-1"),
                    () -> client.await("never-1"),
                    () -> client.await("slow-30-2"),
                    () -> client.events(Collections.singleton("never-1")).next())) {
                // events() tells of the first poll at once; what is interrupted waits for the second.
                interrupted(InterruptedException.class, () -> {
                    call.run();
                    client.await("never-2");
                });
            }
            interrupted(CancellationException.class,
                    () -> client.events(Collections.singleton("never-1")).forEach(event -> {}));
            Checks.bestOfThree(Checks.AT_ONCE_MS, () -> {
                Thread.currentThread().interrupt();
                return Checks.milliseconds(() -> Checks.thrown(InterruptedException.class, () -> client.fetch("slow-30-3")));
            });
            Checks.that(!Thread.currentThread().isInterrupted(), "still interrupted");
            Checks.that(client.fetch("12202888").isReady(), "spoilt");
        }
    }

    public static void cancellingAFutureFromAnotherThreadEndsItsJob() throws Exception {
        try (Client client = Checks.make()) {
            for (Supplier<CompletableFuture<?>> call : Arrays.<Supplier<CompletableFuture<?>>>asList(
                    () -> client.waitAsync("never-1"),
                    () -> client.waitAsync("slow-30-4"),
                    () -> client.fetchAsync("slow-30-5"))) {
                Checks.bestOfThree(Checks.AT_ONCE_MS, () -> {
                    CompletableFuture<?> future = call.get();
                    Thread.sleep(100);
                    Thread thread = new Thread(() -> future.cancel(true));
                    return Checks.milliseconds(() -> {
                        thread.start();
                        Checks.thrown(CancellationException.class, future::get);
                    });
                });
            }
            Checks.soonThat(() -> client.pending() == 0);
            CompletableFuture<?> own = client.waitAsync("never-1");
            own.complete(null); // Whoever completes it.
            Checks.soonThat(() -> client.pending() == 0);
            Checks.thrown(TimeoutException.class, () -> client.waitAsync("never-1").get(1, TimeUnit.MILLISECONDS));
        }
    }

    public static void aFetchThatIsNotWaitedForTakesNoThread() throws Exception {
        try (Client client = Checks.make()) {
            Checks.soonThat(() -> Checks.threads("mlab-helper") == 0);
            for (int i = 0; i < 100; i++) {
                client.fetchAsync("slow-30-thread-" + i);
            }
            Checks.that(client.pending() == 100, client.pending());
            Checks.that(Checks.threads("mlab-helper") == 0, Checks.threads("mlab-helper"));
        }
    }

    public static void whatAProgressFunctionThrowsComesOutOfTheWait() throws Exception {
        try (Client client = Checks.make()) {
            IllegalStateException own = new IllegalStateException("out of the function");
            WaitOptions options = WaitOptions.builder().progress(event -> { throw own; }).build();
            IllegalStateException now =
                    Checks.thrown(IllegalStateException.class, () -> client.await(Checks.id("never"), options));
            Checks.that(now == own, now);
            ExecutionException later =
                    Checks.thrown(ExecutionException.class, () -> client.waitAsync(Checks.id("never"), options).get());
            Checks.that(later.getCause() == own, later);
            Checks.soonThat(() -> client.pending() == 0);
            // Where it would wait for itself, it is told so.
            WaitOptions nested = WaitOptions.builder().progress(event -> {
                Checks.thrown(IllegalStateException.class, () -> client.await("12202888"));
                throw own;
            }).build();
            later = Checks.thrown(ExecutionException.class, () -> client.waitAsync(Checks.id("never"), nested).get());
            Checks.that(later.getCause() == own, later);
        }
    }

    public static void whatHangsOnAFutureMayBlock() throws Exception {
        try (Client client = Checks.make()) {
            CompletableFuture<Boolean> chain = client.waitAsync("12202888").thenApply(result -> {
                try {
                    return client.await("18446744073709551615").isReady();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            Checks.that(chain.get(10, TimeUnit.SECONDS), "not ready");
        }
    }

    public static void closingEndsEveryCall() throws Exception {
        Client client = Checks.make();
        List<CompletableFuture<?>> futures = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            futures.add(client.waitAsync("never-" + i));
        }
        futures.add(client.fetchAsync("slow-30-6"));
        AtomicReference<Throwable> blocked = new AtomicReference<>();
        CountDownLatch begun = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            begun.countDown();
            blocked.set(Checks.thrown(EndedException.class, () -> client.fetch("slow-30-7")));
        });
        thread.start();
        EventStream events = client.events(Collections.singleton("never-6"));
        begun.await();
        Thread.sleep(100);
        Checks.within(5000, client::close);
        for (CompletableFuture<?> future : futures) {
            ExecutionException e = Checks.thrown(ExecutionException.class, () -> future.get(10, TimeUnit.SECONDS));
            Checks.same(((EndedException) e.getCause()).status(), Status.CLOSED);
        }
        thread.join(10_000);
        Checks.that(blocked.get() != null, "goes on");
        Status last = null;
        for (mlab.Event event = events.next(); event != null; event = events.next()) {
            last = event.status();
        }
        Checks.same(last, Status.CLOSED);
        client.close();
        for (Checks.Act call : Arrays.<Checks.Act>asList(
                () -> client.fetch("1"), () -> client.await("1"), client::pending)) {
            Checks.thrown(EndedException.class, call);
        }
        Checks.thrown(ExecutionException.class, () -> client.waitAsync("1").get());
        Checks.soonThat(() -> Checks.threads("mlab-worker") == 0 && Checks.threads("mlab-events") == 0);
    }

    public static void aClientMayBeClosedWhereEventsAreDelivered() throws Exception {
        Client client = Checks.make();
        WaitOptions options = WaitOptions.builder().progress(event -> client.close()).build();
        ExecutionException e = Checks.thrown(ExecutionException.class, () -> client.waitAsync("never-1", options).get());
        Checks.same(((EndedException) e.getCause()).status(), Status.CLOSED);
        Checks.soonThat(() -> Checks.threads("mlab-events") == 0);
    }

    public static void aDeadlineIsExact() throws Exception {
        try (Client client = Checks.make()) {
            WaitOptions options = WaitOptions.builder().deadline(Duration.ofMillis(500)).build();
            Checks.bestOfThree(800, () -> Checks.milliseconds(
                    () -> Checks.thrown(EndedException.class, () -> client.await("never-1", options))));
        }
    }
}
