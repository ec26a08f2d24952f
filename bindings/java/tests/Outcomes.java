import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import mlab.AccountException;
import mlab.ArgumentException;
import mlab.Client;
import mlab.ClientBuilder;
import mlab.DeadlineException;
import mlab.Event;
import mlab.EventKind;
import mlab.Image;
import mlab.ImageException;
import mlab.JobException;
import mlab.LogLevel;
import mlab.MlabException;
import mlab.NetworkException;
import mlab.RateLimitException;
import mlab.Result;
import mlab.RootsKind;
import mlab.Status;
import mlab.WaitOptions;

/** What calls come back with, and what is refused. */
public final class Outcomes {
    private Outcomes() {}

    public static void theBridgeIsThatOfTheRuntimeUnlessItIsForced() {
        String forced = System.getProperty("mlab.bridge");
        boolean hasForeign = !System.getProperty("java.specification.version").equals("17");
        Checks.same(Checks.isJna(), !hasForeign || "jna".equals(forced));
    }

    public static void aReadyJobGivesItsUrls() throws Exception {
        try (Client client = Checks.make()) {
            Result result = client.fetch("12202888");
            Checks.that(result.isReady(), result);
            Checks.same(result.status(), Status.OK);
            Checks.same(result.urls().size(), 4);
            Checks.that(result.urls().get(0).startsWith("http://127.0.0.1:"), result);
            Checks.that(result.output() == result.urls(), "another list");
            Checks.same(Arrays.asList(result.id(), result.httpStatus(), result.attempts()), Arrays.asList("12202888", 200, 1));
            Checks.same(Arrays.asList(result.eta(), result.retryAfter()), Collections.nCopies(2, Optional.empty()));
            Checks.that(!result.isRetryable() && result.images().isEmpty(), result);
            Checks.that(new String(result.body(), StandardCharsets.UTF_8).contains("\"status\":\"success\""), "body");
            Checks.thrown(UnsupportedOperationException.class, () -> result.urls().clear());
            Checks.same(client.fetchAsync("12202888").get().urls(), result.urls());
            Checks.same(Client.libraryVersion(), "0.1.0");
            Checks.that(!("" + client + result).contains(Checks.KEY), "the key");
        }
    }

    public static void aJobThatIsNotReadyIsNoError() throws Exception {
        try (Client client = Checks.make()) {
            Result result = client.fetch("never-1");
            Checks.same(result.status(), Status.PROCESSING);
            Checks.that(!result.isReady() && result.urls().isEmpty(), result);
        }
    }

    public static void everyFailureIsAnExceptionOfItsGroup() throws Exception {
        try (Client client = Checks.make(builder -> builder.retries(0))) {
            JobException failed = Checks.thrown(JobException.class, () -> client.await("fail-1"));
            Checks.same(failed.status(), Status.JOB_FAILED);
            Checks.same(failed.result().get().message(), failed.getMessage());
            Checks.that(failed.toString().startsWith("MLAB_E_JOB_FAILED: "), failed);
            Checks.same(Checks.thrown(JobException.class, () -> client.fetch("missing-1")).status(), Status.NOT_FOUND);
            Checks.same(Checks.thrown(AccountException.class, () -> client.fetch("auth-1")).status(), Status.AUTH);
            Checks.same(Checks.thrown(NetworkException.class, () -> client.fetch("busy-1")).status(), Status.SERVER);
            ExecutionException later = Checks.thrown(ExecutionException.class, () -> client.waitAsync("auth-1").get());
            Checks.that(later.getCause() instanceof AccountException, later);
            later = Checks.thrown(ExecutionException.class, () -> client.fetchAsync("auth-1").get());
            Checks.that(later.getCause() instanceof AccountException, later);
            // At the end: a client leaves the server alone for as long as it was asked to.
            RateLimitException limited = Checks.thrown(RateLimitException.class, () -> client.fetch("rate-1"));
            Checks.same(limited.retryAfter(), Optional.of(Duration.ofSeconds(3)));
            Checks.that(limited.isRetryable(), limited);
        }
    }

    public static void anUnreachableServerIsANetworkException() throws Exception {
        String nowhere = Checks.setting("MLAB_TEST_UNREACHABLE");
        try (Client client = Checks.make(builder -> builder.endpoint(nowhere).retries(0))) {
            NetworkException thrown = Checks.thrown(NetworkException.class, () -> client.fetch("1"));
            Checks.same(thrown.status(), Status.CONNECT);
            Checks.that(thrown.isRetryable(), thrown);
        }
    }

    public static void aDeadlineHasTheLastThingKnown() throws Exception {
        try (Client client = Checks.make()) {
            WaitOptions options = WaitOptions.builder().deadline(Duration.ofSeconds(2)).build();
            DeadlineException late = Checks.thrown(DeadlineException.class, () -> client.await("never-1", options));
            Checks.same(late.result().get().attempts(), 1);
        }
    }

    public static void anIdOf64BitsStaysWhole() throws Exception {
        try (Client client = Checks.make()) {
            Checks.same(client.await("18446744073709551615").id(), "18446744073709551615");
        }
    }

    public static void textIsUtf8BothWays() throws Exception {
        String endpoint = Checks.setting("MLAB_TEST_UTF8");
        try (Client client = Checks.make(builder -> builder.endpoint(endpoint))) {
            Result result = client.fetch("1");
            Checks.same(result.message(), "fertig: 日本");
            Checks.same(result.urls(), Collections.singletonList("https://images.example/é/😀"));
        }
    }

    public static void httpsIsVerifiedAgainstTheFileThatIsTrusted() throws Exception {
        String endpoint = Checks.setting("MLAB_TEST_HTTPS");
        Path trusted = Paths.get(Checks.setting("MLAB_TEST_CA_FILE"));
        try (Client client = Checks.make(builder -> builder.endpoint(endpoint).caFile(trusted))) {
            Checks.that(client.fetch("12202888").isReady(), "not ready");
        }
        try (Client client = Checks.make(builder -> builder.endpoint(endpoint).retries(0))) {
            Checks.same(Checks.thrown(NetworkException.class, () -> client.fetch("1")).status(), Status.TLS);
        }
    }

    public static void parseRulesOnABodyThatCameOtherwise() {
        byte[] body = "{\"status\":\"success\",\"output\":[\"https://a.example/1.png\"]}".getBytes(StandardCharsets.UTF_8);
        Checks.same(Result.parse(body, 0).urls(), Collections.singletonList("https://a.example/1.png"));
        Checks.thrown(AccountException.class, () -> Result.parse("{}".getBytes(StandardCharsets.UTF_8), 401));
        Checks.thrown(MlabException.class, () -> Result.parse(new byte[0], 200));
        Checks.thrown(ArgumentException.class, () -> Result.parse(null, 200));
    }

    public static void aBodyIsBytesWhateverIsInIt() throws Exception {
        byte[] body = {0, 'a', 0, (byte) 0xff, 'b', 0};
        try (Client client = Checks.make(builder -> builder.endpoint(Checks.setting("MLAB_TEST_BINARY")))) {
            for (Checks.Act call : new Checks.Act[] {
                    () -> client.fetch("1"), () -> client.await("1"), () -> Result.parse(body, 401)}) {
                byte[] copied = Checks.thrown(AccountException.class, call).result().get().body();
                Checks.that(Arrays.equals(copied, body), Arrays.toString(copied));
            }
        }
    }

    public static void aStringThatCWouldCutIsRefused() throws Exception {
        try (Client client = Checks.make()) {
            for (String bad : new String[] {"12202888\0x", "\ud800", null}) {
                String said = Checks.thrown(ArgumentException.class, () -> client.fetch(bad)).getMessage();
                Checks.that(said.startsWith("id: "), said);
                Checks.thrown(ArgumentException.class, () -> client.await(bad));
                Checks.thrown(ExecutionException.class, () -> client.waitAsync(bad).get());
                Checks.thrown(ArgumentException.class, () -> client.download(bad, null));
            }
            Checks.thrown(ArgumentException.class, () -> client.events(Arrays.asList("never-1", "a\0b")));
            Checks.thrown(ArgumentException.class, () -> client.fetch("no id"));
            Checks.soonThat(() -> client.pending() == 0);
        }
        Checks.thrown(ArgumentException.class, () -> new Client("a\0b"));
    }

    private static void refused(String name, Consumer<ClientBuilder> change) {
        String said = Checks.thrown(MlabException.class, () -> Checks.make(change)).getMessage();
        Checks.that(said.startsWith(name + ": "), said);
    }

    public static void settingsAreRefusedByName() throws Exception {
        refused("endpoint", builder -> builder.endpoint("no url"));
        refused("connectTimeout", builder -> builder.connectTimeout(Duration.ofSeconds(-1)));
        refused("requestTimeout", builder -> builder.requestTimeout(Duration.ZERO));
        refused("bodyLimit", builder -> builder.bodyLimit(-1));
        refused("workers", builder -> builder.workers(-1));
        refused("roots", builder -> builder.roots(RootsKind.UNKNOWN));
        Checks.make(builder -> builder.roots(RootsKind.SYSTEM)).close();
        refused("caPem", builder -> builder.caPem("no certificate"));
        refused("requestsPerSecond", builder -> builder.requestsPerSecond(Double.NaN));
        refused("caFile", builder -> builder.caFile(Paths.get("/there/is/none")));
        try (Client client = Checks.make(builder -> builder.endpoint(Checks.setting("MLAB_TEST_HTTP")).endpoint(null))) {
            WaitOptions tooOften = WaitOptions.builder().poll(Duration.ofMillis(1), Duration.ofSeconds(1)).build();
            String said = Checks.thrown(ArgumentException.class, () -> client.await("1", tooOften)).getMessage();
            Checks.that(said.startsWith("poll: "), said);
            Checks.thrown(ArgumentException.class, () -> WaitOptions.builder().eta(Duration.ofMillis(-1)));
        }
    }

    public static void theKeyComesFromTheEnvironment() throws Exception {
        // MODELSLAB_API_KEY has it, and API_KEY another.
        try (Client client = Client.builder().endpoint(Checks.setting("MLAB_TEST_HTTP")).build()) {
            Checks.that(client.fetch("12202888").isReady(), "not ready");
        }
    }

    public static void imagesComeIntoMemoryAndFiles() throws Exception {
        Path folder = Files.createTempDirectory(Paths.get("").toAbsolutePath(), "bilder-é-日本");
        try (Client client = Checks.make()) {
            List<Event> told = new ArrayList<>();
            Result memory = client.await("12202888",
                    WaitOptions.builder().downloadMemory(1 << 20).progress(told::add).build());
            List<String> types = new ArrayList<>();
            for (Image image : memory.images()) {
                types.add(image.type().get());
                Checks.that(image.bytes().get().length > 0 && !image.path().isPresent(), image);
                Checks.same(image.width(), 64);
            }
            Checks.same(types, Arrays.asList("image/png", "image/jpeg", "image/webp", "image/gif"));
            Result files = client.await("12202888", WaitOptions.builder().downloadDir(folder).build());
            for (int i = 0; i < 4; i++) {
                Path file = files.images().get(i).path().get();
                Checks.same(file.getParent(), folder);
                Checks.that(Arrays.equals(Files.readAllBytes(file), memory.images().get(i).bytes().get()), file);
            }
            byte[] first = memory.images().get(0).bytes().get();
            Path one = folder.resolve("eins-é.png");
            Checks.same(client.download(memory.urls().get(0), one).images().get(0).path().get(), one);
            Checks.that(Arrays.equals(Files.readAllBytes(one), first), one);
            Image held = client.downloadAsync(memory.urls().get(0), null, Checks.soon().build()).get().images().get(0);
            Checks.that(Arrays.equals(held.bytes().get(), first), held);
            WaitOptions small = WaitOptions.builder().downloadMemory(10).build();
            Checks.same(Checks.thrown(MlabException.class, () -> client.await("12202888", small)).status(), Status.TOO_LARGE);
            ImageException unsafe = Checks.thrown(ImageException.class, () -> client.download("https://10.0.0.1/1.png", null));
            Checks.same(unsafe.status(), Status.UNSAFE_URL);
        }
    }

    public static void progressIsToldOnTheThreadThatWaits() throws Exception {
        try (Client client = Checks.make()) {
            List<Event> told = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            // A job's end drops the progress before it: the second poll comes late.
            WaitOptions.Builder options = Checks.soon().poll(Duration.ofSeconds(3), Duration.ofSeconds(3));
            client.await(Checks.id("ready"), options.progress(event -> {
                told.add(event);
                threads.add(Thread.currentThread());
            }).build());
            Checks.that(!told.isEmpty() && threads.get(0) == Thread.currentThread(), told);
            Event first = told.get(0);
            Checks.same(Arrays.asList(first.kind(), first.polls(), first.eta()),
                    Arrays.asList(EventKind.PROGRESS, 1, Optional.empty()));
            Checks.that(first.nextPoll().get().compareTo(first.elapsed()) > 0, first);
        }
    }

    public static void theLogIsTold() throws Exception {
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        try (Client client = Checks.make(builder -> builder.log(LogLevel.INFO, (level, area, text) -> told.add(area + text)))) {
            client.fetch("12202888");
            client.await("12202888");
        }
        Checks.that(told.stream().anyMatch(line -> line.startsWith("poll")), told);
        Checks.that(told.stream().noneMatch(line -> line.contains(Checks.KEY)), "the key");
        Thread.UncaughtExceptionHandler before = Thread.currentThread().getUncaughtExceptionHandler();
        List<Throwable> caught = new ArrayList<>();
        Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> caught.add(e));
        IllegalStateException own = new IllegalStateException("out of the log");
        try (Client client = Checks.make(builder -> builder.log(LogLevel.INFO, (level, area, text) -> {
            throw own;
        }))) {
            Checks.that(client.fetch("12202888").isReady(), "not ready");
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(before);
        }
        Checks.that(caught.contains(own), caught);
    }
}
