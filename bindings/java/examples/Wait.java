import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import mlab.Client;
import mlab.DeadlineException;
import mlab.Event;
import mlab.Image;
import mlab.MlabException;
import mlab.Result;
import mlab.WaitOptions;

/**
 * Waits for one queued job with a progress line, and prints the URLs of its images, or saves them and prints where.
 *
 * <pre>MODELSLAB_API_KEY=... java -cp mlab-client.jar Wait.java 12202888 [eta in seconds, as the generation call said]</pre>
 *
 * MLAB_IMAGES is a folder to save the images into. MLAB_ENDPOINT and MLAB_CA_FILE set another endpoint and what to trust.
 *
 * <p>Exit code: 0 the images are there (saved, if asked for), 3 not yet when the deadline came, 130 stopped by Ctrl-C,
 * 1 something went wrong, 2 wrong use.
 */
public final class Wait {
    private static Path folder(String variable) {
        String name = System.getenv(variable);
        return name == null ? null : Paths.get(name);
    }

    private static void showProgress(Event now) {
        String expected = now.eta().map(eta -> ", the server expects " + eta.getSeconds() + " s more").orElse("");
        System.err.printf("%.1f s, poll %d%s%n", now.elapsed().toMillis() / 1000.0, now.polls(), expected);
    }

    /** Seconds as they were typed; null where none were. */
    private static Duration time(String[] arguments) {
        if (arguments.length == 1) {
            return null;
        }
        double seconds = Double.parseDouble(arguments[1]);
        if (!(seconds >= 0)) {
            throw new NumberFormatException();
        }
        return Duration.ofMillis((long) (seconds * 1000));
    }

    private static void misuse() {
        System.err.println("usage: MODELSLAB_API_KEY=<your key> java -cp mlab-client.jar Wait.java ID [ETA IN SECONDS]");
        System.exit(2);
    }

    private static void run(String id, Duration eta) throws InterruptedException {
        WaitOptions.Builder options = WaitOptions.builder().progress(Wait::showProgress);
        if (eta != null) {
            options.eta(eta);
        }
        if (folder("MLAB_IMAGES") != null) {
            options.downloadDir(folder("MLAB_IMAGES"));
        }
        try (Client client = Client.builder()
                .endpoint(System.getenv("MLAB_ENDPOINT")).caFile(folder("MLAB_CA_FILE")).build()) {
            Result result = client.await(id, options.build());
            for (Image image : result.images()) {
                System.out.println(image.path().get() + " (" + image.type().get() + ")");
            }
            if (result.images().isEmpty()) {
                result.urls().forEach(System.out::println);
            }
            System.err.printf("ready after %.1f s%n", result.elapsed().toMillis() / 1000.0);
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length < 1 || arguments.length > 2) {
            misuse();
        }
        Duration eta = null;
        try {
            eta = time(arguments);
        } catch (NumberFormatException e) {
            misuse();
        }
        // Ctrl-C ends the process by itself, with 130. The job goes on at the server.
        try {
            run(arguments[0], eta);
        } catch (DeadlineException e) {
            System.err.println(e.getMessage());
            System.exit(3);
        } catch (MlabException e) {
            System.err.println(e);
            System.exit(1);
        }
    }
}
