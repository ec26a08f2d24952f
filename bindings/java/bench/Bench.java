import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import mlab.Client;
import mlab.Result;

/**
 * Times calls for {@code cargo bench --bench bindings}, and prints nanoseconds a call: {@code fetch SAMPLES BATCH URL} or
 * {@code parse SAMPLES BATCH FILE}.
 */
public final class Bench {
    private static final long WARMING_NANOS = 400_000_000;

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        int samples = Integer.parseInt(arguments[1]);
        int batch = Integer.parseInt(arguments[2]);
        String target = arguments[3];
        if (arguments[0].equals("fetch")) {
            try (Client client = Client.builder().key("test-key-not-real").endpoint(target).build()) {
                measure(() -> client.fetch("12202888"), samples, batch);
            }
        } else {
            byte[] body = Files.readAllBytes(Paths.get(target));
            measure(() -> Result.parse(body, 200), samples, batch);
        }
    }

    private static void measure(Callable<Result> call, int samples, int batch) throws Exception {
        Result result = null;
        for (long begun = System.nanoTime(); System.nanoTime() - begun < WARMING_NANOS;) {
            result = call.call();
        }
        double[] took = new double[samples];
        for (int i = 0; i < samples; i++) {
            long start = System.nanoTime();
            for (int j = 0; j < batch; j++) {
                result = call.call();
            }
            took[i] = (double) (System.nanoTime() - start) / batch;
        }
        Arrays.sort(took);
        int bytes = result.urls().stream().mapToInt(String::length).sum();
        System.out.println(String.format(Locale.ROOT, "bytes=%d min=%.1f median=%.1f p90=%.1f",
                bytes, took[0], took[samples / 2], took[samples * 9 / 10]));
    }
}
