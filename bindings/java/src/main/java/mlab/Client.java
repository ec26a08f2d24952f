package mlab;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import mlab.internal.Library;
import mlab.internal.Raw;

/**
 * Fetches queued images of ModelsLab. {@link #fetch} asks once; {@link #await} waits until the images are there.
 *
 * <p>One client serves a whole program: it keeps connections, and any number of threads may use it at once. Methods that
 * block throw {@link InterruptedException} soon after {@link Thread#interrupt}, and pin no virtual thread. What fails is
 * a {@link MlabException} of the class of its group.
 */
public final class Client implements AutoCloseable {
    private static final Raw RAW = Library.RAW;
    private static final int LEAVE_MS = 1000;

    private final Handle handle;
    private final Jobs jobs;

    /** Makes a client with the key of MODELSLAB_API_KEY, then API_KEY, in the environment. */
    public Client() {
        this(builder());
    }

    /** Makes a client with this API key. */
    public Client(String key) {
        this(builder().key(key));
    }

    Client(ClientBuilder builder) {
        handle = builder.open();
        jobs = new Jobs(handle);
    }

    /** For a client with settings. */
    public static ClientBuilder builder() {
        return new ClientBuilder();
    }

    /** The version of the native library. */
    public static String libraryVersion() {
        return Library.BRIDGE.text(RAW.mlab_version());
    }

    /**
     * Polls a job once, and again after failures that may pass. Does not wait for the job.
     *
     * @return a result that tells by {@link Result#isReady()} whether the images are there
     */
    public Result fetch(String id) throws InterruptedException {
        if (Helpers.isOnVirtualThread()) {
            return Helpers.get(fetchAsync(id));
        }
        try (Lent text = Lent.text("id", id)) {
            return new Poll().make(handle, text).orThrow();
        }
    }

    /** The same without blocking, by a job: it has one of the client's workers. Cancelling the future ends the poll. */
    public CompletableFuture<Result> fetchAsync(String id) {
        return future(id, Target.ONCE, WaitOptions.DEFAULTS);
    }

    /** Waits until the images are there. */
    public Result await(String id) throws InterruptedException {
        return await(id, WaitOptions.DEFAULTS);
    }

    /**
     * Waits until the images are there.
     *
     * @throws DeadlineException they were not in time
     * @throws InterruptedException the thread was interrupted; the job goes on at the server, and can be waited for again
     */
    public Result await(String id, WaitOptions options) throws InterruptedException {
        return block(id, Target.JOB, options);
    }

    /** Waits until the images are there, and needs no thread meanwhile. */
    public CompletableFuture<Result> waitAsync(String id) {
        return waitAsync(id, WaitOptions.DEFAULTS);
    }

    /**
     * Waits until the images are there, and needs no thread meanwhile. Whatever completes the future before, such as its
     * cancel, ends the wait.
     */
    public CompletableFuture<Result> waitAsync(String id, WaitOptions options) {
        return future(id, Target.JOB, options);
    }

    /** Waits for some jobs, and tells what happens to each: progress, each image that is there, ends. */
    public EventStream events(Collection<String> ids) {
        return events(ids, WaitOptions.DEFAULTS);
    }

    /** The same with options for each of them. Their progress function is not called: this tells the same. */
    public EventStream events(Collection<String> ids, WaitOptions options) {
        return stream(ids, Target.JOB, options, options.isDownload());
    }

    /**
     * Downloads one image by its URL into a file, whole or not at all; one that is there is replaced.
     *
     * @return a result with that image alone
     */
    public Result download(String url, Path file) throws InterruptedException {
        return download(url, file, WaitOptions.DEFAULTS);
    }

    /** The same with a deadline and progress; into memory, at most 64 MiB of it, if the file is null. */
    public Result download(String url, Path file, WaitOptions options) throws InterruptedException {
        return block(url, Target.image(file), options);
    }

    /** The same without blocking. */
    public CompletableFuture<Result> downloadAsync(String url, Path file, WaitOptions options) {
        return future(url, Target.image(file), options);
    }

    /** How many jobs are open. */
    public int pending() {
        long client = handle.enter();
        try {
            return (int) RAW.mlab_client_pending(client);
        } finally {
            handle.leave();
        }
    }

    /** Ends every call and job with an {@link EndedException}, and waits at most a second for them to leave. */
    @Override
    public void close() {
        if (Helpers.isOnVirtualThread()) {
            CompletableFuture.runAsync(() -> handle.close(LEAVE_MS), Helpers::runSurely).join();
        } else {
            handle.close(LEAVE_MS);
        }
        jobs.join(LEAVE_MS);
    }

    /** What is asked for: a job by its id, until it has ended or once, or an image by its URL. */
    private static final class Target {
        static final Target JOB = new Target(false, null);
        static final Target ONCE = new Target(false, null);

        final boolean isImage;
        final String file;

        private Target(boolean isImage, String file) {
            this.isImage = isImage;
            this.file = file;
        }

        static Target image(Path file) {
            return new Target(true, file == null ? null : file.toString());
        }
    }

    private Result block(String id, Target target, WaitOptions options) throws InterruptedException {
        jobs.refuseToBlock();
        try (EventStream stream = stream(Collections.singleton(id), target, options, false)) {
            for (;;) {
                Event event = stream.next();
                if (event.isDone()) {
                    return event.result().get().orThrow();
                }
                options.tell(event);
            }
        }
    }

    private CompletableFuture<Result> future(String id, Target target, WaitOptions options) {
        FutureJob job = new FutureJob(jobs, id, options);
        try {
            open(job, target, options, false);
        } catch (Throwable e) {
            job.fail(e);
        }
        return job.future;
    }

    private EventStream stream(Collection<String> ids, Target target, WaitOptions options, boolean wantsImages) {
        EventStream stream = new EventStream(ids.size());
        try {
            for (String id : ids) {
                open(stream.add(jobs, id), target, options, wantsImages);
            }
            return stream;
        } catch (Throwable e) {
            stream.close();
            throw e;
        }
    }

    private void open(Job job, Target target, WaitOptions options, boolean wantsImages) {
        long request;
        try (Lent text = Lent.text(target.isImage ? "url" : "id", job.id)) {
            request = target.isImage
                    ? RAW.mlab_request_new_download(text.address) : RAW.mlab_request_new(text.address);
        }
        try {
            options.apply(request);
            if (target == Target.ONCE) {
                WaitOptions.check("id", request, RAW.mlab_request_set_poll_once(request, 1));
            }
            if (target.file != null) {
                try (Lent path = Lent.text("file", target.file)) {
                    int status = RAW.mlab_request_set_download_file(request, path.address);
                    WaitOptions.check("file", request, status);
                }
            }
            if (wantsImages) {
                WaitOptions.check("images", request, RAW.mlab_request_set_image_events(request, 1));
            }
            jobs.submit(job, request);
        } finally {
            RAW.mlab_request_free(request);
        }
    }
}
