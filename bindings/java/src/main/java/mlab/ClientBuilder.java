package mlab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongToIntFunction;
import mlab.internal.Bridge;
import mlab.internal.Library;
import mlab.internal.LogReceivers;
import mlab.internal.Raw;

/**
 * The settings of a client, each as mlab.h describes it; what is null or was not set stays as the library has it. Each
 * setter gives the builder itself. A value that the library refuses is told by {@link #build}.
 */
public final class ClientBuilder {
    private static final Raw RAW = Library.RAW;
    private static final Bridge BRIDGE = Library.BRIDGE;

    private interface IntSetter {
        int set(long config, int number);
    }

    /** Of a number, or of the address of a text. */
    private interface LongSetter {
        int set(long config, long value);
    }

    /** Setter calls on a config of C's, which throw what was refused. */
    private final List<LongConsumer> settings = new ArrayList<>();
    private String key;
    private LogLevel logLevel;
    private LogListener log;

    ClientBuilder() {}

    /** Your API key; if it is null, that of MODELSLAB_API_KEY, then API_KEY, in the environment. */
    public ClientBuilder key(String key) {
        this.key = key;
        return this;
    }

    /** Where to ask, with {id} in it: another model's endpoint, or a server of your own. */
    public ClientBuilder endpoint(String template) {
        return text("endpoint", template, RAW::mlab_config_set_endpoint);
    }

    /** How long connecting may take; 10 seconds unless set. */
    public ClientBuilder connectTimeout(Duration timeout) {
        return time("connectTimeout", timeout, RAW::mlab_config_set_connect_timeout_ms);
    }

    /** How long a fetch may take in all, and each poll of a wait; 30 seconds unless set. */
    public ClientBuilder requestTimeout(Duration timeout) {
        return time("requestTimeout", timeout, RAW::mlab_config_set_request_timeout_ms);
    }

    /** The largest reply taken, in bytes; 1 MiB unless set. */
    public ClientBuilder bodyLimit(long bytes) {
        return size("bodyLimit", bytes, RAW::mlab_config_set_body_limit);
    }

    /** Your program, such as "MyGame/1.2", added to the User-Agent. */
    public ClientBuilder userAgent(String suffix) {
        return text("userAgent", suffix, RAW::mlab_config_set_user_agent);
    }

    /** The URL of a proxy; "" for none, whatever the environment says. */
    public ClientBuilder proxy(String url) {
        return text("proxy", url, RAW::mlab_config_set_proxy);
    }

    /** A PEM file of the certificates to trust, in place of all others. */
    public ClientBuilder caFile(Path file) {
        return text("caFile", file == null ? null : file.toString(), RAW::mlab_config_set_ca_file);
    }

    /** The certificates to trust, in place of all others, as PEM. */
    public ClientBuilder caPem(String pem) {
        return text("caPem", pem, RAW::mlab_config_set_ca_pem);
    }

    /** Whose root certificates are trusted. */
    public ClientBuilder roots(RootsKind roots) {
        return roots == null ? this : add("roots", config -> RAW.mlab_config_set_roots(config, roots.number()));
    }

    /** How often a fetch tries again after a failure that may pass; 2 unless set. */
    public ClientBuilder retries(int retries) {
        return number("retries", retries, RAW::mlab_config_set_retries);
    }

    /** How many requests a second are sent at most; 0, as unless set, for no limit. */
    public ClientBuilder requestsPerSecond(double limit) {
        return add("requestsPerSecond", config -> RAW.mlab_config_set_requests_per_second(config, limit));
    }

    /** How many polls and downloads of jobs may be under way at once; 64 unless set. */
    public ClientBuilder workers(int workers) {
        return number("workers", workers, RAW::mlab_config_set_workers);
    }

    /** How many jobs may be open at once; 100,000 unless set. */
    public ClientBuilder maxJobs(int jobs) {
        return number("maxJobs", jobs, RAW::mlab_config_set_max_jobs);
    }

    /** The largest image taken into a file, in bytes; 64 MiB unless set. */
    public ClientBuilder imageLimit(long bytes) {
        return size("imageLimit", bytes, RAW::mlab_config_set_image_limit);
    }

    /** How many images of one job are downloaded at most; 64 unless set. */
    public ClientBuilder maxImages(int images) {
        return number("maxImages", images, RAW::mlab_config_set_max_images);
    }

    /** Who is told of what happens; entries of this level and those that matter more. */
    public ClientBuilder log(LogLevel level, LogListener listener) {
        logLevel = level;
        log = listener;
        return this;
    }

    /**
     * Makes the client. Nothing is sent.
     *
     * @throws MlabException the key or a setting cannot be used; the message names it
     */
    public Client build() {
        return new Client(this);
    }

    Handle open() {
        Handle.freeForgotten();
        long receiver = log == null ? 0 : LogReceivers.add((level, area, text) ->
                log.log(LogLevel.of(level), area, text));
        long config = RAW.mlab_config_new();
        try {
            for (LongConsumer setting : settings) {
                setting.accept(config);
            }
            if (log != null) {
                int status = RAW.mlab_config_set_log(config, logLevel.number(), BRIDGE.logFunction(), receiver);
                MlabException.check("log", status, RAW.mlab_config_message(config));
            }
            return new Handle(open(config), receiver);
        } catch (Throwable e) {
            LogReceivers.remove(receiver);
            throw e;
        } finally {
            RAW.mlab_config_free(config);
        }
    }

    private long open(long config) {
        try (Lent text = Lent.text("key", key == null ? keyOfEnvironment() : key); Lent out = Lent.out()) {
            int status = RAW.mlab_client_new(text.address, config, out.address);
            long client = out.pointer();
            if (status == Raw.MLAB_OK) {
                return client;
            }
            String why = BRIDGE.text(RAW.mlab_client_message(client));
            RAW.mlab_client_free(client);
            throw MlabException.of(status, why, null);
        }
    }

    private static String keyOfEnvironment() {
        for (String name : new String[] {"MODELSLAB_API_KEY", "API_KEY"}) {
            String key = System.getenv(name);
            if (key != null && !key.isEmpty()) {
                return key;
            }
        }
        throw MlabException.refuse("key", "none was given, and neither MODELSLAB_API_KEY nor API_KEY is set");
    }

    private ClientBuilder text(String name, String value, LongSetter setter) {
        return value == null ? this : add(name, config -> {
            try (Lent text = Lent.text(name, value)) {
                return setter.set(config, text.address);
            }
        });
    }

    private ClientBuilder time(String name, Duration value, IntSetter setter) {
        return value == null ? this : number(name, Numbers.milliseconds(name, value), setter);
    }

    private ClientBuilder number(String name, int value, IntSetter setter) {
        Numbers.unsigned(name, value);
        return add(name, config -> setter.set(config, value));
    }

    private ClientBuilder size(String name, long value, LongSetter setter) {
        Numbers.unsigned(name, value);
        return add(name, config -> setter.set(config, value));
    }

    private ClientBuilder add(String name, LongToIntFunction setter) {
        settings.add(config -> MlabException.check(name, setter.applyAsInt(config), RAW.mlab_config_message(config)));
        return this;
    }
}
