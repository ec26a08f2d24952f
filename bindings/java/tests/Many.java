import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import mlab.AccountException;
import mlab.ArgumentException;
import mlab.Client;
import mlab.Event;
import mlab.EventKind;
import mlab.EventStream;
import mlab.Result;
import mlab.Status;

/** Many at once, and many in a row. */
public final class Many {
    private Many() {}

    public static void thirtyWaitsAtOnceTakeThreeSeconds() throws Exception {
        try (Client client = Checks.make()) {
            Checks.bestOfThree(3000, () -> {
                List<CompletableFuture<Result>> futures = new ArrayList<>();
                long took = Checks.milliseconds(() -> {
                    for (int i = 0; i < 30; i++) {
                        futures.add(client.waitAsync(Checks.id("ready"), Checks.soon().build()));
                    }
                    CompletableFuture.allOf(futures.toArray(new CompletableFuture<?>[0])).get();
                });
                Checks.that(futures.stream().allMatch(future -> future.join().isReady()), futures);
                return took;
            });
        }
    }

    private static void thirtyWaitOn(ExecutorService threads, Client client) throws Exception {
        List<Future<Result>> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            all.add(threads.submit(() -> client.await(Checks.id("ready"), Checks.soon().build())));
        }
        for (Future<Result> one : all) {
            Checks.that(one.get().isReady(), "not ready");
        }
    }

    public static void thirtyThreadsWaitAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(30);
        try (Client client = Checks.make()) {
            Checks.bestOfThree(3000, () -> Checks.milliseconds(() -> thirtyWaitOn(threads, client)));
        } finally {
            threads.shutdown();
        }
    }

    public static void virtualThreadsThatWaitHoldUpNoOther() throws Exception {
        ExecutorService threads;
        try {
            threads = (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException e) {
            return; // Before Java 21.
        }
        try (Client client = Checks.make()) {
            // More of each than there are carriers: if any of these calls held one, nothing else would move.
            List<Future<?>> parked = new ArrayList<>();
            Semaphore ended = new Semaphore(0);
            for (int i = 0; i < 10; i++) {
                parked.add(threads.submit(() -> client.await("never-1")));
                parked.add(threads.submit(() -> {
                    try {
                        return client.fetch("slow-30-8");
                    } finally {
                        ended.release();
                    }
                }));
                parked.add(threads.submit(() -> client.events(Collections.singleton("never-2")).forEach(event -> {})));
            }
            AtomicInteger ticks = new AtomicInteger();
            threads.submit(() -> {
                for (; ; ticks.incrementAndGet()) {
                    Thread.sleep(5);
                }
            });
            Checks.bestOfThree(3000, () -> Checks.milliseconds(() -> thirtyWaitOn(threads, client)));
            Checks.that(ticks.get() > 20, ticks);
            for (Future<?> one : parked) {
                Checks.that(!one.isDone(), "ended");
            }
            AtomicInteger next = new AtomicInteger(1); // Every third is a fetch.
            Checks.bestOfThree(Checks.AT_ONCE_MS, () -> Checks.milliseconds(() -> {
                parked.get(next.getAndAdd(3)).cancel(true);
                ended.acquire();
            }));
            // On a virtual thread, too.
            Checks.within(5000, () -> threads.submit(client::close).get());
        } finally {
            threads.shutdownNow();
        }
    }

    public static void eventsTellOfEveryJob() throws Exception {
        try (Client client = Checks.make()) {
            String later = Checks.id("ready");
            Map<String, Status> ends = new HashMap<>();
            int images = 0;
            for (Event event : client.events(
                    Arrays.asList("12202888", "fail-1", later), Checks.soon().downloadMemory(1 << 20).build())) {
                if (event.isDone()) {
                    ends.put(event.id(), event.status());
                } else if (event.kind() == EventKind.IMAGE) {
                    byte[] bytes = event.result().get().images().get(event.index().getAsInt()).bytes().get();
                    images += bytes.length > 0 ? 1 : 0;
                }
            }
            Map<String, Status> should = new HashMap<>();
            should.put("12202888", Status.OK);
            should.put("fail-1", Status.JOB_FAILED);
            should.put(later, Status.OK);
            Checks.same(ends, should);
            Checks.same(images, 5);
            try (EventStream events = client.events(Collections.singleton("never-1"))) {
                events.close();
                Event last = events.next();
                while (!last.isDone()) {
                    last = events.next();
                }
                Checks.same(last.status(), Status.CANCELLED);
                Checks.same(events.next(), null);
                Checks.same(events.next(), null);
            }
            Checks.that(!client.events(Collections.emptyList()).iterator().hasNext(), "something of nothing");
            Checks.soonThat(() -> Checks.threads("mlab-events") == 0);
        }
    }

    private static long residentKib() throws Exception {
        System.gc();
        String[] numbers = new String(Files.readAllBytes(Paths.get("/proc/self/statm")), StandardCharsets.UTF_8).split(" ");
        return Long.parseLong(numbers[1]) * 4;
    }

    public static void tenThousandCallsLeaveNothingBehind() throws Exception {
        char[] filler = new char[2000];
        Arrays.fill(filler, 'a');
        byte[] body = ("{\"status\":\"success\",\"output\":[\"" + new String(filler) + "\"]}")
                .getBytes(StandardCharsets.UTF_8);
        try (Client client = Checks.make()) {
            Checks.Act thousandCalls = () -> {
                for (int i = 0; i < 1000; i++) {
                    Result.parse(body, 200);
                    Checks.thrown(AccountException.class, () -> Result.parse(body, 401));
                    Checks.thrown(ArgumentException.class, () -> client.fetch("no id"));
                    if (i % 20 == 0) {
                        Checks.that(client.fetch("12202888").isReady(), "not ready");
                        Checks.that(client.await("12202888").isReady(), "not ready");
                        Checks.thrown(ArgumentException.class, () -> client.await("no id"));
                        new Client("k").close();
                    }
                }
            };
            for (int i = 0; i < 6; i++) {
                thousandCalls.run();
            }
            long before = residentKib();
            for (int i = 0; i < 10; i++) {
                thousandCalls.run();
            }
            // Of 20,000 results of 4 KB each, one in ten would show.
            long grown = residentKib() - before;
            Checks.that(grown < 8 << 10, "grew by " + grown + " KiB");
            System.err.println("grew by " + grown + " KiB");
        }
    }

    public static void clientsThatAreForgottenLeaveNothing() throws Exception {
        for (int i = 0; i < 10; i++) {
            Checks.make().await("12202888");
        }
        Checks.soonThat(() -> {
            System.gc();
            new Client("k").close(); // The next one frees them.
            return Checks.threads("mlab-worker") == 0;
        });
    }
}
