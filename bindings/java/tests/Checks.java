import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import mlab.Client;
import mlab.ClientBuilder;
import mlab.WaitOptions;

/**
 * The binding against the stand-in. Each public static method of the classes that are given as arguments is a sentence about
 * behaviour.
 */
public final class Checks {
    static final String KEY = "test-key-not-real";

    /** What is promised of a cancel and an interrupt. */
    static final long AT_ONCE_MS = 300;

    private static final AtomicInteger IDS = new AtomicInteger();

    private Checks() {}

    interface Act {
        void run() throws Exception;
    }

    static String setting(String name) {
        return Objects.requireNonNull(System.getenv(name), name);
    }

    static Client make(Consumer<ClientBuilder> change) {
        ClientBuilder builder = Client.builder().key(KEY).endpoint(setting("MLAB_TEST_HTTP"));
        change.accept(builder);
        return builder.build();
    }

    static Client make() {
        return make(builder -> {});
    }

    /** An id that nobody else asks for: ready half a second after its first poll, or what its prefix says. */
    static String id(String prefix) {
        return prefix + "-java-" + ProcessId.VALUE + "-" + IDS.incrementAndGet();
    }

    /** For such jobs. */
    static WaitOptions.Builder soon() {
        return WaitOptions.builder().eta(Duration.ofMillis(600)).poll(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    private static final class ProcessId {
        static final String VALUE = read();

        private static String read() {
            try {
                return Paths.get("/proc/self").toRealPath().getFileName().toString();
            } catch (IOException e) {
                return "0";
            }
        }
    }

    static void that(boolean holds, Object what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    static void same(Object is, Object should) {
        that(Objects.equals(is, should), "is " + is + " and should be " + should);
    }

    static <T extends Throwable> T thrown(Class<T> kind, Act act) {
        try {
            act.run();
        } catch (Throwable e) {
            if (kind.isInstance(e)) {
                return kind.cast(e);
            }
            throw new AssertionError("no " + kind.getName() + ", but", e);
        }
        throw new AssertionError("no " + kind.getName());
    }

    static void within(long milliseconds, Act act) throws Exception {
        long took = milliseconds(act);
        that(took <= milliseconds, "took " + took + " ms");
    }

    interface Timed {
        long milliseconds() throws Exception;
    }

    static long milliseconds(Act act) throws Exception {
        long since = System.nanoTime();
        act.run();
        return (System.nanoTime() - since) / 1_000_000;
    }

    /** Whatever else the machine does may hold a try up: the best of three counts. */
    static void bestOfThree(long milliseconds, Timed once) throws Exception {
        long best = Long.MAX_VALUE;
        for (int tries = 0; tries < 3 && best > milliseconds; tries++) {
            best = Math.min(best, once.milliseconds());
        }
        that(best <= milliseconds, "took " + best + " ms at best");
    }

    /** Lets something come true within ten seconds. */
    static void soonThat(java.util.function.BooleanSupplier holds) throws Exception {
        long since = System.nanoTime();
        while (!holds.getAsBoolean()) {
            that(System.nanoTime() - since < 10_000_000_000L, "it does not come true");
            Thread.sleep(5);
        }
    }

    /** How many threads of the process are called so; the system cuts names to 15 bytes. */
    static int threads(String prefix) {
        int count = 0;
        for (java.io.File task : Objects.requireNonNull(Paths.get("/proc/self/task").toFile().listFiles())) {
            try {
                Path name = task.toPath().resolve("comm");
                if (new String(Files.readAllBytes(name), StandardCharsets.UTF_8).startsWith(prefix)) {
                    count++;
                }
            } catch (IOException e) {
                // It has ended meanwhile.
            }
        }
        return count;
    }

    static boolean isJna() {
        return mlab.internal.Library.BRIDGE.getClass().getSimpleName().equals("JnaBridge");
    }

    public static void main(String[] classes) throws Exception {
        int failures = 0;
        for (String name : classes) {
            for (Method check : Class.forName(name).getDeclaredMethods()) {
                if (Modifier.isPublic(check.getModifiers()) && !check.isSynthetic()) {
                    failures += run(check);
                }
            }
        }
        System.err.println(failures + " failures");
        System.exit(failures == 0 ? 0 : 1);
    }

    private static int run(Method check) throws IllegalAccessException {
        long since = System.nanoTime();
        try {
            check.invoke(null);
            System.err.println("ok " + check.getName() + " (" + (System.nanoTime() - since) / 1_000_000 + " ms)");
            return 0;
        } catch (InvocationTargetException e) {
            System.err.print("FAILED " + check.getName() + ": ");
            e.getCause().printStackTrace();
            return 1;
        }
    }
}
