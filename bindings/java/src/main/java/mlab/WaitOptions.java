package mlab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import mlab.internal.Library;
import mlab.internal.Raw;

/** How to wait for a job. What was not set stays as the library has it. It never changes: any number of waits may use it. */
public final class WaitOptions {
    /** Nothing set. */
    static final WaitOptions DEFAULTS = builder().build();

    private static final Raw RAW = Library.RAW;

    /** One setter call on a request of C's. */
    private interface Setting {
        void apply(long request);
    }

    private final List<Setting> settings;
    private final boolean isDownload;
    private final Consumer<? super Event> progress;

    private WaitOptions(Builder from) {
        settings = new ArrayList<>(from.settings);
        isDownload = from.isDownload;
        progress = from.progress;
    }

    /** Makes options. */
    public static Builder builder() {
        return new Builder();
    }

    /** Sets up options; each setter gives the builder itself. A value that the library refuses is told by the wait. */
    public static final class Builder {
        private final List<Setting> settings = new ArrayList<>();
        private boolean isDownload;
        private Consumer<? super Event> progress;

        private Builder() {}

        /** How long the wait may take in all; 10 minutes unless set. */
        public Builder deadline(Duration deadline) {
            int ms = Numbers.milliseconds("deadline", deadline);
            return add(request -> check("deadline", request, RAW.mlab_request_set_deadline_ms(request, ms)));
        }

        /** The least and the greatest time between polls; 2 and 15 seconds unless set, at least 1. */
        public Builder poll(Duration least, Duration most) {
            int min = Numbers.milliseconds("poll", least);
            int max = Numbers.milliseconds("poll", most);
            return add(request -> check("poll", request, RAW.mlab_request_set_poll_ms(request, min, max)));
        }

        /** How long the job is expected to take: "eta" of the generation call's reply. Saves polls. */
        public Builder eta(Duration eta) {
            int ms = Numbers.milliseconds("eta", eta);
            return add(request -> check("eta", request, RAW.mlab_request_set_eta_ms(request, ms)));
        }

        /** Downloads the images too, into this folder. */
        public Builder downloadDir(Path folder) {
            isDownload = true;
            String path = folder.toString();
            return add(request -> {
                try (Lent text = Lent.text("downloadDir", path)) {
                    check("downloadDir", request, RAW.mlab_request_set_download_dir(request, text.address, 0));
                }
            });
        }

        /** Downloads the images too, into memory, each of at most so many bytes. */
        public Builder downloadMemory(long maxBytes) {
            isDownload = true;
            long bytes = Numbers.unsigned("downloadMemory", maxBytes);
            return add(request -> check(
                    "downloadMemory", request, RAW.mlab_request_set_download_memory(request, bytes)));
        }

        /**
         * Told after each poll that did not end the wait, and while bytes of images come. What it throws ends the wait,
         * and comes out of that. {@link Client#await} calls it on the thread that waits, {@link Client#waitAsync} on the
         * one that delivers for all jobs: there it must not block.
         */
        public Builder progress(Consumer<? super Event> progress) {
            this.progress = progress;
            return this;
        }

        /** The options as they are now. */
        public WaitOptions build() {
            return new WaitOptions(this);
        }

        private Builder add(Setting setting) {
            settings.add(setting);
            return this;
        }
    }

    static void check(String name, long request, int status) {
        MlabException.check(name, status, status == 0 ? 0 : RAW.mlab_request_message(request));
    }

    void apply(long request) {
        for (Setting setting : settings) {
            setting.apply(request);
        }
    }

    boolean isDownload() {
        return isDownload;
    }

    /** Tells of progress; what is thrown is the caller's own. */
    void tell(Event event) {
        if (progress != null) {
            progress.accept(event);
        }
    }
}
