import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import mlab.Client;
import mlab.Result;
import mlab.WaitOptions;

/** Where the system has no thread left, which it has not while a file is there: no_threads.c. */
public final class Scarce {
    private static final Path DENIED = Paths.get(Checks.setting("MLAB_TEST_NO_THREADS"));

    private Scarce() {}

    private static void deny() {
        try {
            Files.createFile(DENIED);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    public static void aFutureEndsWithoutAThreadOfItsOwn() throws Exception {
        try (Client client = Checks.make()) {
            Checks.that(client.await("12202888").isReady(), "not ready"); // The library has its threads.
            WaitOptions options = Checks.soon()
                    .poll(Duration.ofSeconds(3), Duration.ofSeconds(3))
                    .progress(event -> deny())
                    .build();
            CompletableFuture<Result> future = client.waitAsync(Checks.id("ready"), options);
            try {
                Checks.that(future.get(10, TimeUnit.SECONDS).isReady(), "not ready");
            } finally {
                Files.delete(DENIED);
            }
            Checks.that(client.waitAsync("12202888").get(10, TimeUnit.SECONDS).isReady(), "not ready");
        }
    }

    public static void whatCannotBeginFailsAndTheNextOneBegins() throws Exception {
        try (Client client = Checks.make()) {
            Checks.that(client.await("12202888").isReady(), "not ready");
            Checks.soonThat(() -> Checks.threads("mlab-events") + Checks.threads("mlab-helper") == 0);
            deny();
            CompletableFuture<Result> wait = client.waitAsync("never-scarce");
            CompletableFuture<Result> fetch = client.fetchAsync("12202888");
            Files.delete(DENIED);
            for (CompletableFuture<Result> future : java.util.Arrays.asList(wait, fetch)) {
                ExecutionException e = Checks.thrown(ExecutionException.class, () -> future.get(10, TimeUnit.SECONDS));
                Checks.that(e.getCause() instanceof OutOfMemoryError, e);
            }
            Checks.that(client.waitAsync("12202888").get(10, TimeUnit.SECONDS).isReady(), "not ready");
            Checks.soonThat(() -> client.pending() == 0);
        }
    }
}
